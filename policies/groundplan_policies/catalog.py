# SPDX-License-Identifier: Apache-2.0
"""All rules: the files below `rules/<area>/`, one a file, found by their place."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from groundplan_policies.evaluate import named
from groundplan_policies.rule import Entry, Rule, RuleError, check_types

RULES = "groundplan_policies.rules"


class UnknownRule(LookupError):  # noqa: N818  (the name says what is wrong)
    """An id or slug that no rule has."""

    def __init__(self, wanted: str, known: Sequence[str]) -> None:
        from difflib import get_close_matches

        near = get_close_matches(wanted.upper(), known, n=1) or get_close_matches(wanted.lower(), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`groundplan policy list` shows all of them"
        super().__init__(f"there is no rule {wanted!r}; {hint}")
        self.wanted = wanted


class Catalog:
    """Rules by id and by slug."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries: Mapping[str, Entry] = {
            each.rule.id: each for each in sorted(entries, key=lambda each: each.rule.id)
        }
        self._by_slug = {each.rule.slug: each for each in entries}
        taken: dict[str, str] = {}
        for each in entries:
            for name in (each.rule.id, each.rule.slug):
                if name in taken:
                    raise RuleError(
                        f"{name} is the name of two rules: {taken[name]} and {each.file}; give one of them another"
                    )
                taken[name] = each.file

    def __iter__(self) -> Iterator[Rule]:
        return (each.rule for each in self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, name: str) -> Entry | None:
        """A rule by id (any case) or slug, if there is one."""
        return self.entries.get(name.upper()) or self._by_slug.get(name.lower())

    def get(self, name: str) -> Entry:
        """A rule by id (any case) or slug. Raises `UnknownRule` with the nearest name."""
        found = self.find(name)
        if found is None:
            raise UnknownRule(name, [*self.entries, *self._by_slug])
        return found


@cache
def load() -> Catalog:
    """The rules of Groundplan, loaded once a process."""
    (rules,) = importlib.import_module(RULES).__path__
    return Catalog([entry for area in _inside(rules) if area.is_dir() for entry in _area(area.name, area.path)])


def _area(area: str, folder: str) -> Iterator[Entry]:
    package = importlib.import_module(f"{RULES}.{area}").__name__
    for file in _inside(folder):
        name, _, kind = file.name.partition(".")
        if kind == "py":
            # `import` would look for each of hundreds of small files, which are found already
            full = f"{package}.{name}"
            yield entry_of(sys.modules.get(full) or _executed(full, file.path), area)


def _inside(folder: str) -> list[os.DirEntry[str]]:
    return sorted((each for each in os.scandir(folder) if each.name[0] != "_"), key=lambda each: each.name)


def load_folder(folder: Path) -> Catalog:
    """Rules of an author's own: every `.py` file of a folder that has a RULE. Raises `RuleError`, naming the file."""
    return Catalog([entry_of(_load_file(path), folder.name) for path in sorted(folder.glob("[!_]*.py"))])


def entry_of(module: ModuleType, area: str) -> Entry:
    """The rule of a module with its cases. Raises `RuleError` for what is missing."""
    file = module.__file__ or module.__name__
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise RuleError(f"{file} has no RULE; a file of rules has one `RULE = Rule(...)`")
    check_types(rule)
    missing = [name for name in ("GOOD", "BAD", "UNKNOWN_CASES") if not getattr(module, name, None)]
    if missing:
        raise RuleError(f"{file}: {', '.join(missing)} missing; each holds one case at least")
    named = f"{rule.slug.replace('-', '_')}.py"
    if not file.endswith(f"{os.sep}{named}"):
        raise RuleError(f"{file}: the slug is {rule.slug!r}, so the file is called {named}")
    return Entry(rule, area, file, module.GOOD, module.BAD, module.UNKNOWN_CASES)


def _load_file(path: Path) -> ModuleType:
    name = f"_groundplan_rules_{path.parent.name}_{path.stem}".replace("-", "_")
    try:
        return _executed(name, str(path))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a file that ends the program while it is loaded ends no check
        raise RuleError(f"{path} can not be loaded: {named(error)}") from error


def _executed(name: str, path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and tracebacks look a module up by its name
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
