# SPDX-License-Identifier: Apache-2.0
"""Running a template: its resources in the order of their dependencies, each an ordinary PUT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, cast

import orjson

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import router
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.types.resources.template.expressions import NotYetError, invalid
from groundplan_emulator.types.resources.template.scope import TemplateScope

ENVELOPE = frozenset(
    {"type", "name", "apiVersion", "condition", "dependsOn", "copy", "resources", "scope", "comments", "metadata"}
)
NESTED = "microsoft.resources/deployments"
PARTS = (
    "$schema",
    "contentVersion",
    "parameters",
    "variables",
    "resources",
    "outputs",
    "metadata",
    "functions",
    "languageVersion",
    "apiProfile",
)


@dataclass(slots=True)
class Planned:
    """A resource of the template, named but not made."""

    id: ResourceId
    raw: dict[str, Any]
    scope: TemplateScope
    needs: set[str] = field(default_factory=set)

    @property
    def nested(self) -> bool:
        """Whether it is a template inside the template."""
        return self.id.type.lower() == NESTED


@dataclass(slots=True)
class Outcome:
    """What became of one resource."""

    id: str
    type: str
    name: str
    error: ArmError | None = None


def plan(scope: TemplateScope) -> list[Planned]:
    """Names, conditions and dependencies of all resources; 400 InvalidTemplate for a template that can not be run."""
    template = scope.template
    unknown = sorted(set(template) - set(PARTS))
    if unknown:
        raise invalid(f"The template has unknown elements: '{', '.join(unknown)}'.")
    if template.get("functions"):
        raise invalid("User-defined functions ('functions') are not supported by the emulator.")
    resources: Any = template.get("resources")
    if not isinstance(resources, list):
        raise invalid("The template needs a list 'resources'.")
    scope.check_parameters()
    found = [planned for raw in cast("list[dict[str, Any]]", resources) for planned in _planned(scope, raw, None)]
    _link(found)
    return found


def _planned(scope: TemplateScope, raw: dict[str, Any], parent: Planned | None) -> Iterator[Planned]:
    copy: dict[str, Any] | None = raw.get("copy")
    if copy is None:
        yield from _one(scope, raw, parent)
        return
    count = scope.value(copy.get("count"))
    if not isinstance(count, int) or count < 0:
        raise invalid(f"The copy count '{copy.get('count')}' must be a whole number of at least 0.")
    for index in range(count):
        yield from _one(scope.at(index), raw, parent)


def _one(scope: TemplateScope, raw: dict[str, Any], parent: Planned | None) -> Iterator[Planned]:
    for needed in ("type", "name", "apiVersion"):
        if needed not in raw:
            raise invalid(f"A resource of the template has no '{needed}'.")
    condition = scope.value(raw.get("condition", True))
    if str(condition).lower() != "true":
        return
    type_, name = str(raw["type"]), str(scope.value(raw["name"]))
    if parent is not None:
        type_ = f"{parent.id.type}/{type_.rsplit('/', 1)[-1]}"
        name = f"{'/'.join(parent.id.names)}/{name.rsplit('/', 1)[-1]}"
    if not name:
        raise invalid(f"The name of a resource of type '{type_}' is empty.")
    try:
        planned = Planned(ResourceId.of(_home(scope, raw), type_, *name.split("/")), raw, scope)
    except ValueError as error:
        raise invalid(f"The resource '{name}' of type '{type_}' has an incorrect segment length: {error}") from None
    if parent is not None:
        planned.needs.add(parent.id.key)
    planned.needs |= {str(scope.value(need)).lower() for need in raw.get("dependsOn", ())}
    yield planned
    for child in raw.get("resources", ()):
        yield from _planned(scope, child, planned)


def _home(scope: TemplateScope, raw: dict[str, Any]) -> str:
    """Where a resource lives: what it extends, another group of a nested template, or the deployment's group."""
    if "scope" in raw:
        given = str(scope.value(raw["scope"]))
        return given if given.startswith("/") else f"{scope.group}/providers/{given}"
    if "resourceGroup" in raw:
        subscription = scope.value(raw.get("subscriptionId", scope.group.split("/")[2]))
        return f"/subscriptions/{subscription}/resourceGroups/{scope.value(raw['resourceGroup'])}"
    return scope.group


