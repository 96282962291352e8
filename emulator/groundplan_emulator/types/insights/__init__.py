# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Insights: Application Insights, diagnostic settings, action groups, alerts, autoscale."""
