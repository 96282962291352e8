# SPDX-License-Identifier: Apache-2.0
"""Packs: which rules are asked, and how much each weighs, once a platform's own configuration is over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan_policies import catalog
from groundplan_policies.catalog import Catalog, UnknownRule
from groundplan_policies.configuration import (
    PACK_FILE,
    ConfigurationError,
    Exemption,
    PackFile,
    PolicyFile,
    RuleSetting,
    place,
    read,
    read_pack,
)
from groundplan_policies.levels import Level
from groundplan_policies.rule import RuleError

if TYPE_CHECKING:
    from groundplan_policies.rule import Entry, Rule

NAMES = ("baseline", "regulated", "cost", "mlops", "network")
"""Groundplan's own packs."""


@dataclass(frozen=True, slots=True)
class Active:
    """A rule in a pack."""

    rule: Rule
    level: Level
    parameters: Mapping[str, Any]
    """Those that differ from the rule's own."""


@dataclass(frozen=True)
class Pack:
    """Rules with their levels, and what is exempted from them."""

    name: str
    description: str
    active: Sequence[Active]
    exemptions: Sequence[Exemption] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Active]:
        """The rules by id."""
        return {each.rule.id: each for each in self.active}

    def enabled(self) -> list[Active]:
        """The rules that are asked."""
        return [each for each in self.active if each.level != "disabled"]

    def with_settings(self, settings: Mapping[str, Level | RuleSetting], where: Path | None = None) -> Pack:
        """The same pack with other levels and parameters. Raises `ConfigurationError` for a rule that it does not have or a bad value."""
        return replace(self, active=_applied(self.active, settings, where, self))


def folder_of(name: str, start: Path | None = None) -> Path:
    """The folder of one of Groundplan's packs, or one given by path, relative to `start`. Raises `ConfigurationError`."""
    if name in NAMES:
        own = Path(__file__).parent
        beside = own.parent / name  # a checkout; a wheel has them inside of the package
        return beside if (beside / PACK_FILE).is_file() else own / "packs" / name
    folder = (start or Path()) / name
    if not (folder / PACK_FILE).is_file():
        raise ConfigurationError(
            f"there is no pack {name!r}: {folder / PACK_FILE} does not exist; give one of {', '.join(NAMES)} or the folder of a pack"
        )
    return folder


def load(folder: Path, configuration: Path | None = None) -> Pack:
    """A pack from its folder, with a platform's configuration over it. Raises `ConfigurationError` or `RuleError`."""
    path = folder / PACK_FILE
    file = read_pack(path)
    _check_version(path, file)
    known = _Known(folder)
    active = list(_active(known, file.rules, path))
    active.extend(_azure(folder, file))
    pack = Pack(folder.resolve().name, file.description, active)
    if configuration is None:
        return pack
    over = read(configuration)
    _check_known(known, pack, over, configuration)
    names = _names(pack.active)
    chosen: dict[str, Level | RuleSetting] = {
        each: setting for each, setting in over.rules.items() if each.casefold() in names
    }
    return replace(pack.with_settings(chosen, configuration), exemptions=over.exemptions)


class _Known:
    """Groundplan's rules and those beside a pack."""

    def __init__(self, folder: Path) -> None:
        own = folder / "rules"
        self.catalogs: list[Catalog] = [catalog.load(), *([catalog.load_folder(own)] if own.is_dir() else [])]

    def entry(self, name: str) -> Entry:
        for each in reversed(self.catalogs):
            found = each.find(name)
            if found is not None:
                return found
        names = [
            name
            for each in self.catalogs
            for entry in each.entries.values()
            for name in (entry.rule.id, entry.rule.slug)
        ]
        raise UnknownRule(name, names)


def _active(known: _Known, rules: Mapping[str, Level | RuleSetting], path: Path) -> Iterable[Active]:
    problems: list[str] = []
    found: dict[str, Active] = {}
    for name, setting in rules.items():
        try:
            rule = known.entry(name).rule
        except UnknownRule as error:
            problems.append(f"{place(path, ['rules', name], key=True)}: {error}")
            continue
        level, parameters = _setting(setting)
        if rule.id in found:
            problems.append(_twice(rule, path, name))
        problems.extend(_wrong_parameters(rule, parameters, path, name))
        found[rule.id] = Active(rule, level or "advisory", parameters)
    if problems:
        raise ConfigurationError("\n".join(problems))
    return found.values()


def _azure(folder: Path, file: PackFile) -> Iterable[Active]:
    """Rules made from Azure Policy documents."""
    if not file.azure_policy:
        return
    from groundplan_policies import azure_policy

    try:
        made = azure_policy.rules(azure_policy.load([folder / each for each in file.azure_policy]))
    except azure_policy.PolicyError as error:
        raise ConfigurationError(str(error)) from None
    for rule in made:
        denies = rule.severity in ("high", "critical")
        yield Active(rule, file.azure_policy_level if denies else "advisory", {})