def _link(found: list[Planned]) -> None:
    """Dependencies by id; those on resources that the template does not make are void."""
    names: dict[str, set[str]] = {}
    for planned in found:
        own = planned.id
        loop = str((planned.raw.get("copy") or {}).get("name", "")).lower()
        for alias in (own.key, "/".join(own.names).lower(), f"{own.type}/{'/'.join(own.names)}".lower(), loop):
            names.setdefault(alias, set()).add(own.key)
    for planned in found:
        planned.needs = {key for need in planned.needs for key in names.get(need, ())} - {planned.id.key}
    try:
        TopologicalSorter({planned.id.key: planned.needs for planned in found}).prepare()
    except CycleError as error:
        raise _circular(sorted({key.rsplit("/", 1)[1] for key in error.args[1]})) from None


def _circular(stuck: list[str]) -> ArmError:
    return invalid(f"Circular dependency detected on resources: '{', '.join(stuck)}'.")


def run(found: list[Planned]) -> list[Outcome]:
    """Make everything that can be made. A failure stops what depends on it, as on Azure, and what exists by then stays."""
    waiting, outcomes, done = list(found), list[Outcome](), set[str]()
    pending = {planned.id.key for planned in found}
    for planned in found:
        planned.scope.pending = pending
    while waiting:
        ready = [planned for planned in waiting if planned.needs <= done]
        progressed = False
        for planned in ready:
            try:
                outcome = _make(planned)
            except NotYetError:
                continue
            progressed = True
            waiting.remove(planned)
            outcomes.append(outcome)
            if outcome.error is None:
                done.add(planned.id.key)
                pending.discard(planned.id.key)
        if not progressed:
            if not any(outcome.error for outcome in outcomes):  # resources that refer to one another
                raise _circular([planned.id.name for planned in waiting])
            break
    return outcomes


def _make(planned: Planned) -> Outcome:
    scope, id_ = planned.scope, planned.id
    outcome = Outcome(id_.id, id_.type, id_.name)
    try:
        request = _request(planned)
        with scope.ctx.store.attempt():
            answer = router.handle(replace(scope.ctx, request=request))
    except ArmError as error:
        outcome.error = error
        return outcome
    error = answer.body["properties"].get("error") if planned.nested else None
    if error:
        outcome.error = ArmError(400, error["code"], error["message"], details=error.get("details"))
    return outcome


def _request(planned: Planned) -> Request:
    """The PUT of a resource, with its expressions evaluated now: `reference` sees what exists by then."""
    scope = planned.scope
    version = scope.value(planned.raw["apiVersion"])
    content = orjson.dumps(_without_nulls(_body(planned)))
    return Request(
        "PUT", planned.id.id, f"api-version={version}", scope.ctx.request.headers, content, scope.ctx.request.base
    )


def _body(planned: Planned) -> dict[str, Any]:
    raw = {name: value for name, value in planned.raw.items() if name not in ENVELOPE}
    if not planned.nested:
        row = planned.scope.ctx.registry.catalog.by_arm_type(planned.id.type)
        if row is not None and not row.tracked:
            raw.pop("location", None)  # ARM takes it on any resource; types without a location have no place for it
        return planned.scope.value(raw)
    properties: dict[str, Any] = dict(raw.get("properties") or {})
    inner = str((properties.get("expressionEvaluationOptions") or {}).get("scope", "outer")).lower() == "inner"
    template = properties.pop("template", None)
    properties = planned.scope.value(properties)
    if template is not None:
        properties["template"] = template if inner else planned.scope.value(template)
    return {"properties": properties}


def _without_nulls(value: Any) -> Any:
    """Null stands for absent in a template (`json('null')`)."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {name: _without_nulls(item) for name, item in items if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in cast("list[Any]", value)]
    return value
