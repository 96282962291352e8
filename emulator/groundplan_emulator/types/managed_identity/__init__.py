# SPDX-License-Identifier: Apache-2.0
"""Microsoft.ManagedIdentity: user-assigned identities and their federated credentials."""
