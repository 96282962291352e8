# SPDX-License-Identifier: Apache-2.0
"""`groundplan.policy.yaml`: levels, parameters and exemptions of a platform, over what the packs say.

The classes are the file's JSON Schema too: their docstrings are what an editor shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, cast

from groundplan_policies.levels import Level
from groundplan_policies.located import FileError, LocatedFile, load
from groundplan_policies.shapes import CONFIG, Text, problems, schema_of, taken

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FILE = "groundplan.policy.yaml"
PACK_FILE = "pack.yaml"
FailOn = Literal["low", "medium", "high", "critical", "mandatory"]
"""A severity, or `mandatory` for the levels of the rules."""
T = TypeVar("T")
Words = Annotated[str, Text(3)]
_SET = r"\[(?:!?\][^\]]*|![^\]]+|[^\]!][^\]]*)\]"
_NAMED = rf"^(?:(?:[*?\s]|{_SET})*[^*?\[\s]){{3}}"
"""Three characters that are neither wildcards nor blanks, with any of those before each. In a set a `]` may come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetting:
    """What a platform wants of one rule."""

    __pydantic_config__: ClassVar = CONFIG

    level: Level | None = None
    """mandatory, advisory, remediate or disabled; that of the pack unless set."""
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    """Values of the rule's parameters; `groundplan policy show ID` lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A rule does not count for some resources, for a time, for a reason that somebody stands for."""

    __pydantic_config__: ClassVar = CONFIG

    rule: str
    """Id or slug of the rule; `*` for all of them."""
    resource: Annotated[str, Text(1, _NAMED)]
    """Pattern over its logical name, ARM name, ARM id or URN, in any letter case: 3 characters or more besides `*`, `?` and `[...]`."""
    reason: Words
    """Why this is acceptable."""
    approver: Words
    """Who decided it."""
    expires: datetime.date
    """The last day on which it counts, YYYY-MM-DD."""
    stack: str = "*"
    """Pattern over `project/stack`; it is only expected to be used there. Every stack unless set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """Governance of one platform."""

    __pydantic_config__: ClassVar = CONFIG

    version: Literal[1]
    """Version of this file's format."""
    packs: list[str] = field(default_factory=lambda: ["baseline"])
    """Packs that `groundplan policy check` runs: names of Groundplan's own, or folders relative to this file."""
    fail_on: FailOn = "mandatory"
    """From which severity on `groundplan policy check` fails; `mandatory` goes by the rules' levels instead."""
    rules: dict[str, Level | RuleSetting] = field(default_factory=dict[str, Level | RuleSetting])
    """Settings by id or slug of the rule: a level, or a level and parameters."""
    exemptions: list[Exemption] = field(default_factory=list[Exemption])
    """Violations that are accepted for a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """`pack.yaml`: a list of rules and levels."""

    __pydantic_config__: ClassVar = CONFIG

    description: Words
    """What the pack is for, in a sentence."""
    requires: str = ""
    """Versions of Groundplan that the pack works with, such as `>=0.3,<0.5`; every version unless set."""
    rules: dict[str, Level | RuleSetting] = field(default_factory=dict[str, Level | RuleSetting])
    """Levels, or levels and parameters, by id or slug of the rule: Groundplan's own, and those in the folder `rules` beside the file."""
    azure_policy: list[str] = field(default_factory=list[str])
    """Files or folders, relative to this one, with Azure Policy definitions, initiatives, assignments and exemptions."""
    azure_policy_level: Level = "advisory"
    """Level of the rules made from Azure Policy, where their effect is Deny; those that only audit are advisory."""


class ConfigurationError(FileError):
    """The file is wrong; every problem on a line of its own."""


