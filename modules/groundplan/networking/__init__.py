# SPDX-License-Identifier: Apache-2.0
"""Virtual networks, private DNS and private endpoints."""
