# SPDX-License-Identifier: Apache-2.0
"""What a reference to an asset means: ids of versions and labels, in workspaces and registries, in every spelling that clients send.

    azureml:NAME:VERSION  azureml:NAME@LABEL                     in the workspace at hand (without `azureml:` too)
    [azureml:]/subscriptions/.../KIND/NAME/versions/VERSION      ARM ids of a workspace's or a registry's version, or `labels/LABEL`
    azureml://registries/REGISTRY/KIND/NAME/versions/VERSION     (or `labels/LABEL`)
    azureml://locations/LOCATION/workspaces/WORKSPACE_ID/KIND/NAME/versions/VERSION

A label is `latest` or one that the container has; a version wins over a label of the same name.
"""

from __future__ import annotations

import re
from typing import Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

REGISTRIES: Final = "Microsoft.MachineLearningServices/registries"
KINDS: Final = ("models", "environments", "data", "codes", "components")
_TAIL = r"(?P<kind>models|environments|data|codes|components)/(?P<name>[^/]+)/(?P<how>versions|labels)/(?P<which>[^/]+)"
_ARM = re.compile(rf"(?P<holder>/subscriptions/.+?/(?:workspaces|registries)/[^/]+)/{_TAIL}", re.IGNORECASE)
_REGISTRY = re.compile(rf"azureml://registries/(?P<registry>[^/]+)/{_TAIL}", re.IGNORECASE)
_LOCATION = re.compile(rf"azureml://locations/[^/]+/workspaces/(?P<workspace>[^/]+)/{_TAIL}", re.IGNORECASE)
_SHORT = re.compile(r"(?P<name>[^/:@]+)(?::(?P<version>[^/:@]+)|@(?P<label>[^/:@]+))")


class NotFoundError(LookupError):
    """A reference that leads nowhere; the message says why, for people."""


def version(ctx: Context, reference: str, *, kind: str = "", workspace: Resource | None = None) -> Resource:
    """The version of an asset that a reference means.

    `kind` (of `KINDS`) and `workspace` are for the short forms. Raises `NotFoundError`.
    """
    text = reference.strip()
    if (match := _REGISTRY.fullmatch(text)) is not None:
        found = next(iter(ctx.store.of_type(REGISTRIES, name=match["registry"])), None)
        if found is None:
            raise NotFoundError(f"there is no registry '{match['registry']}'")
        return _in(ctx, found.id, match)
    if (match := _LOCATION.fullmatch(text)) is not None:
        wanted = match["workspace"].lower()
        for each in ctx.store.of_type(WORKSPACES):
            if wanted in (each.name.lower(), str(each.properties.get("workspaceId", "")).lower()):
                return _in(ctx, each.id, match)
        raise NotFoundError(f"there is no workspace with the id '{match['workspace']}'")
    text = text.removeprefix("azureml:")
    if (match := _ARM.fullmatch(text)) is not None:
        return _in(ctx, match["holder"], match)
    if (match := _SHORT.fullmatch(text)) is not None and workspace is not None and kind:
        return _find(ctx, f"{workspace.id}/{kind}/{match['name']}", match["version"], match["label"])
    raise NotFoundError(f"'{reference}' is no reference to a version of an asset")


def _in(ctx: Context, holder: str, match: re.Match[str]) -> Resource:
    by_label = match["how"].lower() == "labels"
    named = (None, match["which"]) if by_label else (match["which"], None)
    return _find(ctx, f"{holder}/{match['kind'].lower()}/{match['name']}", *named)


def _find(ctx: Context, container_id: str, number: str | None, label: str | None) -> Resource:
    kind, name = container_id.rsplit("/", 2)[1:]
    if number is not None:
        found = ctx.get(f"{container_id}/versions/{number}")
        if found is None:
            raise NotFoundError(f"there is no version '{number}' of '{name}' in {kind}")
        return found
    found = labelled(ctx, container_id, label or "")
    if found is None:
        raise NotFoundError(f"'{name}' in {kind} has no label '{label}'")
    return found


def labelled(ctx: Context, container_id: str, label: str) -> Resource | None:
    """The version with a label, or None: `latest` is the newest that is not archived."""
    container = ctx.get(container_id)
    if container is None:
        return None
    for each, number in (container.private.get("labels") or {}).items():
        if each.lower() == label.lower():
            return ctx.get(f"{container_id}/versions/{number}")
    if label.lower() != "latest":
        return None
    shown = [
        each
        for each in ctx.children(container_id, f"{container.type}/versions")
        if not each.properties.get("isArchived", False)
    ]
    return max(shown, key=lambda each: str(each.body.get("systemData", {}).get("createdAt", "")), default=None)
