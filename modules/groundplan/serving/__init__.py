# SPDX-License-Identifier: Apache-2.0
"""Endpoints that answer with predictions."""
