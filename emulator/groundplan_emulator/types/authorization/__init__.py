# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Authorization: role definitions and assignments, locks, policy."""
