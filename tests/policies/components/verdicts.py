# SPDX-License-Identifier: Apache-2.0
"""What packs say of one component of a program: every violation and error, whatever its level."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path

from groundplan_policies import packs, record
from groundplan_policies.examine import examine
from groundplan_policies.resource import Resource

PACKS = Path(__file__).parents[3] / "policies"
NO_RESOURCES = {"edge-deployment", "workspace-quotas"}
"""Pages of components whose work is an output, and an action."""


def looking(folder: Path, pack: str = "baseline") -> tuple[list[str], dict[str, str]]:
    """Options and variables of an engine that runs a pack, is not stopped by it, and leaves a record in a folder."""
    env = {
        "GROUNDPLAN_POLICY_RECORD": str(folder),
        "GROUNDPLAN_POLICY_TELL_ONLY": "1",
        "GROUNDPLAN_POLICY_CONFIG": "",
    }
    return ["--policy-pack", str(PACKS / pack)], env


def said(folder: Path, pack: str = "baseline") -> record.Record:
    """What that pack saw and said."""
    return record.read(folder / f"{pack}.json")


def under(seen: record.Record, component: str, chosen: Callable[[str], bool] = lambda _: True) -> list[Resource]:
    """The resources that components of a type declare, of those with a chosen logical name."""
    return [each for each in seen.resources if any(_is(urn, component, chosen) for urn in each.parents)]


def rooted(seen: record.Record, beginning: str) -> list[Resource]:
    """The resources whose outermost component, or they themselves where there is none, have a logical name that begins so."""
    roots = {each.key: (each.key, *each.parents)[-1].rpartition("::")[2] for each in seen.resources}
    return [each for each in seen.resources if roots[each.key].startswith(beginning)]


def _is(urn: str, component: str, chosen: Callable[[str], bool]) -> bool:
    *_, kinds, name = urn.split("::")
    return kinds.rpartition("$")[2] == f"groundplan:index:{component}" and chosen(name)


def told(seen: record.Record, about: Iterable[Resource], pack: str = "baseline") -> list[str]:
    """Violations and errors about these resources. What the engine did not ask of a pack is asked here, of the record."""
    rows = seen.findings if pack == "baseline" else examine(_pack(pack), seen.resources)
    labels = {each.key: each.label for each in about}
    return [
        f"{row['rule']} {labels[row['resource']]}: {row['message']}"
        for row in rows
        if row.get("resource") in labels and (row["verdict"] != "undecided" or row["level"] == "mandatory")
    ]


@functools.cache
def _pack(name: str) -> packs.Pack:
    return packs.load(PACKS / name)
