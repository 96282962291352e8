# SPDX-License-Identifier: Apache-2.0
"""The picture as Mermaid text, which GitHub and most wikis draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan_workflows.graph.model import Card, Graph, Path

ARROWS: dict[Path, str] = {
    "private endpoint": "-. private endpoint .->",
    "network": "== in ==>",
    "dns": "-. resolves in .->",
    "uses": "-->",
}


def text(graph: Graph) -> str:
    """A flowchart: a frame for each stack, a node for each component."""
    numbers: dict[str, str] = {}
    lines = ["flowchart LR"]
    for number, box in enumerate(graph.boxes):
        lines.append(f'  subgraph s{number}["{_quoted(box.name)}"]')
        if not box.cards:
            lines.append(f'    s{number}empty["not up yet"]:::absent')
        for card in box.cards:
            numbers[card.key] = f"n{len(numbers)}"
            lines.append(f'    {numbers[card.key]}["{_label(card)}"]')
        lines.append("  end")
    known = {box.name: f"s{number}" for number, box in enumerate(graph.boxes)}
    lines += [
        f"  {known[needed]} ~~~ {known[box.name]}" for box in graph.boxes for needed in box.needs if needed in known
    ]
    lines += [f"  {numbers[edge.start]} {ARROWS[edge.path]} {numbers[edge.end]}" for edge in graph.edges]
    lines.append("  classDef absent stroke-dasharray: 4")
    return "\n".join(lines)


def _label(card: Card) -> str:
    more = sum(card.resources.values())
    counted = f"<br/>{more} resources" if more > 1 else ""
    return f"<b>{_quoted(card.name)}</b><br/>{_quoted(card.kind)}{counted}"


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
