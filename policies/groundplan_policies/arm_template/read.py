# SPDX-License-Identifier: Apache-2.0
"""Reads a document of Azure's into resources: a template with its parameters, or what Azure answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from groundplan_policies.arm_template.built import build
from groundplan_policies.arm_template.deployment import Deployment
from groundplan_policies.arm_template.errors import Note, ParametersError, Steps, TemplateError
from groundplan_policies.arm_template.evaluator import Evaluator, Session
from groundplan_policies.arm_template.json_text import JsonText
from groundplan_policies.arm_template.listing import answered, listed
from groundplan_policies.arm_template.parameters import declared_in, given_in
from groundplan_policies.arm_template.place import ANY_GROUP, NOBODY, Place
from groundplan_policies.arm_template.symbols import opaque
from groundplan_policies.arm_template.trace import Recorder, Trace, Traced
from groundplan_policies.expressions.function import told
from groundplan_policies.resource import Resource
from groundplan_policies.values import UNKNOWN

_STEP = re.compile(r"\[(\d+)\]|([^.\[]+)")
_EXPECTED = (
    "a template ('$schema' and 'resources'), an array of resources or one resource with 'id' and 'type' is expected"
)


@dataclass(frozen=True)
class Template:
    """What a document comes to. `notes` say what could not be told and why."""

    resources: Sequence[Resource]
    notes: Sequence[Note]
    steps: Sequence[Steps] = field(repr=False)
    """Where in the document each of the resources is declared, in their order."""
    text: JsonText | None = field(default=None, repr=False)

    def locate(self, resource: Resource, path: str = "") -> tuple[int, int] | None:
        """Line and column of a resource, or of a part of its body, in the text; None where it was not read from one."""
        steps = self._steps.get(id(resource))
        if self.text is None or steps is None:
            return None
        inner = tuple(int(index) if index else name for index, name in _STEP.findall(path))
        return self.text.locate((*steps, *inner))

    @cached_property
    def _steps(self) -> dict[int, Steps]:
        """Places of the resources, which the template keeps alive."""
        return {id(each): at for each, at in zip(self.resources, self.steps, strict=True)}


def read_template(
    document: Any,
    parameters: Any = None,
    *,
    subscription: str = NOBODY,
    resource_group: str | None = None,
    management_group: str = "management-group",
    location: str | None = None,
    now: datetime | None = None,
) -> Template:
    """Reads a document that is parsed already, or a `JsonText`, which knows its lines. Raises `TemplateError`.

    `parameters`: a file of parameters, or plain values by name. `subscription`, `resource_group`, `management_group` and `location`:
    where it is deployed to, as far as its schema takes it there; the names are made up where none are given, the location is unknown.
    So is the group in a subscription that is given.
    `now`: the time of the deployment, without which it is unknown.
    """
    text = document if isinstance(document, JsonText) else None
    try:
        content: Any = text.content if text else document
        if not _is_template(content):
            return _answers(content, text)
        group = resource_group or (ANY_GROUP if subscription == NOBODY else opaque("resourceGroup().name"))
        place = Place(subscription, group, location=UNKNOWN if location is None else location)
        return _template(
            cast("dict[str, Any]", content), _given(parameters, content), place, management_group, now, text
        )
    except TemplateError as error:
        if text is None or isinstance(error, ParametersError):
            raise
        raise TemplateError(error.steps, error.problem, text.locate(error.steps)) from None
    except RecursionError:
        raise TemplateError((), "it is nested too deep, or a variable or deployment leads back to itself") from None


def _given(parameters: Any, content: dict[str, Any]) -> dict[str, Any]:
    """The given parameters by lower-case name; an error has its place in their own document."""
    text = parameters if isinstance(parameters, JsonText) else None
    declared = declared_in(content, ())
    try:
        return given_in(text.content if text else parameters, declared)
    except TemplateError as error:
        place = text.locate(error.steps) if text else None
        raise ParametersError(error.steps, error.problem, place) from None


def _is_template(content: Any) -> bool:
    if not isinstance(content, dict):
        return False
    found = cast("dict[str, Any]", content)
    schema = str(found.get("$schema", "")).casefold()
    if "deploymentparameters" in schema:
        raise TemplateError(("$schema",), "this is a file of parameters; the template that it belongs to is expected")
    return "deploymenttemplate" in schema or ("resources" in found and "id" not in found)


def _answers(content: Any, text: JsonText | None) -> Template:
    if isinstance(content, list):
        found = listed(cast("list[Any]", content), ())
    elif isinstance(content, dict) and "id" in content and "type" in content:
        found = [(answered(content, ()), ())]
    else:
        rows = cast("dict[str, Any]", content) if isinstance(content, dict) else {}
        key = next((each for each in ("value", "data") if each in rows), None)
        if key is None:
            raise TemplateError((), f"{told(content)} is there; {_EXPECTED}")
        found = listed(rows[key], (key,))
    return Template([each for each, _ in found], [], [at for _, at in found], text)


def _template(
    content: dict[str, Any],
    given: dict[str, Any],
    place: Place,
    management_group: str,
    now: datetime | None,
    text: JsonText | None,
) -> Template:
    session = Session(Recorder(), {}, {}, now)
    place = place.for_schema(str(content.get("$schema", "")), management_group)
    values = {name: (lambda value=value: Traced(value, Trace(), "")) for name, value in given.items()}
    evaluator = Evaluator(session, content, (), place, values)
    evaluator.deployment = Deployment(content, (), place, evaluator)
    built = build(list(evaluator.deployment.everything()))
    return Template([each for each, _ in built], list(session.notes), [at for _, at in built], text)
