# SPDX-License-Identifier: Apache-2.0
"""A kit for authors: a new rule in a pack of their own, written from templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import groundplan_templates
from groundplan_policies import catalog
from groundplan_policies.configuration import PACK_FILE
from groundplan_policies.rule import Rule, check_types
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.chosen import usage_errors

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TAG = "owner"
_PACK = ("PulumiPolicy.yaml", "__main__.py", PACK_FILE)


@dataclass(frozen=True, slots=True)
class Written:
    """What a new rule consists of."""

    rule: Path
    files: tuple[Path, ...]
    """Everything that was written or changed."""
    id: str


def new_rule(
    slug: str, folder: Path, *, title: str | None = None, identifier: str | None = None, type_: str = "*"
) -> Written:
    """Write a rule with its cases and a test into a pack, which is made where there is none. UsageError; nothing is overwritten."""
    if not _SLUG.fullmatch(slug):
        raise UsageError(
            f"the slug is {slug!r}; lower case words joined by '-' are needed, such as 'workspace-has-owner'"
        )
    rules = folder / "rules"
    path = rules / f"{slug.replace('-', '_')}.py"
    if path.exists():
        raise UsageError(f"{path} exists; choose another slug, or change that file")
    with usage_errors():
        known = [*catalog.load(), *(catalog.load_folder(rules) if rules.is_dir() else ())]
    if slug in {each.slug for each in known}:
        raise UsageError(f"there is a rule {slug!r} already; choose another slug, or set its level in {PACK_FILE}")
    identifier = identifier or _free_id(folder.resolve().name, [each.id for each in known])
    if identifier in {each.id for each in known}:
        raise UsageError(f"there is a rule {identifier} already; choose another --id")
    title = title or slug.replace("-", " ").capitalize()
    if not title.isprintable():
        raise UsageError(f"the title is {title!r}; one line of characters that can be printed is needed")
    with usage_errors():
        _check(slug, identifier, title, type_)
    values = {"slug": slug, "id": identifier, "title": title, "type": type_, "tag": _TAG}
    text = _rendered("rule.py.j2", values)
    # before anything is written: one file that Python can not read takes the whole pack with it
    compile(text, path, "exec")
    files: list[Path] = []
    about = {"description": f"Rules of {folder.resolve().name}"}
    if not (folder / PACK_FILE).exists():
        files += write_pack(folder, about)
    files.append(_write(path, text))
    test = folder / "tests" / "test_rules.py"
    if not test.exists():
        files.append(_write(test, _rendered("test_rules.py.j2", {})))
    _list(folder / PACK_FILE, identifier)
    with usage_errors():
        catalog.load_folder(rules)  # what was written is a rule
    return Written(path, tuple(dict.fromkeys([*files, folder / PACK_FILE])), identifier)


def write_pack(folder: Path, values: dict[str, str], template: str = f"{PACK_FILE}.j2") -> tuple[Path, ...]:
    """Write what a pack needs besides rules; `template` is that of its pack.yaml."""
    templates = {name: f"{name}.j2" for name in _PACK} | {PACK_FILE: template}
    return tuple(_write(folder / name, _rendered(each, values)) for name, each in templates.items())


def _free_id(pack: str, taken: list[str]) -> str:
    """`OWN-001`, or the next one: the pack's name gives the letters."""
    letters = re.sub(r"[^A-Z]", "", pack.upper())[:4] or "OWN"
    return next(name for number in range(1, 1000) if (name := f"{letters}-{number:03}") not in taken)


def _check(slug: str, identifier: str, title: str, type_: str) -> None:
    """Raises `RuleError` for what no rule may have."""
    words = dict.fromkeys(("rationale", "remediation", "absent"), "The template's.")
    rule = Rule(
        id=identifier,
        slug=slug,
        title=title,
        severity="medium",
        types=(type_,),
        controls=(),
        check=lambda _: (),
        **words,
    )
    check_types(rule)


def _rendered(template: str, values: Mapping[str, str]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(groundplan_templates.policies())
    # Python and YAML, not HTML: the filters escape what is put into a text
    environment = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    environment.filters |= {"literal": _literal, "docstring": _docstring}
    return environment.get_template(template).render(values)


def _literal(text: str) -> str:
    """A text in Python, in double quotes."""
    return json.dumps(text, ensure_ascii=False)  # JSON's escapes are Python's too


def _docstring(text: str) -> str:
    """A text between triple quotes."""
    return text.replace("\\", r"\\").replace('"""', r"\"\"\"")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _list(pack: Path, identifier: str) -> None:
    """Add the rule to the pack's list, and keep everything else in it as it was, comments too."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 140
    content = yaml.load(pack)
    content.setdefault("rules", {})[identifier] = "advisory"
    content["rules"].fa.set_block_style()
    fresh = pack.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    fresh.replace(pack)
