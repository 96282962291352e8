# SPDX-License-Identifier: Apache-2.0
"""What the picture shows, from the resources of states: a card for each component, and how cards reach one another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Path = Literal["private endpoint", "network", "dns", "uses"]
"""How a card reaches another: through a private endpoint, by being in its network, by resolving names in it, or any other way."""

PATHS: tuple[Path, ...] = ("private endpoint", "network", "dns", "uses")
"""The first that holds for two cards is drawn."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A component, or a resource that belongs to none."""

    key: str
    """Unlike that of any other card: `<stack>/<URN>`."""
    name: str
    """Logical name."""
    kind: str
    """Type without the package: `Workspace`, `ResourceGroup`."""
    resources: Mapping[str, int]
    """How many Azure resources it holds, by type (`network:Subnet`), itself included."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One card reaches another."""

    start: str
    end: str
    path: Path


@dataclass(frozen=True, slots=True)
class Box:
    """A stack and its cards; no cards: the stack is not up."""

    name: str
    needs: Sequence[str]
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole picture."""

    boxes: Sequence[Box]
    edges: Sequence[Edge]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "stacks": [
                {
                    "name": box.name,
                    "needs": list(box.needs),
                    "components": [
                        {"name": card.name, "kind": card.kind, "resources": dict(card.resources)} for card in box.cards
                    ],
                }
                for box in self.boxes
            ],
            "paths": [{"from": edge.start, "to": edge.end, "path": edge.path} for edge in self.edges],
        }


@dataclass(slots=True)
class _Builder:
    """Gathers cards first, so that a path can lead to a stack that comes later."""

    homes: dict[str, str] = field(default_factory=dict[str, str])
    """Key of the card that each URN belongs to; URNs of different stacks differ."""
    ids: dict[str, str] = field(default_factory=dict[str, str])
    """Key of the card that each ARM id (lower case) belongs to."""
    groups: set[str] = field(default_factory=set[str])
    """Keys of the resource groups' cards: everything lies in one, which is not worth an arrow."""
    zones: set[str] = field(default_factory=set[str])
    networks: set[str] = field(default_factory=set[str])
    found: dict[tuple[str, str], Path] = field(default_factory=dict[tuple[str, str], Path])

    def cards(self, stack: str, rows: Sequence[Row]) -> list[Card]:
        """The cards of one stack, in the order of its program."""
        top: dict[str, Row] = {}
        counts: dict[str, Counter[str]] = {}
        for row in rows:
            kind: str = row["type"]
            if kind.startswith("pulumi:"):
                continue
            parent = self.homes.get(row.get("parent", ""))
            key = parent or f"{stack}/{row['urn']}"
            if parent is None:
                top[key] = row
                counts[key] = Counter()
            self.homes[row["urn"]] = key
            if row.get("id"):
                identifier = str(row["id"]).lower()
                self.ids.setdefault(identifier, key)
                counts[key][kind.removeprefix("azure-native:")] += 1
                if kind == "azure-native:resources:ResourceGroup":
                    self.groups.add(key)
                elif kind == "azure-native:privatedns:PrivateZone":
                    self.zones.add(identifier)
                elif kind.startswith("azure-native:network:") and kind.endswith((":Subnet", ":VirtualNetwork")):
                    self.networks.add(identifier)
        return [
            Card(key, row["urn"].rpartition("::")[2], row["type"].rpartition(":")[2], dict(counts[key]))
            for key, row in top.items()
        ]

    def paths(self, rows: Sequence[Row]) -> None:
        """What the resources of one stack reach."""
        for row in rows:
            start = self.homes.get(row["urn"])
            if start is None:
                continue
            for key, value in _texts(row.get("inputs", {})):
                self._reach(start, self._owner(value), self._path(key, value))
            for urn in row.get("dependencies", ()):
                self._reach(start, self.homes.get(urn), "uses")

    def _reach(self, start: str, end: str | None, path: Path) -> None:
        if end is None or end == start or end in self.groups:
            return
        known = self.found.get((start, end), path)
        self.found[start, end] = known if PATHS.index(known) < PATHS.index(path) else path

    def _owner(self, value: str) -> str | None:
        """The card of the resource that an ARM id names, or of its nearest parent that is known."""
        wanted = value.lower().rstrip("/")
        while wanted.count("/") >= 4:
            if wanted in self.ids:
                return self.ids[wanted]
            wanted = wanted.rpartition("/")[0]
        return None

    def _path(self, key: str, value: str) -> Path:
        if key in ("privateLinkServiceId", "linkedResourceId"):  # the latter through the endpoint of its scope
            return "private endpoint"
        identifier = value.lower()
        if identifier in self.zones:
            return "dns"
        return "network" if identifier in self.networks else "uses"


def build(stacks: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> Graph:
    """The picture of stacks: name to the names of the stacks it needs, and the resources of its state as the engine exports them."""
    builder = _Builder()
    boxes = [Box(name, needs, builder.cards(name, rows)) for name, (needs, rows) in stacks.items()]
    for _, rows in stacks.values():
        builder.paths(rows)
    return Graph(boxes, [Edge(start, end, path) for (start, end), path in builder.found.items()])


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every ARM id in a resource's inputs, with the name of the input that holds it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)
    elif isinstance(value, str) and value[:15].lower() == "/subscriptions/":
        yield key, value
