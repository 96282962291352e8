# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Monitor: Azure Monitor workspaces."""
