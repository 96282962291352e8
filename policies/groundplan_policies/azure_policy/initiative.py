# SPDX-License-Identifier: Apache-2.0
"""An initiative (policy set definition): policies that are assigned together, and the values it passes to them.

Source: "Azure Policy initiative definition structure" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from groundplan_policies.azure_policy.errors import Problems, nearest
from groundplan_policies.azure_policy.functions import CONTEXT, OWN
from groundplan_policies.azure_policy.parameters import Parameter, read_parameters
from groundplan_policies.azure_policy.selectors import rows_in
from groundplan_policies.azure_policy.syntax import Template
from groundplan_policies.azure_policy.templates import Reader
from groundplan_policies.values import shown

_ELSEWHERE = frozenset(name.casefold() for name in (*OWN, *CONTEXT) if name not in ("parameters", "addDays"))


@dataclass(frozen=True, slots=True)
class Member:
    """A policy of an initiative. `parameters`: values for those of the policy, which may be expressions over the initiative's."""

    definition: str
    reference: str
    parameters: Mapping[str, Template]
    groups: tuple[str, ...]
    version: str
    at: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """A policy set definition."""

    name: str
    id: str
    display_name: str
    version: str
    parameters: Mapping[str, Parameter]
    members: tuple[Member, ...] = field(repr=False, default=())
    file: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.display_name or self.name


def read_initiative(document: Mapping[str, Any], name: str, problems: Problems) -> Initiative | None:
    """An initiative from its properties; problems are noted."""
    parameters = read_parameters(document.get("parameters"), "parameters", problems)
    rows = document.get("policyDefinitions")
    if not isinstance(rows, list) or not rows:
        problems.add("policyDefinitions", f"is {shown(rows)}; an array with one policy or more is needed")
        return None
    groups = _groups(document.get("policyDefinitionGroups"), problems)
    reader = Reader(problems, tuple(parameters), without=_ELSEWHERE)
    members: list[Member] = []
    for index, row in enumerate(cast("list[Any]", rows)):
        found = _member(row, f"policyDefinitions[{index}]", reader, groups)
        if found is not None:
            members.append(found)
    _check_references(members, problems)
    metadata = document.get("metadata")
    inner = cast("dict[str, Any]", metadata).get("version") if isinstance(metadata, dict) else None
    return Initiative(
        name=name,
        id=str(document.get("id") or ""),
        display_name=str(document.get("displayName") or ""),
        version=str(document.get("version") or inner or ""),
        parameters=parameters,
        members=tuple(members),
        file=problems.file,
    )


def _groups(document: Any, problems: Problems) -> tuple[str, ...]:
    if document is None:
        return ()
    found: list[str] = []
    for index, row in enumerate(cast("list[Any]", document) if isinstance(document, list) else [document]):
        name = cast("dict[str, Any]", row).get("name") if isinstance(row, dict) else None
        if isinstance(name, str):
            found.append(name)
        else:
            problems.add(f"policyDefinitionGroups[{index}]", f"is {shown(row)}; an object with a name is needed")
    return tuple(found)


def _member(row: Any, at: str, reader: Reader, groups: tuple[str, ...]) -> Member | None:
    entries = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
    definition = entries.get("policyDefinitionId")
    if not isinstance(definition, str) or not definition:
        reader.problems.add(f"{at}.policyDefinitionId", f"is {shown(definition)}; the id of a policy is needed")
        return None
    names = rows_in(entries.get("groupNames"), f"{at}.groupNames", reader.problems)
    for index, name in enumerate(names):
        if name not in groups:
            there = ", ".join(groups) or "none"
            hint = nearest(name, groups) if isinstance(name, str) else ""
            says = f"is {name!r}, which policyDefinitionGroups does not have; there are: {there}{hint}"
            reader.problems.add(f"{at}.groupNames[{index}]", says)
    given = entries.get("parameters") or {}
    parameters = read_values(given, f"{at}.parameters", reader.problems)
    return Member(
        definition=definition,
        reference=str(entries.get("policyDefinitionReferenceId") or ""),
        parameters={key: reader.read(each, f"{at}.parameters.{key}.value") for key, each in parameters.items()},
        groups=tuple(str(each) for each in names),
        version=str(entries.get("definitionVersion") or ""),
        at=at,
    )


def _check_references(members: list[Member], problems: Problems) -> None:
    seen: dict[str, str] = {}
    for each in members:
        key = each.reference.casefold()
        if key and key in seen:
            at = f"{each.at}.policyDefinitionReferenceId"
            problems.add(at, f"is {each.reference!r}, as that of {seen[key]}; each policy needs one of its own")
        seen[key] = each.at


def read_values(document: Any, at: str, problems: Problems) -> dict[str, Any]:
    """Values of parameters, each written as `{"value": ...}`; problems are noted."""
    if not isinstance(document, dict):
        problems.add(at, f"is {shown(document)}; an object with a value by name of the parameter is needed")
        return {}
    found: dict[str, Any] = {}
    for name, row in cast("dict[str, Any]", document).items():
        if isinstance(row, dict) and "value" in row:
            found[name] = cast("dict[str, Any]", row)["value"]
        else:
            problems.add(f"{at}.{name}", f"is {shown(row)}; an object with a value is needed")
    return found
