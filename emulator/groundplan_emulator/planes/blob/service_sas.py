# SPDX-License-Identifier: Apache-2.0
"""Service SAS tokens: for a container or for one blob, signed with a key of the account ("Create a service SAS")."""

from __future__ import annotations

from typing import Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource

NEEDED: Final = {"PUT": "wca", "DELETE": "d"}
"""Which of the permissions opens a method that writes."""


def texts(ctx: Context, account: Resource, place: Place) -> list[str]:
    """What may have been signed for the place of a request: clients know the account by its name, or by its host's port and its name."""
    query = ctx.request.query
    resource = query.get("sr", "")
    path = place.container if resource == "c" else f"{place.container}/{place.name}"
    names = (account.name, f"{ctx.request.headers.get('host', '')}/{account.name}")
    return [_text(query, f"/blob/{name}/{path}") for name in names]


def _text(query: dict[str, str], canonical: str) -> str:
    version = query.get("sv", "")
    lines = [query.get("sp", ""), query.get("st", ""), query.get("se", ""), canonical]
    lines += [query.get(name, "") for name in ("si", "sip", "spr", "sv")]
    if version >= "2018-11-09":
        lines += [query.get("sr", ""), query.get("snapshot", "")]
    if version >= "2020-12-06":
        lines.append(query.get("ses", ""))
    return "\n".join([*lines, *(query.get(name, "") for name in ("rscc", "rscd", "rsce", "rscl", "rsct"))])


def permits(method: str, query: dict[str, str]) -> bool:
    """Whether the token's permissions open a method; a list of a container needs `l`, reading needs `r`."""
    given = query.get("sp", "")
    if method in ("GET", "HEAD"):
        return ("l" if query.get("comp") == "list" else "r") in given or (
            query.get("restype") == "container" and bool(given)
        )
    return any(each in given for each in NEEDED.get(method, ""))
