# SPDX-License-Identifier: Apache-2.0
"""Microsoft.ContainerInstance: container groups."""
