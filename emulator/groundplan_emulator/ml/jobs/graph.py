# SPDX-License-Identifier: Apache-2.0
"""The graph of a pipeline: its nodes, their components, and what waits for what.

A node is as azure-ai-ml sends it: names in snake case, `componentId` (a sweep has it in `trial`), inputs and outputs that are values or
bindings: `${{parent.inputs.x}}`, `${{parent.jobs.n.outputs.y}}`, `${{parent.outputs.z}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import references
from groundplan_emulator.ml.jobs import placeholders
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.store import Resource

EXECUTORS: Final = {"command": "Command", "sweep": "Sweep", "pipeline": "Pipeline"}
STEP: Final = re.compile(r"parent\.jobs\.(?P<node>[^.]+)\.outputs\.(?P<output>.+)")


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its kind (of `EXECUTORS`), what was sent, the specification of its component, and the nodes that it waits for."""

    name: str
    kind: str
    given: dict[str, Any]
    spec: dict[str, Any]
    after: frozenset[str] = field(default_factory=frozenset)


def nodes(ctx: Context, workspace: Resource, properties: dict[str, Any]) -> dict[str, Node]:
    """The nodes of a pipeline job. Raises `JobError` for what cannot run: kinds, components that are not there, bindings, circles."""
    given: dict[str, Any] = properties.get("jobs") or {}
    if not given and properties.get("componentId"):
        given = _component(ctx, workspace, "the pipeline", properties["componentId"]).get("jobs") or {}
    if not given:
        raise JobError("The pipeline has no nodes: it needs at least one.")
    found = {name: _node(ctx, workspace, name, node) for name, node in given.items()}
    for node in found.values():
        _check_bindings(node, found, properties)
    _check_circles(found)
    return found


def _node(ctx: Context, workspace: Resource, name: str, given: dict[str, Any]) -> Node:
    kind = str(given.get("type") or given.get("jobType") or "command").lower()
    if kind not in EXECUTORS:
        raise JobError(
            f"Node '{name}' is of type '{kind}', which does not run on the local Azure; those that do: {', '.join(EXECUTORS)}."
        )
    reference = given.get("componentId") or (given.get("trial") or {}).get("componentId")
    if not reference:
        raise JobError(f"Node '{name}' names no component.")
    spec = _component(ctx, workspace, f"node '{name}'", str(reference))
    wanted = "pipeline" if kind == "pipeline" else "command"
    if str(spec.get("type", "command")) != wanted:
        raise JobError(f"Node '{name}' is of type '{kind}', but its component is of type '{spec.get('type')}'.")
    texts = [str(value_of(each)) for each in (given.get("inputs") or {}).values()]
    bound = (STEP.fullmatch(each) for text in texts for each in placeholders.bindings(text))
    return Node(name, kind, given, spec, frozenset(match["node"] for match in bound if match is not None))


def _component(ctx: Context, workspace: Resource, what: str, reference: str) -> dict[str, Any]:
    try:
        found = references.version(ctx, reference, kind="components", workspace=workspace)
    except NotFoundError as error:
        raise JobError(f"The component '{reference}' of {what} was not found: {error}.") from None
    return found.properties.get("componentSpec") or {}


def _check_bindings(node: Node, every: Mapping[str, Node], properties: dict[str, Any]) -> None:
    declared = {**(properties.get("inputs") or {})}
    for name, given in (node.given.get("inputs") or {}).items():
        for bound in placeholders.bindings(str(value_of(given))):
            step = STEP.fullmatch(bound)
            if step is not None and step["node"] not in every:
                raise JobError(
                    f"Input '{name}' of node '{node.name}' is bound to node '{step['node']}', which is not there."
                )
            if step is not None and step["output"] not in (every[step["node"]].spec.get("outputs") or {}):
                raise JobError(
                    f"Input '{name}' of node '{node.name}' is bound to output '{step['output']}' of node '{step['node']}', which has"
                    f" none of that name."
                )
            if step is None and not bound.startswith(("parent.inputs.", "name", "parent.name")):
                raise JobError(
                    f"Input '{name}' of node '{node.name}' is bound to '{bound}', which means nothing in a pipeline."
                )
    known: dict[str, Any] = node.spec.get("inputs") or {}
    space = node.given.get("search_space") or {}
    for name, wanted in known.items():
        bound = placeholders.whole(value_of((node.given.get("inputs") or {}).get(name, "")))
        absent = name not in (node.given.get("inputs") or {}) or (
            bound is not None
            and bound.startswith("parent.inputs.")
            and bound.removeprefix("parent.inputs.") not in declared
        )
        if absent and name not in space and not wanted.get("optional") and wanted.get("default") is None:
            raise JobError(f"Input '{name}' of node '{node.name}' is required, but nothing is given for it.")


def _check_circles(every: Mapping[str, Node]) -> None:
    left = dict(every)
    while left:
        free = [name for name, node in left.items() if not node.after & left.keys()]
        if not free:
            raise JobError(f"The nodes {', '.join(sorted(left))} wait for each other: a pipeline has no circles.")
        for name in free:
            del left[name]


def value_of(given: Any) -> Any:
    """The value or binding of an input, in each of the forms that it may have."""
    return given.get("value", given.get("path", "")) if isinstance(given, dict) else given


def setting_of(given: Any, node: str, pipeline: Mapping[str, Any]) -> Any:
    """A setting of a node, where it is bound to an input of the pipeline that input's value: '' where that comes from further above.

    Raises `JobError` for a binding to something else.
    """
    bound = placeholders.whole(given)
    if bound is None:
        return given
    declared: dict[str, Any] = pipeline.get("inputs") or {}
    name = bound.removeprefix("parent.inputs.")
    if name == bound or name not in declared:
        known = ", ".join(declared) or "none"
        raise JobError(f"Node '{node}' is bound to '{bound}', which is no input of the pipeline; there are: {known}.")
    return value_of(declared[name])
