# SPDX-License-Identifier: Apache-2.0
"""Pictures of recorded states: every component is there, and every private endpoint leads to what it is for."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from groundplan_workflows.errors import UsageError
from groundplan_workflows.graph import draw, mermaid, model, svg
from tests.modules import releases


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """A platform as an engine recorded it."""
    return releases.states("0.1.0")["defaults"]


def paths(graph: model.Graph) -> dict[tuple[str, str], str]:
    names = {card.key: card.name for box in graph.boxes for card in box.cards}
    return {(names[edge.start], names[edge.end]): edge.path for edge in graph.edges}


def test_paths(rows: list[dict[str, Any]]) -> None:
    """Endpoints lead to their target through the network, and resolve in the zones."""
    found = paths(model.build({"platform": ((), rows)}))

    assert found["vault", "network"] == "network"
    assert found["vault", "dns"] == "dns"
    assert found["workspace", "vault"] == "uses"
    assert found["cpu-cluster", "network"] == "network"
    assert ("vault", "vault") not in found
    assert not any(end == "platform" for _, end in found), "everything is in the resource group"


def test_paths_between_stacks(rows: list[dict[str, Any]]) -> None:
    """The same, when the workspace lies in a stack of its own and knows its neighbours by their ids alone."""
    mine = [row for row in rows if "Workspace::workspace" in row["urn"]]
    urns = {row["urn"] for row in rows if row["urn"].endswith("Workspace::workspace")}
    mine += [row for row in rows if row.get("parent") in urns and row not in mine]
    others = [row for row in rows if row not in mine]
    assert mine

    found = paths(model.build({"0-foundation": ((), others), "1-workspace": (("0-foundation",), mine)}))

    assert found["workspace", "vault"] == "uses"


def test_counts(rows: list[dict[str, Any]]) -> None:
    """Every Azure resource is in one card."""
    (box,) = model.build({"platform": ((), rows)}).boxes

    drawn = sum(sum(card.resources.values()) for card in box.cards)
    assert drawn == sum(row["type"].startswith("azure-native:") for row in rows)
    assert {"Workspace", "Network", "ResourceGroup"} <= {card.kind for card in box.cards}


def test_mermaid(rows: list[dict[str, Any]]) -> None:
    """Every node that an arrow names is declared."""
    said = mermaid.text(model.build({'plat"form': ((), rows), "later": (('plat"form',), [])}))

    declared = set(re.findall(r"^    (n\d+)\[", said, re.MULTILINE))
    used = {name for line in said.splitlines() if re.match(r"  n\d", line) for name in re.findall(r"\bn\d+\b", line)}
    assert used
    assert used <= declared
    assert 'subgraph s0["plat&quot;form"]' in said
    assert "not up yet" in said


def test_svg(rows: list[dict[str, Any]]) -> None:
    """A well-formed document that needs nothing from elsewhere; all cards lie inside of it."""
    graph = model.build({"platform": ((), rows), "<later>": (("platform",), [])})
    root = ElementTree.fromstring(svg.text(graph))  # noqa: S314  # our own text

    names = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {card.name for box in graph.boxes for card in box.cards} <= names
    assert "<later>" in names
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        if "x" in box.attrib:
            assert int(box.attrib["x"]) + int(box.attrib["width"]) <= int(root.attrib["width"])
            assert int(box.attrib["y"]) + int(box.attrib["height"]) <= int(root.attrib["height"])


def test_unknown_format() -> None:
    with pytest.raises(UsageError, match="unknown format 'png'; choose one of: mermaid, svg"):
        draw.check_format("png")
