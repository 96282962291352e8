# SPDX-License-Identifier: Apache-2.0
"""Microsoft.KeyVault: vaults with soft delete, access policies, secrets and keys."""
