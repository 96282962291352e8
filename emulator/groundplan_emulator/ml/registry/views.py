# SPDX-License-Identifier: Apache-2.0
"""Bodies as the data plane of registries answers them.

Ids are `azureml://registries/...`, and an address of files has account and container in one path segment: azure-ai-ml takes the first
segment for the container when it downloads, and the blob plane reads `ACCOUNT.blob.SUFFIX%2FCONTAINER` as the two.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource

URIS: Final = ("modelUri", "dataUri", "codeUri")
_ID = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+/registries/", re.IGNORECASE)
_ADDRESS = re.compile(r"https://127\.0\.0\.1:\d+/(?P<account>[^/]+\.blob\.[^/]+)/(?P<rest>.+)", re.IGNORECASE)


def shown(ctx: Context, prefix: str, body: Any) -> Any:
    """An answer of ARM's as the data plane gives it: a resource, or a page of them."""
    if not isinstance(body, dict):
        return body
    body = cast("dict[str, Any]", body)
    if isinstance(body.get("value"), list):
        page: dict[str, Any] = {**body, "value": [_resource(ctx, each) for each in body["value"]]}
        if isinstance(link := page.get("nextLink"), str):
            page["nextLink"] = link.replace(ctx.request.base, ctx.request.base + prefix, 1)
        return page
    return _resource(ctx, body)


def asset_id(resource: Resource) -> str:
    """The id of an asset of a registry."""
    return _ID.sub("azureml://registries/", resource.id, count=1)


def _resource(ctx: Context, body: dict[str, Any]) -> dict[str, Any]:
    made = {**body, "id": _ID.sub("azureml://registries/", str(body.get("id", "")), count=1)}
    properties = dict(cast("dict[str, Any]", made.get("properties") or {}))
    for name in URIS:
        if isinstance(uri := properties.get(name), str):
            properties[name] = address(ctx, uri)
    made["properties"] = properties
    return made


def address(ctx: Context, uri: str) -> str:
    """An address of blobs as a client of the data plane reads it."""
    match = _ADDRESS.fullmatch(uri)
    return f"{ctx.settings.https}/{match['account']}%2F{match['rest']}" if match else uri
