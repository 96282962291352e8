# SPDX-License-Identifier: Apache-2.0
"""Tells texts that are secrets, or have the name of one, without ever repeating them."""

from __future__ import annotations

import re
from typing import Final

from groundplan_policies.resource import View
from groundplan_policies.values import Mark

_NAME: Final = re.compile(
    r"(password|passwd|pwd|secret|token|credentials?|connection[_-]?string|(^|[_-])sas"
    r"|(api|account|access|shared|private|storage|signing|encryption)[_-]?key)$",
    re.IGNORECASE,
)
# each alternative is a form that hardly anything but a secret has
_VALUE: Final = re.compile(
    r"(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)=[^;\s]"  # connection strings
    r"|[?&]sig=[\w%+/]"  # signed URLs of storage accounts
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\beyJ[\w-]+\.eyJ[\w-]+\."  # tokens in JSON
    r"|://[^/\s:@]+:[^/\s@]+@"  # a user and a password in a URL
    r"|(^|[^A-Za-z0-9+/])[A-Za-z0-9+/]{86}==($|[^=])"  # keys of storage accounts and Cosmos DB
    r"|\b\w{3}8Q~[\w.~-]{31,}"  # secrets of applications in Microsoft Entra ID
    r"|\b(ghp_|github_pat_|hf_|sk-|dapi)[A-Za-z0-9_-]{20,}",  # tokens of other services
    re.IGNORECASE,
)
_POINTER: Final = re.compile(r"\s*(\$\{\{.*\}\}|https://[\w-]+\.vault\.[\w.]+/secrets/[\w/-]+)\s*", re.IGNORECASE)
# switches, small numbers, and the words that language models call tokens: <pad>, [MASK]
_HARMLESS: Final = re.compile(r"\s*(true|false|yes|no|none|\d{0,4}|<[^<>]*>|\[\w+\])\s*", re.IGNORECASE)


def holds_secret(text: str) -> bool:
    """Whether a text has the form of a secret."""
    return _VALUE.search(text) is not None


def suspicion(name: str, value: View) -> str:
    """Why a named value may be a secret in plain text; '' where it is not. What only points to a secret is none.

    Raises `Undecided` for a value that is not known.
    """
    if value.node is Mark.SECRET:
        return "is a secret of the program, which Azure shows in plain text"
    text = value.text()
    if _POINTER.fullmatch(text):
        return ""
    if holds_secret(text):
        return "has the form of a secret"
    if _NAME.search(name) and not _HARMLESS.fullmatch(text):
        return "has the name of a secret"
    return ""
