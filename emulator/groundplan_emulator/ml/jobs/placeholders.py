# SPDX-License-Identifier: Apache-2.0
"""`${{...}}` in commands and paths, and `$[[...]]` around what an optional input brings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from groundplan_emulator.ml.jobs.executors import JobError

_BINDING = re.compile(r"\$\{\{\s*([^{}]+?)\s*\}\}")
_OPTIONAL = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)


def bindings(text: str) -> list[str]:
    """What a text refers to: `inputs.x`, `parent.jobs.train.outputs.model`."""
    return _BINDING.findall(text)


def whole(text: object) -> str | None:
    """What a value refers to that is nothing but a reference; None for any other value."""
    match = _BINDING.fullmatch(text.strip()) if isinstance(text, str) else None
    return match[1] if match is not None else None


def resolve(text: str, values: Mapping[str, str], what: str = "The command") -> str:
    """The text with its references replaced. An optional part goes when one of its references has no value.

    Raises `JobError` for a reference outside of such a part that has no value.
    """

    def optional(match: re.Match[str]) -> str:
        return match[1] if all(name in values for name in bindings(match[1])) else ""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            known = ", ".join(sorted(values)) or "none"
            raise JobError(f"{what} refers to '${{{{{name}}}}}', which has no value; those that have one: {known}.")
        return values[name]

    return _BINDING.sub(value, _OPTIONAL.sub(optional, text))
