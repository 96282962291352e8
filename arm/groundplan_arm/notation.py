# SPDX-License-Identifier: Apache-2.0
"""The notation of types in the data file, shared by the generator and the reader.

s i n b *      string, integer, number, boolean, anything
[]K  {}K       list, map (string keys) of kind K
#Name          object: a nested type of the module
!Name  ?Name   closed enum; open enum (the SDK takes any string, these values are known)
{"|": [K...]}  one of several kinds
{"[]": [K]}    list (or "{}": map) whose element is itself written as an object
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Kind = str | dict[str, list[Any]]


def named_types(kind: Kind) -> Iterator[tuple[str, str]]:
    """The nested types and enums that a kind names, as (mark, name)."""
    if isinstance(kind, dict):
        for options in kind.values():
            for option in options:
                yield from named_types(option)
        return
    bare = kind.lstrip("[]{}")
    if bare[0] in "#!?":
        yield bare[0], bare[1:]
