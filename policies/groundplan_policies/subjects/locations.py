# SPDX-License-Identifier: Apache-2.0
"""Names of regions."""

from __future__ import annotations


def plain(location: str) -> str:
    """A region as Azure's API names it: `West Europe` is `westeurope`."""
    return location.replace(" ", "").casefold()
