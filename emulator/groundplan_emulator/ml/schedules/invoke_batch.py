# SPDX-License-Identifier: Apache-2.0
"""Schedules that start a job of a batch endpoint."""
