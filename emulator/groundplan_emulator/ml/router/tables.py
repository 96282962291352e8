# SPDX-License-Identifier: Apache-2.0
"""What the router must know of an endpoint, read once and kept until the store changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from groundplan_emulator.iso_durations import seconds_or
from groundplan_emulator.ml.router import settings
from groundplan_emulator.ml.router.splitter import Splitter
from groundplan_emulator.store import Resource, Store
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

ENDPOINTS: Final = f"{WORKSPACES}/onlineEndpoints"
_HOST: Final = re.compile(r"([^/.]+)\.([^/.]+)\.inference\.ml\.(?:core\.local|azure\.com)", re.IGNORECASE)
_MOST: Final = 1000
"""Hosts that are remembered, those behind which there is nothing among them."""
_SECONDS: Final = {"requestTimeout": 5.0, "maxQueueWait": 0.5}


@dataclass(slots=True)
class Deployment:
    """Where requests may go. `timeout` and `queue_wait` in seconds; `key` is what `azure.instances` knows it by."""

    name: str
    key: str
    timeout: float
    queue_wait: float
    concurrency: int
    collects: tuple[bool, bool]
    """Whether bodies of requests, and of responses, are collected."""


@dataclass(slots=True)
class Chance:
    """The numbers that decide for one endpoint: one sequence for the split, one for the mirror."""

    seeding: tuple[float, int]
    split: Random
    mirror: Random


@dataclass(slots=True)
class Table:
    """One endpoint."""

    resource: Resource
    kubernetes: bool
    splitter: Splitter
    chance: Chance
    mirrored: tuple[Deployment, int] | None
    deployments: dict[str, Deployment]
    payload_limit: int
    secrets: dict[str, Any] = field(default_factory=dict)
    """What `authentication` derived for this endpoint."""

    @property
    def id(self) -> str:
        """The ARM id."""
        return self.resource.id

    def named(self, name: str) -> Deployment | None:
        """A deployment, whatever the name's case."""
        return self.deployments.get(name.lower())


class Tables:
    """The tables of one emulated Azure, by the first segment of a scoring path."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._revision = -1
        self._known: dict[str, Table | None] = {}
        self._chances: dict[str, Chance] = {}

    def find(self, host: str) -> Table | None:
        """The online endpoint of `{name}.{region}.inference.ml...`, or None."""
        store = self._azure.store
        if store.revision != self._revision or len(self._known) > _MOST:
            self._known.clear()
            self._revision = store.revision
        try:
            return self._known[host]
        except KeyError:
            found = self._known[host] = self._read(store, host)
            return found

    def _read(self, store: Store, host: str) -> Table | None:
        match = _HOST.fullmatch(host)
        if match is None:
            return None
        name, location = match[1].lower(), match[2].lower()
        for resource in store.of_type(ENDPOINTS, name=name):
            if str(resource.body.get("location", "")).lower() == location:
                return self._table(store, resource, f"{name}.{location}")
        return None

    def _table(self, store: Store, resource: Resource, host: str) -> Table:
        deployments = {
            child.name.lower(): _deployment(child) for child in store.children(resource.id, f"{ENDPOINTS}/deployments")
        }
        properties = resource.properties
        mirrored = None
        for name, percent in (properties.get("mirrorTraffic") or {}).items():
            if percent and (found := deployments.get(name.lower())) is not None:
                mirrored = found, int(percent)
        weights = {
            name.lower(): int(weight)
            for name, weight in (properties.get("traffic") or {}).items()
            if name.lower() in deployments
        }
        return Table(
            resource,
            bool(properties.get("compute")),
            Splitter(weights),
            self._chance(store, host),
            mirrored,
            deployments,
            settings.payload_limit(store),
        )

    def _chance(self, store: Store, host: str) -> Chance:
        seeding = settings.seed(store)
        known = self._chances.get(host)
        if known is None or known.seeding != seeding:
            # the host, not the id: the same seed gives the same sequence in every subscription
            seeds = [f"{seeding[0]}/{host}/{use}" if seeding[0] else None for use in ("split", "mirror")]
            known = self._chances[host] = Chance(seeding, Random(seeds[0]), Random(seeds[1]))  # noqa: S311
        return known


def _deployment(resource: Resource) -> Deployment:
    properties = resource.properties
    requests: Mapping[str, Any] = properties.get("requestSettings") or {}
    collections = (properties.get("dataCollector") or {}).get("collections") or {}
    enabled = {
        name.lower()
        for name, collection in collections.items()
        if str(collection.get("dataCollectionMode", "")).lower() == "enabled"
    }
    timeout, wait = (seconds_or(requests.get(name), default) for name, default in _SECONDS.items())
    concurrency = max(int(requests.get("maxConcurrentRequestsPerInstance") or 1), 1)
    return Deployment(
        resource.name, resource.key, timeout, wait, concurrency, ("request" in enabled, "response" in enabled)
    )
