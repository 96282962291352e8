# SPDX-License-Identifier: Apache-2.0
"""Rules about what is watched, logged and kept."""
