# SPDX-License-Identifier: Apache-2.0
"""Microsoft.OperationalInsights: Log Analytics workspaces."""
