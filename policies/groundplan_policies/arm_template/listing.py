# SPDX-License-Identifier: Apache-2.0
"""Resources as Azure answers them: `az resource list`, a GET of one or of a list, `az resource show`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from groundplan_arm import load
from groundplan_arm.ids import InvalidResourceId, ResourceId
from groundplan_policies.arm_template.errors import Steps, TemplateError
from groundplan_policies.expressions.function import told
from groundplan_policies.resource import Resource

_NOT_BODY = frozenset({"id", "name", "type", "apiVersion", "resourceGroup"})


def listed(rows: Any, steps: Steps) -> list[tuple[Resource, Steps]]:
    """The resources of a list of answers, each with its place in the document. Raises `TemplateError`."""
    if not isinstance(rows, list):
        raise TemplateError(steps, f"{told(rows)} is there; an array of resources is expected")
    return [(answered(row, (*steps, index)), (*steps, index)) for index, row in enumerate(cast("list[Any]", rows))]


def answered(row: Any, steps: Steps) -> Resource:
    """The resource of one answer. Raises `TemplateError`."""
    if not isinstance(row, Mapping):
        raise TemplateError(steps, f"{told(row)} is there; a resource with 'id' is expected")
    body = cast("Mapping[str, Any]", row)
    identity = body.get("id")
    if not isinstance(identity, str):
        there = told(identity) if "id" in body else "nothing"
        raise TemplateError((*steps, "id"), f"{there} is there; the id that Azure gives a resource is expected")
    try:
        parsed = ResourceId.parse(identity)
    except InvalidResourceId as error:
        raise TemplateError((*steps, "id"), str(error)) from None
    kind = load().by_arm_type(parsed.type)
    extension = parsed.is_extension or (kind is not None and kind.scope == "extension")
    return Resource(
        node={name: value for name, value in body.items() if name not in _NOT_BODY},
        type=parsed.type,
        name="/".join(parsed.names),
        key=identity,
        id=identity,
        scope=parsed.scope if extension else None,
        label="/".join(parsed.names),
        references={},
    )
