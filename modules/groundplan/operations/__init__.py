# SPDX-License-Identifier: Apache-2.0
"""Monitoring, alerts and budgets."""
