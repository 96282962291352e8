# SPDX-License-Identifier: Apache-2.0
"""Governance: packs of rules put to stacks, templates and live resource groups, and what came of it."""
