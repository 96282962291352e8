# SPDX-License-Identifier: Apache-2.0
"""A policy definition: its rule, its parameters, and what it says about itself.

Source: "Azure Policy definition structure basics" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.azure_policy.effects import Details, effect_named, known_effects, read_details
from groundplan_policies.azure_policy.errors import Problems, nearest, one_of
from groundplan_policies.azure_policy.parameters import Parameter, read_parameters
from groundplan_policies.azure_policy.parse_condition import read_condition
from groundplan_policies.azure_policy.syntax import Fixed, Node, Template
from groundplan_policies.azure_policy.templates import Reader
from groundplan_policies.values import shown

MODES = ("All", "Indexed")


@dataclass(frozen=True, slots=True)
class Definition:
    """One policy.

    `name`: a GUID of Microsoft's own, any name of others. `mode`: `All`, `Indexed`, or that of a resource provider (`...Data`).
    `condition`: the `if`; None for modes of resource providers. `aliases`: those it uses, with their places.
    """

    name: str
    id: str
    display_name: str
    description: str
    mode: str
    version: str
    parameters: Mapping[str, Parameter]
    condition: Node | None
    effect: Template
    details: Details = field(repr=False)
    aliases: tuple[tuple[str, Alias], ...] = field(repr=False, default=())
    file: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.display_name or self.name

    @property
    def of_provider(self) -> bool:
        """Whether a resource provider evaluates it, over data that is not in Azure Resource Manager."""
        return self.mode not in MODES


def read_definition(document: Mapping[str, Any], name: str, problems: Problems) -> Definition | None:
    """A definition from its properties, with `id` and `name` among them where they are known; problems are noted."""
    parameters = read_parameters(document.get("parameters"), "parameters", problems)
    mode = _mode(document.get("mode"), problems)
    rule = document.get("policyRule")
    if not isinstance(rule, dict) or not {"if", "then"} <= cast("dict[str, Any]", rule).keys():
        there = ", ".join(cast("dict[str, Any]", rule)) if isinstance(rule, dict) else shown(rule)
        problems.add("policyRule", f"is {there or 'empty'}; an object with if and then is needed")
        return None
    row = cast("dict[str, Any]", rule)
    reader = Reader(problems, tuple(parameters))
    ours = mode in MODES
    condition = read_condition(row["if"], "policyRule.if", reader) if ours else None
    effect, details = _then(row["then"], reader, parameters, ours=ours)
    if ours and condition is None:
        return None
    return Definition(
        name=name,
        id=str(document.get("id") or ""),
        display_name=str(document.get("displayName") or ""),
        description=str(document.get("description") or ""),
        mode=mode,
        version=_version(document),
        parameters=parameters,
        condition=condition,
        effect=effect,
        details=details,
        aliases=tuple(reader.aliases),
        file=problems.file,
    )


def _mode(written: Any, problems: Problems) -> str:
    if written is None:
        return "Indexed"  # as Azure takes a definition that does not say
    if isinstance(written, str):
        found = next((each for each in MODES if each.casefold() == written.casefold()), None)
        if found is not None or (written.casefold().startswith("microsoft.") and written.casefold().endswith(".data")):
            return found or written
    problems.add("mode", f"is {shown(written)}; All, Indexed or Microsoft.<provider>.Data is needed{_near(written)}")
    return "All"


def _near(written: Any) -> str:
    return nearest(written, MODES) if isinstance(written, str) else ""


def _version(document: Mapping[str, Any]) -> str:
    metadata = document.get("metadata")
    inner = cast("dict[str, Any]", metadata).get("version") if isinstance(metadata, dict) else None
    return str(document.get("version") or inner or "")


def _then(
    document: Any, reader: Reader, parameters: Mapping[str, Parameter], *, ours: bool
) -> tuple[Template, Details]:
    if not isinstance(document, dict) or "effect" not in document:
        reader.problems.add("policyRule.then", f"is {shown(document)}; an object with effect is needed")
        return Fixed(""), Details()
    row = cast("dict[str, Any]", document)
    effect = reader.read(row["effect"], "policyRule.then.effect")
    details = read_details(row.get("details"), "policyRule.then.details", reader) if ours else Details()
    if isinstance(effect, Fixed):
        check_effect(effect.value, details, "policyRule.then.effect", reader.problems, of_provider=not ours)
    for parameter in parameters.values():
        if parameter.name.casefold() == "effect":
            for index, each in enumerate(parameter.allowed):
                at = f"parameters.{parameter.name}.allowedValues[{index}]"
                check_effect(each, details, at, reader.problems, of_provider=not ours)
    return effect, details


def check_effect(value: Any, details: Details, at: str, problems: Problems, *, of_provider: bool) -> str:
    """The effect of this name; a problem is noted where there is none, or where the details lack what it needs."""
    found = effect_named(value) if isinstance(value, str) else None
    if found is None:
        problems.add(at, one_of(value, known_effects(of_providers=of_provider)))
        return ""
    if not of_provider and details.lacks(found):
        problems.add(at, f"is {value!r}, which needs {details.lacks(found)} in policyRule.then")
    return found
