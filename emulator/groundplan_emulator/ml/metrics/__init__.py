# SPDX-License-Identifier: Apache-2.0
"""Metrics of online endpoints and deployments: recorded from what they serve and use, asked for as Azure Monitor and Prometheus ask."""
