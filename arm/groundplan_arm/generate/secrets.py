# SPDX-License-Identifier: Apache-2.0
"""Which properties are secret: the SDK marks none, so the names say it, with the corrections of `tables/secrets.toml`."""

from __future__ import annotations

import re

from groundplan_arm.generate.placement import table
from groundplan_arm.notation import Kind

_TEXT = ("s", "*", "[]s", "{}s", "{}*")


def is_secret(name: str, kind: Kind) -> bool:
    """Whether a property of this name and kind holds a key, a password or a connection string."""
    rows = table("secrets")
    if kind not in _TEXT or name in rows["never"]:
        return False
    return name in rows["always"] or (bool(re.search(rows["pattern"], name)) and not re.search(rows["unless"], name))
