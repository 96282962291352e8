# SPDX-License-Identifier: Apache-2.0
"""Microsoft.ContainerRegistry: registries and their replications."""
