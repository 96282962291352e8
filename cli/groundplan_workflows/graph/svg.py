# SPDX-License-Identifier: Apache-2.0
"""The picture as SVG: a column for each stack, a card for each component, arrows between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from groundplan_workflows.graph.model import Box, Card, Graph, Path

WIDTH, CARD, GAP, SPACE, HEAD, LEGEND = 250, 62, 16, 130, 44, 40
"""Pixels: width and height of a card, between cards, between columns, a column's title, the legend."""

COLORS: dict[Path, tuple[str, str]] = {
    "private endpoint": ("#b4009e", "6 3"),
    "network": ("#0f6cbd", ""),
    "dns": ("#107c10", "2 3"),
    "uses": ("#9aa0a6", ""),
}
"""Colour and dashes of each kind of path."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a card is: its left upper corner."""

    x: int
    y: int


def text(graph: Graph) -> str:
    """A document of its own, without scripts, fonts or anything else to fetch."""
    places: dict[str, _Place] = {}
    columns: list[str] = []
    height = HEAD + CARD
    for number, box in enumerate(graph.boxes):
        x = GAP + number * (WIDTH + 2 * GAP + SPACE)
        bottom = _arrange(box, x + GAP, places)
        columns += _column(box, x, bottom, places)
        height = max(height, bottom)
    width = 2 * GAP + len(graph.boxes) * (WIDTH + 2 * GAP + SPACE) - SPACE
    arrows = [_arrow(places[edge.start], places[edge.end], edge.path) for edge in graph.edges]
    return "\n".join(
        [
            _root(max(width, 640), height + GAP + LEGEND),
            "<title>Stacks, components and the paths between them</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            _markers(),
            *columns,
            *arrows,
            *_legend(height + GAP + LEGEND // 2),
            "</svg>",
            "",
        ]
    )


def _root(width: int, height: int) -> str:
    font = 'font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {font}>'


def _arrange(box: Box, x: int, places: dict[str, _Place]) -> int:
    """Give the cards of a column their places; where the column ends."""
    for row, card in enumerate(box.cards):
        places[card.key] = _Place(x, GAP + HEAD + row * (CARD + GAP))
    return GAP + HEAD + max(len(box.cards), 1) * (CARD + GAP)


def _column(box: Box, x: int, bottom: int, places: dict[str, _Place]) -> list[str]:
    dashes = "" if box.cards else ' stroke-dasharray="6 4"'
    title = escape(_cut(box.name, 34))
    size = f'width="{WIDTH + 2 * GAP}" height="{bottom - GAP}"'
    lines = [
        f'<rect x="{x}" y="{GAP}" {size} rx="10" fill="#f5f7fa" stroke="#c8d0da"{dashes}/>',
        f'<text x="{x + GAP}" y="{GAP + 28}" font-size="15" font-weight="600">{title}</text>',
    ]
    if not box.cards:
        lines.append(f'<text x="{x + GAP}" y="{GAP + HEAD + 24}" fill="#5f6368">not up yet</text>')
    return lines + [line for card in box.cards for line in _card(card, places[card.key])]


def _card(card: Card, place: _Place) -> list[str]:
    inside = ", ".join(f"{count} {kind.rpartition(':')[2]}" for kind, count in card.resources.items())
    return [
        f"<g><title>{escape(f'{card.kind} {card.name}: {inside}')}</title>",
        f'<rect x="{place.x}" y="{place.y}" width="{WIDTH}" height="{CARD}" rx="6" fill="#ffffff" stroke="#aab4c0"/>',
        f'<text x="{place.x + 12}" y="{place.y + 22}" font-weight="600">{escape(_cut(card.name, 30))}</text>',
        f'<text x="{place.x + 12}" y="{place.y + 38}" fill="#3c4043">{escape(_cut(card.kind, 32))}</text>',
        f'<text x="{place.x + 12}" y="{place.y + 53}" fill="#5f6368" font-size="11">{escape(_cut(inside, 42))}</text>',
        "</g>",
    ]


def _arrow(start: _Place, end: _Place, path: Path) -> str:
    color, dashes = COLORS[path]
    y1, y2 = start.y + CARD // 2, end.y + CARD // 2
    if start.x == end.x:  # within a column: around its right side
        x1 = x2 = start.x + WIDTH
        bend = x1 + 24 + abs(y2 - y1) // 12
        curve = f"M{x1},{y1} C{bend},{y1} {bend},{y2} {x2},{y2}"
    else:
        forward = end.x > start.x
        x1, x2 = (start.x + WIDTH, end.x) if forward else (start.x, end.x + WIDTH)
        middle = (x1 + x2) // 2
        curve = f"M{x1},{y1} C{middle},{y1} {middle},{y2} {x2},{y2}"
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    name = path.replace(" ", "-")
    return f'<path d="{curve}" fill="none" stroke="{color}" stroke-width="1.4" marker-end="url(#{name})"{dashed}/>'


def _markers() -> str:
    heads = "".join(
        f'<marker id="{path.replace(" ", "-")}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="{color}"/></marker>'
        for path, (color, _) in COLORS.items()
    )
    return f"<defs>{heads}</defs>"


def _legend(y: int) -> list[str]:
    lines: list[str] = []
    for number, (path, (color, dashes)) in enumerate(COLORS.items()):
        x = 2 * GAP + number * 150
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        lines.append(f'<path d="M{x},{y} H{x + 28}" stroke="{color}" stroke-width="1.6"{dashed}/>')
        lines.append(f'<text x="{x + 36}" y="{y + 4}" fill="#3c4043">{path}</text>')
    return lines


def _cut(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"
