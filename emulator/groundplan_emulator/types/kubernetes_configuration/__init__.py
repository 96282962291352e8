# SPDX-License-Identifier: Apache-2.0
"""Microsoft.KubernetesConfiguration: extensions on clusters."""
