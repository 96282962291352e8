# SPDX-License-Identifier: Apache-2.0
"""Finds secrets among environment variables, which Azure shows in plain text to everyone who may read the resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from groundplan.errors import ArgumentError

_NAME: Final = re.compile(
    r"(password|passwd|pwd|secret|token|credentials?|connection_?string|(api|account|access|shared|private|storage)_?key)$",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(
    r"(AccountKey|SharedAccessKey|Password|Pwd)=[^;]|[?&]sig=[A-Za-z0-9%+/]|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\beyJ[\w-]+\.eyJ[\w-]+\.",
    re.IGNORECASE,
)


def refuse_secrets(what: str, variables: Mapping[str, object], *, reference: str, advice: str) -> None:
    """Refuse variables whose name ends like a secret's, or whose value is one; `reference` is a regular expression of values
    that only point to a secret. The value itself is never repeated."""
    for name, value in variables.items():
        text = value if isinstance(value, str) else ""
        if re.match(reference, text):
            continue
        if _NAME.search(name) or _VALUE.search(text):
            reason = "has the name of a secret" if _NAME.search(name) else "holds a secret"
            raise ArgumentError(
                f"{what}: environment variable {name!r} {reason}; it would stand in plain text in Azure and in the state. {advice}"
            )
