# SPDX-License-Identifier: Apache-2.0
"""Which properties are secret: the SDK marks none, so the names say it, with the corrections of `tables/secrets.toml`."""

from __future__ import annotations

import re

from groundplan_arm.generate.placement import table
from groundplan_arm.notation import Kind

_TEXT = ("s", "*", "[]s", "{}s", "{}*")


def is_secret(holder: str, name: str, kind: Kind) -> bool:
    """Whether a property of a class (`keyvault:SecretPropertiesArgs`) holds a key, a password or a connection string."""
    if kind not in _TEXT:
        return False
    rows = table("secrets")
    plain = re.sub(r"(Args|Response)$", "", holder)
    if name in rows["of"].get(plain, ()):
        return True
    if name in rows["not_of"].get(plain, ()):
        return False
    return bool(re.search(rows["pattern"], name)) and not re.search(rows["unless"], name) and name not in rows["never"]
