# SPDX-License-Identifier: Apache-2.0
"""Microsoft.CognitiveServices: accounts and their model deployments."""
