# SPDX-License-Identifier: Apache-2.0
"""Rules about databases, streams and data platforms."""
