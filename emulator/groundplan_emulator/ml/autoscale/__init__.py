# SPDX-License-Identifier: Apache-2.0
"""Azure Monitor autoscale: settings that change how many instances a deployment has."""
