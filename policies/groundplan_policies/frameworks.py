# SPDX-License-Identifier: Apache-2.0
"""Lists of the controls of published frameworks: their ids, a few words of our own for each, and whose task they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, Literal

from groundplan_policies import controls

Owner = Literal["resources", "organisation", "microsoft"]
"""Whose task a control is: a matter of how resources are set up, of the people who use the platform, or of who runs the cloud."""
OWNERS: Mapping[Owner, str] = {
    "resources": "",
    "organisation": "your organisation",
    "microsoft": "Microsoft (shared responsibility)",
}
"""The owners in words; resources need none, as rules can look at them."""
ALIASES: Mapping[str, str] = {"mcsb": "mcsb_v1", "cis": "cis_azure_3.0.0", "nist": "nist_800_53_r5"}
"""Short names of frameworks."""


@dataclass(frozen=True, slots=True)
class FrameworkControl:
    """One control of a framework."""

    id: str
    words: str
    """What holds where it is fulfilled."""
    family: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class Framework:
    """A published framework."""

    key: str
    name: str
    source: str
    """Where the ids come from."""
    whole: bool
    """Whether every control of it is listed, and not only what Groundplan's controls map to."""
    note: str
    """What else is to know of the list, or nothing."""
    controls: Sequence[FrameworkControl]


class UnknownFramework(LookupError):  # noqa: N818  (the name says what is wrong)
    """A name that no framework has; the message has the nearest and all of them."""

    def __init__(self, wanted: str) -> None:
        known = [*ALIASES, *controls.FRAMEWORKS]
        begun = [each for each in known if each.startswith(_key(wanted))]
        near = begun or get_close_matches(_key(wanted), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        super().__init__(f"there is no framework {wanted!r}; {hint}known: {', '.join(known)}")
        self.wanted = wanted


@cache
def load() -> Mapping[str, Framework]:
    """All frameworks by key."""
    file = resources.files("groundplan_policies") / "data" / "frameworks.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["frameworks"]
    return {key: _framework(key, row) for key, row in rows.items()}


def find(name: str) -> Framework:
    """A framework by key or short name, in any case, with spaces or hyphens. Raises `UnknownFramework`."""
    wanted = _key(name)
    found = load().get(ALIASES.get(wanted, wanted))
    if found is None:
        raise UnknownFramework(name)
    return found


def _key(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _framework(key: str, row: Mapping[str, Any]) -> Framework:
    listed = [
        FrameworkControl(
            identifier,
            words,
            f"{family['id']} {family['title']}",
            family.get("by_control", {}).get(identifier, family.get("by", "resources")),
        )
        for family in row["families"]
        for identifier, words in family["controls"].items()
    ]
    return Framework(key, controls.FRAMEWORKS[key], row["source"], row["whole"], row.get("note", ""), listed)
