# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Resources: subscriptions, resource groups, providers, template deployments."""
