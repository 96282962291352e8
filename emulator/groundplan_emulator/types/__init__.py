# SPDX-License-Identifier: Apache-2.0
"""Types with behaviour of their own: one folder a namespace, one file a type."""
