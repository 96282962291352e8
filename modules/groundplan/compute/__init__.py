# SPDX-License-Identifier: Apache-2.0
"""Compute that a workspace runs on."""
