# SPDX-License-Identifier: Apache-2.0
"""The `then` of a policy: its effect, and what the effect needs besides.

Source: "Azure Policy definitions effect basics" and the page of each effect in Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from groundplan_policies.azure_policy.errors import one_of
from groundplan_policies.azure_policy.parse_condition import read_condition
from groundplan_policies.azure_policy.syntax import Fixed, Node, Template
from groundplan_policies.azure_policy.templates import Reader
from groundplan_policies.values import shown

EFFECTS = (
    *("Audit", "Deny", "Disabled", "Modify", "Append", "AuditIfNotExists", "DeployIfNotExists", "Manual", "DenyAction"),
    *("AddToNetworkGroup", "Mutate"),
)
_OF_PROVIDERS = ("EnforceSetting", "EnforceOPAConstraint", "EnforceRegoPolicy")
"""Older effects of policies for the data of a resource provider."""
_BY_KEY = {name.casefold(): name for name in (*EFFECTS, *_OF_PROVIDERS)}
IF_NOT_EXISTS = ("AuditIfNotExists", "DeployIfNotExists")
NOT_DECIDED = {
    "Manual": "somebody attests it in Azure",
    "DenyAction": "it refuses deletions, which are not looked at here",
    "AddToNetworkGroup": "Azure Virtual Network Manager acts on it",
    "Mutate": "it changes what a Kubernetes cluster is asked to run",
    "EnforceSetting": "the resource provider acts on it",
    "EnforceOPAConstraint": "the resource provider acts on it",
    "EnforceRegoPolicy": "the resource provider acts on it",
}
"""Effects that a resource's own properties do not decide, with the reason."""
_OPERATIONS = ("add", "addOrReplace", "remove")
_CONFLICTS = ("audit", "deny", "disabled")
_SCOPES = ("ResourceGroup", "Subscription")


def effect_named(name: str) -> str | None:
    """An effect as it is written, by its name in any letter case; None where there is none."""
    return _BY_KEY.get(name.casefold())


def known_effects(*, of_providers: bool) -> tuple[str, ...]:
    """The names of effects."""
    return (*EFFECTS, *_OF_PROVIDERS) if of_providers else EFFECTS


@dataclass(frozen=True, slots=True)
class Operation:
    """A change that Modify or Append makes. `kind`: one of add, addOrReplace, remove, append."""

    kind: str
    field: Template
    value: Template
    condition: Template | None
    at: str


@dataclass(frozen=True, slots=True)
class Existence:
    """The related resource that has to be there."""

    type: Template
    name: Template | None
    group: Template | None
    scope: Template
    condition: Node | None
    at: str


@dataclass(frozen=True, slots=True)
class Details:
    """What the effects of a policy need, as far as the policy says it."""

    operations: tuple[Operation, ...] = ()
    conflict: Template = Fixed("deny")  # noqa: RUF009  (immutable)
    existence: Existence | None = None
    kinds: frozenset[str] = frozenset()
    """Effects that the details are for."""

    def lacks(self, effect: str) -> str:
        """What an effect needs and the details do not have; '' where nothing is missing."""
        needed = {
            "Modify": "details.operations",
            "Append": "details, an array of field and value",
            "AuditIfNotExists": "details.type",
            "DeployIfNotExists": "details.type",
        }.get(effect, "")
        return "" if not needed or effect in self.kinds else needed


def read_details(document: Any, at: str, reader: Reader) -> Details:
    """The details of a policy; problems are noted."""
    if document is None:
        return Details()
    if isinstance(document, list):
        rows = enumerate(cast("list[Any]", document))
        found = [_operation(row, f"{at}[{index}]", reader, append=True) for index, row in rows]
        return Details(tuple(each for each in found if each is not None), kinds=frozenset({"Append"}))
    if not isinstance(document, dict):
        reader.problems.add(at, f"is {shown(document)}; an object, or for Append an array, is needed")
        return Details()
    row = cast("dict[str, Any]", document)
    details = Details()
    if "operations" in row:
        details = replace(
            details,
            operations=tuple(_operations(row["operations"], f"{at}.operations", reader)),
            conflict=_choice(row.get("conflictEffect", "deny"), _CONFLICTS, f"{at}.conflictEffect", reader),
            kinds=frozenset({"Modify"}),
        )
    if "type" in row:
        kinds = details.kinds | set(IF_NOT_EXISTS)
        details = replace(details, existence=_existence(row, at, reader), kinds=kinds)
    return details


def _choice(value: Any, allowed: tuple[str, ...], at: str, reader: Reader) -> Template:
    read = reader.read(value, at)
    if isinstance(read, Fixed) and str(read.value).casefold() not in {each.casefold() for each in allowed}:
        reader.problems.add(at, one_of(value, allowed))
    return read


def _operations(document: Any, at: str, reader: Reader) -> Iterator[Operation]:
    if not isinstance(document, list) or not document:
        reader.problems.add(at, f"is {shown(document)}; an array with one operation or more is needed")
        return
    for index, row in enumerate(cast("list[Any]", document)):
        found = _operation(row, f"{at}[{index}]", reader, append=False)
        if found is not None:
            yield found


def _operation(row: Any, at: str, reader: Reader, *, append: bool) -> Operation | None:
    needed = "field and value" if append else "operation, field and value"
    if not isinstance(row, dict):
        reader.problems.add(at, f"is {shown(row)}; an object with {needed} is needed")
        return None
    entries = cast("dict[str, Any]", row)
    kind = "append" if append else _kind(entries, at, reader)
    if kind is None:
        return None
    if not isinstance(entries.get("field"), str):
        reader.problems.add(f"{at}.field", f"is {shown(entries.get('field'))}; the name of a field is needed")
        return None
    if "value" not in entries and kind != "remove":
        reader.problems.add(at, f"has no value, which '{kind}' needs")
        return None
    field = reader.read(entries["field"], f"{at}.field")
    if isinstance(field, Fixed):
        reader.note(field.value, f"{at}.field")
        if kind == "remove" and not str(field.value).casefold().startswith("tags"):
            reader.problems.add(f"{at}.field", f"is {field.value!r}; only tags can be removed")
    blind = replace(reader, without=frozenset({"field", "resourcegroup", "subscription"}))
    condition = blind.read(entries["condition"], f"{at}.condition") if "condition" in entries else None
    return Operation(kind, field, reader.read(entries.get("value"), f"{at}.value"), condition, at)


def _kind(row: Mapping[str, Any], at: str, reader: Reader) -> str | None:
    written = row.get("operation")
    found = next((each for each in _OPERATIONS if each.casefold() == str(written).casefold()), None)
    if found is None:
        reader.problems.add(f"{at}.operation", one_of(written, _OPERATIONS))
    return found


def _existence(row: dict[str, Any], at: str, reader: Reader) -> Existence:
    if not isinstance(row["type"], str) or "/" not in row["type"]:
        reader.problems.add(f"{at}.type", f"is {shown(row['type'])}; a resource type is needed")
    condition = None
    if "existenceCondition" in row:
        condition = read_condition(row["existenceCondition"], f"{at}.existenceCondition", reader)
    return Existence(
        type=reader.read(row["type"], f"{at}.type"),
        name=reader.read(row["name"], f"{at}.name") if "name" in row else None,
        group=reader.read(row["resourceGroupName"], f"{at}.resourceGroupName") if "resourceGroupName" in row else None,
        scope=_choice(row.get("existenceScope", "ResourceGroup"), _SCOPES, f"{at}.existenceScope", reader),
        condition=condition,
        at=at,
    )
