# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Storage: accounts, their services, containers, shares, queues, tables and management policies."""
