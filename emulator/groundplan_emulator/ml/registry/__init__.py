# SPDX-License-Identifier: Apache-2.0
"""Registries: their data plane (`plane`), their storage, and what workspaces share into them."""
