# SPDX-License-Identifier: Apache-2.0
"""Microsoft.EventHub: namespaces and hubs."""
