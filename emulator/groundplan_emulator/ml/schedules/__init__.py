# SPDX-License-Identifier: Apache-2.0
"""Schedules: when they are due, and what they start then."""
