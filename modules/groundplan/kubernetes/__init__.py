# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters that train and serve."""
