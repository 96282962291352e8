# SPDX-License-Identifier: Apache-2.0
"""Pages about rules, made from the rules themselves: text, parameters, cases, sources."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import groundplan_templates
from groundplan_policies import catalog, controls
from groundplan_policies.cases import Case, cases_of
from groundplan_policies.rule import Id, Later
from groundplan_policies.values import Mark

if TYPE_CHECKING:
    from jinja2 import Template

    from groundplan_policies.rule import Entry


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as a page shows it."""

    name: str
    shown: str
    says: str
    given: Mapping[str, Any] | None


def page(entry: Entry) -> str:
    """A rule's page in Markdown."""
    known = controls.load()
    mine = [known[key] for key in entry.rule.controls if key in known]
    maps: dict[str, list[str]] = {}
    for control in mine:
        for framework, ids in control.maps.items():
            together = maps.setdefault(controls.FRAMEWORKS.get(framework, framework), [])
            together += [each for each in ids if each not in together]
    cases: dict[str, list[Shown]] = {"good": [], "bad": [], "unknown": []}
    for case in cases_of(entry):
        cases[case.expected].append(_shown(case))
    sources = list(dict.fromkeys(said for control in mine for said in control.sources()))
    text = _template().render(rule=entry.rule, cases=cases, sources=sources, maps=maps)
    return "\n".join(_single_blanks(text.splitlines())).strip() + "\n"


def index(entries: Iterable[Entry]) -> str:
    """A table of rules, area by area."""
    lines: list[str] = ["# Rules", ""]
    by_area: dict[str, list[Entry]] = {}
    for entry in entries:
        by_area.setdefault(entry.area, []).append(entry)
    for area, members in sorted(by_area.items()):
        lines += [f"## {_heading(area)}", "", "| rule | what holds | severity |", "|---|---|---|"]
        lines += [
            f"| {each.rule.id} `{each.rule.slug}` | {each.rule.title} | {each.rule.severity} |"
            for each in sorted(members, key=lambda each: each.rule.id)
        ]
        lines.append("")
    return "\n".join(lines)


def _heading(area: str) -> str:
    """What the rules of an area are about, in the words of its package."""
    try:
        about = importlib.import_module(f"{catalog.RULES}.{area}").__doc__ or ""
    except ModuleNotFoundError:  # rules of an author's own
        return area.replace("_", " ").capitalize()
    words = about.removeprefix("Rules about ").rstrip(".")
    return words[:1].upper() + words[1:]


def write(entries: Sequence[Entry], folder: Path) -> list[Path]:
    """The index and a page a rule, `<ID>.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "README.md"]
    written[0].write_text(index(entries), encoding="utf-8")
    for entry in entries:
        path = folder / f"{entry.rule.id}.md"
        path.write_text(page(entry), encoding="utf-8")
        written.append(path)
    return written


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(groundplan_templates.policies())
    # Markdown, not HTML: nothing is to be escaped
    environment = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, autoescape=False)  # noqa: S701
    return environment.get_template("rule.md.j2")


def _shown(case: Case) -> Shown:
    bodies = [_plain(body) for body in case.bodies]
    shown = json.dumps(bodies[0] if len(bodies) == 1 else bodies, indent=2, ensure_ascii=False)
    return Shown(case.name, shown, case.says, case.given)


def _plain(value: Any) -> Any:
    match value:
        case Mark():
            return f"[{value.value}]"
        case Later(name):
            return f"[id of {name}, not known yet]"
        case Id(name):
            return f"[id of {name}]"
        case Mapping():
            return {str(key): _plain(each) for key, each in cast("Mapping[str, Any]", value).items()}
        case list() | tuple():
            return [_plain(each) for each in cast("Sequence[Any]", value)]
        case _:
            return value


def _single_blanks(lines: Iterable[str]) -> Iterable[str]:
    blank = False
    for line in lines:
        if line.strip() or not blank:
            yield line.rstrip()
        blank = not line.strip()
