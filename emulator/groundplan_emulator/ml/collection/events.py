# SPDX-License-Identifier: Apache-2.0
"""The lines of collections: CloudEvents, as Microsoft documents them for the data collector."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from groundplan_emulator.ml.collection.settings import REQUEST, RESPONSE
from groundplan_emulator.ml.telemetry import Served

PREFIX: Final = "azureml.inference."
_OURS: Final = frozenset({"time", "type", "xrequestid", "specversion", "id", "source", "data", "datacontenttype"})
"""Attributes that a scoring script cannot set with the headers of its context."""
_LARGEST: Final = 4 * 1024 * 1024
"""Bytes; more goes into a blob of its own."""


@dataclass(slots=True)
class Collected:
    """One line to be: what it is about, and the bytes that are its data. `apart`: they go into a blob of their own."""

    deployment: str
    collection: str
    instance: int
    at: float
    attributes: dict[str, Any]
    data: bytes
    apart: bool

    @property
    def id(self) -> str:
        """The event's own id."""
        return self.attributes["id"]

    def line(self, address: str = "") -> bytes:
        """The line with its end. `address`: of the blob that holds the data."""
        said = dict(self.attributes)
        if self.apart:
            said |= {"data": address, "datainblob": "true"}
        elif said["datacontenttype"] == "application/json":
            said["data"] = orjson.Fragment(self.data)
        else:
            said["data"] = self.data.decode()
        return orjson.dumps(said) + b"\n"


def of_script(deployment: str, instance: int, headers: Mapping[str, str], body: bytes, skipped: float) -> Collected:
    """What a scoring script collects: `azureml-ai-monitoring` tells it by headers that begin with `ce-`.

    `skipped`: how far the emulator's clock is ahead of the machine's, whose time the package sends.
    """
    said = {name[3:].replace("-", ""): value for name, value in headers.items() if name.startswith("ce-")}
    collection = said.get("type", "").removeprefix(PREFIX)
    stamp = said.get("time", "")
    at = (float(stamp) if re.fullmatch(r"\d+(\.\d+)?", stamp) else 0.0) + skipped
    correlation = said.get("xrequestid")
    more = {name: value for name, value in said.items() if name not in _OURS}
    event_id = headers.get("trace-id") or str(uuid.uuid4())
    return _collected(deployment, collection, instance, at, event_id, body, correlation, more)


def of_request(deployment: str, event: Served) -> Collected:
    """The body that a model was asked with."""
    more = {"path": event.path.partition("?")[0], "method": event.method}
    return _payload(deployment, event, REQUEST, 0, more)


def of_response(deployment: str, event: Served) -> Collected:
    """The body that a model answered."""
    return _payload(deployment, event, RESPONSE, 1, {"statuscode": str(event.model_status)})


def _payload(deployment: str, event: Served, collection: str, which: int, more: dict[str, str]) -> Collected:
    body = event.bodies[which] if event.bodies is not None else b""
    return _collected(
        deployment, collection, max(event.instance, 0), event.at, str(uuid.uuid4()), body, event.request_id, more
    )


def _collected(
    deployment: str,
    collection: str,
    instance: int,
    at: float,
    event_id: str,
    body: bytes,
    correlation: str | None,
    more: dict[str, str],
) -> Collected:
    kind = _kind(body)
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "source": deployment,
        "type": f"{PREFIX}{collection}",
        "datacontenttype": kind,
        "time": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "contentrange": f"bytes 0-{max(len(body) - 1, 0)}/{len(body)}",
        **({"correlationid": correlation, "xrequestid": correlation} if correlation else {}),
        **more,
    }
    apart = len(body) > _LARGEST or kind == "application/octet-stream"
    return Collected(deployment, collection, instance, at, attributes, body, apart)


def _kind(body: bytes) -> str:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            body.decode()
        except UnicodeDecodeError:
            return "application/octet-stream"
        return "text/plain"
    return "application/json"
