# SPDX-License-Identifier: Apache-2.0
"""The local `pulumi-resource-azure-native`: Pulumi's provider protocol on one side, Azure Resource Manager on the other.

Run it as `python -m groundplan_provider`; the engine does, through a launcher on PATH.
"""
