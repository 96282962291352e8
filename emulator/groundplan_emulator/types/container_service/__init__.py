# SPDX-License-Identifier: Apache-2.0
"""Microsoft.ContainerService: Kubernetes clusters and their agent pools."""