def find(start: Path) -> Path | None:
    """The file in a folder, or in the nearest one above it up to the platform's (that with `groundplan.yaml`)."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        if (folder / "groundplan.yaml").is_file() or (folder / ".git").exists():
            return None
    return None


def read(path: Path) -> PolicyFile:
    """Read `groundplan.policy.yaml`. Raises `ConfigurationError` with line and column of everything that is wrong at once."""
    return _read(path, PolicyFile, "a mapping with 'version', 'rules' and 'exemptions'")


def read_pack(path: Path) -> PackFile:
    """Read `pack.yaml`. Raises `ConfigurationError` in the same way."""
    return _read(path, PackFile, "a mapping with 'description' and 'rules'")


def _read(path: Path, shape: type[T], needed: str) -> T:
    content = load(path, "safe", needed)
    try:
        return taken(content, shape)
    except ValueError as error:
        located = LocatedFile(path, load(path, "rt", needed))  # slower, and only worth it for an error
        told = [each for each in problems(error) if not _is_other_choice(each)]
        lines = dict.fromkeys(_explained(located, shape, each) for each in told)
        raise ConfigurationError("\n".join(lines)) from None


def place(path: Path, keys: Sequence[str | int], *, key: bool = False) -> str:
    """Where something stands in the file, for what only the rules can find wrong."""
    return LocatedFile(path, load(path, "rt", "a mapping")).at(keys, key=key)


def schema(shape: type[PolicyFile | PackFile] = PolicyFile) -> dict[str, Any]:
    """The JSON Schema of `groundplan.policy.yaml`, or of `pack.yaml`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema_of(shape)


def _is_other_choice(error: ErrorDetails) -> bool:
    """Whether it is about the way that was not taken: a rule has a level, or a mapping."""
    is_text = isinstance(error["input"], str)
    return (
        error["loc"][:1] == ("rules",)
        and (error["type"] == "literal_error") is not is_text
        and error["type"] in ("literal_error", "dataclass_type")
    )


def _explained(located: LocatedFile, root: type, error: ErrorDetails) -> str:
    # the choice that pydantic tried is no part of the file
    path = [
        part for part in error["loc"] if part not in ("RuleSetting", "[key]") and not str(part).startswith("literal[")
    ]
    name = ".".join(map(str, path)) or "the file"
    value = _shown(error["input"])
    match error["type"]:
        case "missing":
            said = f"{name} is missing; it is needed{_about(root, path)}"
        case "unexpected_keyword_argument":
            from difflib import get_close_matches

            known = sorted(_properties(root, path[:-1]))
            near = get_close_matches(str(path[-1]), known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return f"{located.at(path, key=True)}: {name} is not a known key; {hint}known: {', '.join(known)}"
        case "literal_error":
            said = f"{name} is {value}; one of {error.get('ctx', {})['expected']} is needed"
        case "dataclass_type":
            said = f"{name} is {value}; a level or a mapping with 'level' and 'parameters' is needed"
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            said = f"{name} is {value}; a date as YYYY-MM-DD is needed"
        case "string_too_short":
            said = f"{name} is {value}; at least {error.get('ctx', {})['min_length']} characters are needed{_about(root, path)}"
        case "string_pattern_mismatch":
            said = f"{name} is {value}; at least 3 characters that are no wildcards are needed{_about(root, path)}"
        case _:
            message = error["msg"].removeprefix("Value error, ")
            said = f"{name} is {value}: {message[:1].lower()}{message[1:]}"
    return f"{located.at(path)}: {said}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return repr(dict(cast("dict[str, Any]", value)))
    return repr(list(cast("list[Any]", value))) if isinstance(value, list) else repr(value)


_PARTS: Mapping[str, type] = {"rules": RuleSetting, "exemptions": Exemption}


def _properties(root: type, path: Sequence[int | str]) -> Mapping[str, Any]:
    """The schemas of the keys that the part of the file at `path` knows."""
    return schema_of(_PARTS.get(str(path[0]), root) if path else root)["properties"]


def _about(root: type, path: Sequence[int | str]) -> str:
    description = _properties(root, path[:-1]).get(str(path[-1]), {}).get("description") if path else None
    return f": {description}" if description else ""
