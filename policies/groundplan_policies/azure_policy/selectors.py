# SPDX-License-Identifier: Apache-2.0
"""Selectors: which resources, or which policies of an initiative, a part of an assignment or an exemption is for.

Source: "Azure Policy assignment structure" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import groundplan_arm
from groundplan_policies.azure_policy.aliases import type_in_policies, type_in_table
from groundplan_policies.azure_policy.errors import Problems, nearest, one_of
from groundplan_policies.resource import Resource
from groundplan_policies.values import Mark, shown

REFERENCE = "policyDefinitionReferenceId"
_OF_RESOURCES = ("resourceLocation", "resourceType", "resourceWithoutLocation")
_GROUP = ("name", "selectors")
_OF_PEOPLE = ("userPrincipalId", "groupPrincipalId")


@dataclass(frozen=True, slots=True)
class Selector:
    """One characteristic. `within`: whether it has to be one of the values, or none of them."""

    kind: str
    values: tuple[str, ...]
    within: bool


Group = tuple[Selector, ...]
"""Selectors that have to fit together."""


def read_selectors(document: Any, at: str, problems: Problems, *, references: bool = False) -> Group:
    """A list of selectors; problems are noted."""
    kinds = (*_OF_RESOURCES, *_OF_PEOPLE, *((REFERENCE,) if references else ()))
    rows = enumerate(rows_in(document, at, problems))
    found = [_selector(row, f"{at}[{index}]", problems, kinds) for index, row in rows]
    return tuple(each for each in found if each is not None)


def rows_in(document: Any, at: str, problems: Problems) -> list[Any]:
    """An array, which may be absent; a problem is noted where it is something else."""
    if document is not None and not isinstance(document, list):
        problems.add(at, f"is {shown(document)}; an array is needed")
    return cast("list[Any]", document) if isinstance(document, list) else []


def check_keys(entries: Mapping[str, Any], known: Sequence[str], at: str, problems: Problems) -> None:
    """Notes keys that Azure does not know: what they were meant to say would be left out without a word."""
    for key in entries:
        if key not in known:
            problems.add(
                at, f"has {key!r}, which is not known here; there are: {', '.join(known)}{nearest(key, known)}"
            )


def _selector(row: Any, at: str, problems: Problems, kinds: tuple[str, ...]) -> Selector | None:
    entries = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
    kind = next((each for each in kinds if each.casefold() == str(entries.get("kind")).casefold()), None)
    if kind is None:
        problems.add(f"{at}.kind", one_of(entries.get("kind"), kinds))
        return None
    given = [key for key in ("in", "notIn") if entries.get(key)]
    if len(given) != 1 or not isinstance(entries[given[0]], list):
        problems.add(at, f"has {', '.join(entries)}; kind and an array, either in or notIn, are needed")
        return None
    values = tuple(str(each) for each in cast("list[Any]", entries[given[0]]))
    return Selector(kind, values, given[0] == "in")


def read_groups(document: Any, at: str, problems: Problems) -> tuple[Group, ...]:
    """`resourceSelectors`; problems are noted."""
    found: list[Group] = []
    for index, row in enumerate(rows_in(document, at, problems)):
        if not isinstance(row, dict):
            problems.add(f"{at}[{index}]", f"is {shown(row)}; an object with selectors is needed")
            continue
        entries = cast("dict[str, Any]", row)
        check_keys(entries, _GROUP, f"{at}[{index}]", problems)
        inner = entries.get("selectors")
        if inner is None:  # it would select everything
            problems.add(f"{at}[{index}].selectors", f"is {shown(inner)}; an array with selectors is needed")
            continue
        found.append(read_selectors(inner, f"{at}[{index}].selectors", problems))
    return tuple(found)


def selects(groups: tuple[Group, ...], resource: Resource) -> bool | None:
    """Whether a resource is selected: by one of the groups, or because there is none. None where nobody can tell."""
    if not groups:
        return True
    return _some(fits(group, resource) for group in groups)


def fits(group: Group, resource: Resource, reference: str = "") -> bool | None:
    """Whether a resource, and a policy of an initiative, fits all selectors of a group. None where nobody can tell."""
    contrary = _some(_contrary(_fits(each, resource, reference)) for each in group)
    return _contrary(contrary)


def _contrary(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _some(truths: Iterable[bool | None]) -> bool | None:
    found = list(truths)
    return True if True in found else None if None in found else False


def _fits(selector: Selector, resource: Resource, reference: str) -> bool | None:
    value = _characteristic(selector.kind, resource, reference)
    if isinstance(value, Mark):
        return None
    wanted = {_plain(each) for each in selector.values}
    return (value is not None and _plain(value) in wanted) is selector.within


def _characteristic(kind: str, resource: Resource, reference: str) -> str | Mark | None:
    match kind:
        case "policyDefinitionReferenceId":
            return reference
        case "resourceType":
            return type_in_policies(resource.type)
        case "resourceLocation":
            location = resource.view("location").node
            return location if isinstance(location, (str, Mark)) else None
        case "resourceWithoutLocation":
            row = groundplan_arm.load().by_arm_type(type_in_table(resource.type))
            plain = row is not None and row.scope == "subscription" and resource.view("location").node is None
            return "subscriptionLevelResources" if plain else None
        case _:
            return Mark.UNKNOWN


def _plain(value: str) -> str:
    return value.casefold().replace(" ", "")