def _applied(
    active: Sequence[Active], settings: Mapping[str, Level | RuleSetting], where: Path | None, pack: Pack
) -> list[Active]:
    changed = {each.rule.id: each for each in active}
    names = _names(active)
    problems: list[str] = []
    taken: set[str] = set()
    for name, setting in settings.items():
        one = names.get(name.casefold())
        if one is None:
            known = [text for each in active for text in (each.rule.id, each.rule.slug)]
            problems.append(f"pack {pack.name}: {UnknownRule(name, known)}")
            continue
        if one.rule.id in taken:
            problems.append(_twice(one.rule, where, name))
        taken.add(one.rule.id)
        level, parameters = _setting(setting)
        problems.extend(_wrong_parameters(one.rule, parameters, where, name))
        changed[one.rule.id] = Active(one.rule, level or one.level, {**one.parameters, **parameters})
    if problems:
        raise ConfigurationError("\n".join(problems))
    return list(changed.values())


def _names(active: Iterable[Active]) -> dict[str, Active]:
    """Rules by id and slug, in lower case; the first of several."""
    found: dict[str, Active] = {}
    for each in active:
        found.setdefault(each.rule.id.casefold(), each)
        found.setdefault(each.rule.slug, each)
    return found


def _setting(setting: Level | RuleSetting) -> tuple[Level | None, Mapping[str, Any]]:
    return (setting.level, setting.parameters) if isinstance(setting, RuleSetting) else (setting, {})


def _check_known(known: _Known, pack: Pack, over: PolicyFile, path: Path) -> None:
    """A platform's file may be about rules of several packs; each has to be a rule of this pack, of Groundplan, or of another of them."""
    named: list[tuple[list[str | int], str, bool]] = [(["rules", name], name, True) for name in over.rules]
    named += [
        (["exemptions", at, "rule"], each.rule, False) for at, each in enumerate(over.exemptions) if each.rule != "*"
    ]
    problems: list[str] = []
    own = _names(pack.active)
    others: dict[str, Active] | None = None
    for keys, name, is_key in named:
        if name.casefold() in own:
            continue
        try:
            known.entry(name)
        except UnknownRule as error:
            if others is None:
                others = _names(_others(pack, over, path))
            if name.casefold() not in others:
                problems.append(f"{place(path, keys, key=is_key)}: {error}")
    if problems:
        raise ConfigurationError("\n".join(problems))


def _others(pack: Pack, over: PolicyFile, path: Path) -> list[Active]:
    """The rules of the other packs that the file names; what is wrong with those they tell themselves."""
    found: list[Active] = []
    for name in over.packs:
        with suppress(ConfigurationError, RuleError):
            folder = folder_of(name, path.parent)
            if folder.resolve().name != pack.name:
                found.extend(load(folder).active)
    return found


def _twice(rule: Rule, path: Path | None, name: str) -> str:
    """By its id and by its slug, or in another letter case."""
    at = f"{place(path, ['rules', name], key=True)}: " if path else ""
    return f"{at}{rule.id} ({rule.slug}) is listed twice; delete one of them"


def _wrong_parameters(rule: Rule, given: Mapping[str, Any], path: Path | None, name: str) -> Iterable[str]:
    if not given:
        return
    from difflib import get_close_matches

    import jsonschema_rs

    known = {each.name: each for each in rule.parameters}
    for key, value in given.items():
        at = f"{place(path, ['rules', name, 'parameters', key])}: " if path else ""
        parameter = known.get(key)
        if parameter is None:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            has = ", ".join(known) or "none"
            yield f"{at}rule {rule.id} ({rule.slug}) has no parameter {key!r}; {hint}it has: {has}"
            continue
        error = next(jsonschema_rs.validator_for(dict(parameter.schema)).iter_errors(value), None)
        if error is not None:
            yield f"{at}{key} of {rule.id} ({rule.slug}) is {value!r}: {error.message}; needed is: {parameter.description}"


def _check_version(path: Path, file: PackFile) -> None:
    if not file.requires:
        return
    from importlib.metadata import version

    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    here = version("groundplan")
    try:
        fits = SpecifierSet(file.requires).contains(here, prereleases=True)
    except InvalidSpecifier:
        raise ConfigurationError(
            f"{place(path, ['requires'])}: requires is {file.requires!r}; versions such as '>=0.3,<0.5' are needed"
        ) from None
    if not fits:
        raise ConfigurationError(
            f"{place(path, ['requires'])}: the pack needs Groundplan {file.requires}, this is {here}; "
            "install a version that fits, or a version of the pack that is made for this one"
        )
