# SPDX-License-Identifier: Apache-2.0
"""Microsoft.MachineLearningServices: workspaces and what lives in them, registries."""
