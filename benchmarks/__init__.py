# SPDX-License-Identifier: Apache-2.0
"""Measurements, each beside a peer or a baseline in the same run. `make bench` prints them as one table."""
