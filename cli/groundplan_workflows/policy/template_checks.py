# SPDX-License-Identifier: Apache-2.0
"""Checks of ARM JSON: templates, and resources as Azure answers or exports them."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from groundplan_policies import arm_template
from groundplan_policies.examine import examine
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.report import Finding, Place, PolicyReport, findings, summed_up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from groundplan_policies.arm_template import JsonText, Template
    from groundplan_policies.packs import Pack
    from groundplan_policies.resource import Resource
    from groundplan_workflows.policy.chosen import Chosen


_SCOPE = re.compile(
    r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/resourceGroups/([^/]+))?/?", re.IGNORECASE
)


class Deployed(TypedDict, total=False):
    """Where a template is deployed to, as far as it is known."""

    subscription: str
    resource_group: str


def check(paths: Sequence[Path], parameters: Path | None, scope: str | None, chosen: Chosen) -> PolicyReport:
    """Put packs to what templates declare, each by itself. UsageError with file, line and JSON path for one that can not be read.

    `scope`: id of the resource group or the subscription that they are deployed to; None where that is not known.
    """
    began = time.monotonic()
    place = _place_of(scope)
    packs = chosen.load()
    given = None if parameters is None else _text(parameters)
    found: list[Finding] = []
    notes: list[tuple[str, str]] = []
    count = 0
    for path in paths:
        template = _read(path, given, parameters, place)
        count += len(template.resources)
        found += _findings(path, template, packs)
        notes += [(_where(path, template, note), note.message) for note in template.notes]
    report = summed_up("template", packs, chosen, found, count, began)
    report.notes = notes
    return report


def _findings(path: Path, template: Template, packs: Sequence[Pack]) -> list[Finding]:
    by_key = {each.key: each for each in template.resources}
    places = {each.key: _place(path, template.locate(each)) for each in template.resources}
    known = {key: place for key, place in places.items() if place is not None}
    rows = [(pack, examine(pack, template.resources)) for pack in packs]
    found = [each for pack, said in rows for each in findings(said, pack, by_key, str(path), known)]
    # the line of the very property where there is one
    first = {each.key: each for each in reversed(template.resources)}
    return [_closer(each, path, template, first.get(each.resource)) for each in found]


def _closer(each: Finding, path: Path, template: Template, resource: Resource | None) -> Finding:
    place = _place(path, template.locate(resource, each.path)) if resource and each.path else None
    return replace(each, place=place) if place else each


def _place(path: Path, at: tuple[int, int] | None) -> Place | None:
    return Place(path, *at) if at else None


def _where(path: Path, template: Template, note: arm_template.Note) -> str:
    at = template.text.locate(note.steps) if template.text else None
    return f"{path}:{at[0]}" if at else str(path)


def _place_of(scope: str | None) -> Deployed:
    if scope is None:
        return {}
    found = _SCOPE.fullmatch(scope)
    if found is None:
        raise UsageError(
            f"--scope is {scope!r}; the id of a resource group or a subscription is needed: /subscriptions/ID/resourceGroups/NAME"
        )
    return {"subscription": found[1], "resource_group": found[2]} if found[2] else {"subscription": found[1]}


def _read(path: Path, given: JsonText | None, parameters: Path | None, place: Deployed) -> Template:
    text = _text(path)
    try:
        return arm_template.read_template(text, given, **place)
    except arm_template.ParametersError as error:
        raise UsageError(f"{parameters or path}: {error}") from None
    except arm_template.TemplateError as error:
        raise UsageError(f"{path}: {error}") from None


def _text(path: Path) -> JsonText:
    try:
        return arm_template.load_json(path)
    except arm_template.TemplateError as error:
        raise UsageError(f"{path}: {error}") from None
