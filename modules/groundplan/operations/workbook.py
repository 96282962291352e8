# SPDX-License-Identifier: Apache-2.0
"""A workbook: a page of charts and queries in the portal."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import pulumi
from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import applicationinsights

from groundplan.component import Component
from groundplan.errors import ArgumentError

_NAMESPACE: Final = uuid.UUID("c7c0f6c5-2c1b-5f0c-9b55-0d2c3c4ab7f1")
_VERSION: Final = "Notebook/1.0"


@dataclass(frozen=True, kw_only=True)
class WorkbookArgs:
    """Arguments of `Workbook`."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the workbook."""
    title: str
    """Required. Name shown in the portal."""
    content: Mapping[str, Any] | Path
    """Required. The workbook in its gallery form, as the portal's advanced editor shows it, or the file that holds it."""
    source_id: Input[str] | None = None
    """Optional. ARM id of the resource whose workbooks it appears among, e.g. the Log Analytics workspace; a change replaces
    the workbook. Default: Azure Monitor's own."""
    description: str | None = None
    """Optional. What it shows. Default: none."""
    location: Input[str] | None = None
    """Optional. Azure region. Default: the resource group's region."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags. Default: none."""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ArgumentError("workbook: title is empty; the portal lists workbooks by it")
        gallery(self.content)


class Workbook(Component):
    """A workbook whose content is checked before it is sent, and whose Azure name stays the same.

    Example:
        Workbook("overview", WorkbookArgs(
            resource_group_name=group.name, title="Platform", content=Path("workbooks/platform.json")))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name, a GUID that follows from project, stack and the component's name."""

    def __init__(self, name: str, args: WorkbookArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        where = "\n".join((pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), name))
        workbook = applicationinsights.Workbook(
            name,
            resource_name_=str(uuid.uuid5(_NAMESPACE, where)),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="shared",
            category="workbook",
            display_name=args.title,
            description=args.description,
            source_id=args.source_id if args.source_id is not None else "Azure Monitor",
            version=_VERSION,
            # the same text for the same content, whatever the order of its keys
            serialized_data=json.dumps(
                gallery(args.content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ),
            tags=args.tags,
            opts=self.child(ResourceOptions(replace_on_changes=["sourceId"])),
        )
        self.id = workbook.id
        self.name = workbook.name
        self.seal()


def gallery(content: Mapping[str, Any] | Path) -> dict[str, Any]:
    """The content as a dictionary; `ArgumentError` unless it has the form of a workbook."""
    where = str(content) if isinstance(content, Path) else "content"
    if isinstance(content, Path):
        try:
            read: object = json.loads(content.read_text(encoding="utf-8"))
        except OSError as error:
            raise ArgumentError(
                f"workbook: {where} can not be read: {error.strerror}; give a file that exists"
            ) from None
        except ValueError as error:
            raise ArgumentError(f"workbook: {where} is not JSON: {error}") from None
    else:
        read = dict(content)
    if not isinstance(read, dict):
        raise ArgumentError(f"workbook: {where} holds no JSON object; copy the gallery template of the advanced editor")
    found = cast("dict[str, Any]", read)
    if found.get("version") != _VERSION:
        raise ArgumentError(f"workbook: version of {where} is {found.get('version')!r}; allowed is {_VERSION!r}")
    items = found.get("items")
    if not isinstance(items, list) or not items:
        raise ArgumentError(f"workbook: items of {where} is no list of parts, or empty; a workbook has at least one")
    for index, item in enumerate(cast("list[object]", items)):
        if not isinstance(item, dict) or "type" not in item or "content" not in item:
            raise ArgumentError(f"workbook: items[{index}] of {where} lacks type or content")
    return found
