# SPDX-License-Identifier: Apache-2.0
"""Identities and what they may do."""
