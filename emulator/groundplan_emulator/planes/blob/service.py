# SPDX-License-Identifier: Apache-2.0
"""The account itself: its containers, its kind, keys for user delegation."""

from __future__ import annotations

import base64
import re
from datetime import datetime

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.blob import xml
from groundplan_emulator.store import Resource
from groundplan_emulator.types.storage import endpoints
from groundplan_emulator.types.storage.containers import Containers

PAGE = 5000


def handle(ctx: Context, account: Resource) -> Response:
    """Answer a request that names no container."""
    query = ctx.request.query
    match ctx.request.method, query.get("restype", ""), query.get("comp", ""):
        case "GET", _, "list":
            return _containers(ctx, account)
        case "POST", "service", "userdelegationkey":
            return _delegation_key(ctx, account)
        case "GET", "service", "properties":
            version = {"DefaultServiceVersion": "2021-12-02"}
            return Response(200, xml.simple("StorageServiceProperties", version), content_type=xml.CONTENT_TYPE)
        case _:
            raise ArmError(
                400, "InvalidQueryParameterValue", "The request names no container and no operation of the service."
            )


def account_information(account: Resource) -> Response:
    """Sku and kind, in headers."""
    said = {"x-ms-sku-name": account.body["sku"]["name"], "x-ms-account-kind": account.body["kind"]}
    return Response(
        200, None, {**said, "x-ms-is-hns-enabled": str(bool(account.properties.get("isHnsEnabled"))).lower()}
    )


def _containers(ctx: Context, account: Resource) -> Response:
    query = ctx.request.query
    prefix, marker = query.get("prefix", ""), query.get("marker", "")
    size = int(query["maxresults"]) if query.get("maxresults", "").isdigit() else PAGE
    found = [
        container
        for container in ctx.children(f"{account.id}/blobServices/default", Containers.type)
        if container.name.startswith(prefix) and container.name >= marker
    ]
    root = xml.results(
        endpoints.of_account(ctx, account).get("blob", ""),
        Prefix=prefix,
        Marker=marker,
        MaxResults=query.get("maxresults", ""),
    )
    group = xml.Tree.SubElement(root, "Containers")
    for container in found[:size]:
        metadata = container.properties.get("metadata", {}) if "metadata" in query.get("include", "") else None
        xml.add_container(group, container.name, described(ctx, container), metadata)
    xml.Tree.SubElement(root, "NextMarker").text = found[size].name if len(found) > size else None
    return Response(200, xml.document(root), content_type=xml.CONTENT_TYPE)


def described(ctx: Context, container: Resource) -> dict[str, str]:
    """A container's properties as listings give them."""
    access = str(container.properties.get("publicAccess", "None")).lower()
    return {
        "Last-Modified": xml.http_date(modified(ctx, container)),
        "Etag": f'"{container.etag}"',
        "LeaseStatus": "unlocked",
        "LeaseState": "available",
        **({} if access == "none" else {"PublicAccess": access}),
        "HasImmutabilityPolicy": "false",
        "HasLegalHold": "false",
    }


def modified(ctx: Context, container: Resource) -> float:
    """When a container was changed, in seconds since the epoch."""
    text = container.properties.get("lastModifiedTime")
    return datetime.fromisoformat(text).timestamp() if text else ctx.clock.now()


def _delegation_key(ctx: Context, account: Resource) -> Response:
    text, identity = ctx.request.content.decode(errors="replace"), ctx.settings.identity
    times = {
        name: match[1] if (match := re.search(f"<{name}>([^<]+)</{name}>", text)) else ""
        for name in ("Start", "Expiry")
    }
    key = {
        "SignedOid": identity.principal_id,
        "SignedTid": identity.tenant_id,
        "SignedStart": times["Start"],
        "SignedExpiry": times["Expiry"],
        "SignedService": "b",
        "SignedVersion": ctx.request.headers.get("x-ms-version", ""),
        "Value": base64.b64encode(ctx.secret("delegation", account.key, *times.values())).decode(),
    }
    return Response(200, xml.simple("UserDelegationKey", key), content_type=xml.CONTENT_TYPE)
