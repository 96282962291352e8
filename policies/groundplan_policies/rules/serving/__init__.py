# SPDX-License-Identifier: Apache-2.0
"""Rules about endpoints and their deployments."""
