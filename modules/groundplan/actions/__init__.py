# SPDX-License-Identifier: Apache-2.0
"""What Azure offers as an action, not as a resource: asked of Azure Resource Manager with the login that azure-native has."""
