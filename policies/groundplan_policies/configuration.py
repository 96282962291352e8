# SPDX-License-Identifier: Apache-2.0
"""`groundplan.policy.yaml`: levels, parameters and exemptions of a platform, over what the packs say.

The classes are the file's JSON Schema too: their docstrings are what an editor shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from groundplan_policies.levels import Level
from groundplan_policies.located import FileError, LocatedFile, load

FILE = "groundplan.policy.yaml"
PACK_FILE = "pack.yaml"
FailOn = Literal["low", "medium", "high", "critical", "mandatory"]
"""A severity, or `mandatory` for the levels of the rules."""
P = TypeVar("P", bound="_Part")
Words = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, populate_by_name=True)


class RuleSetting(_Part):
    """What a platform wants of one rule."""

    level: Level | None = None
    """mandatory, advisory, remediate or disabled; that of the pack unless set."""
    parameters: dict[str, Any] = {}
    """Values of the rule's parameters; `groundplan policy show ID` lists them."""


class Exemption(_Part):
    """A rule does not count for some resources, for a time, for a reason that somebody stands for."""

    rule: str
    """Id or slug of the rule; `*` for all of them."""
    resource: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    """Pattern (`*`, `?`, `[...]`) over the resource's logical name, its ARM id or its URN; letter case is ignored."""
    reason: Words
    """Why this is acceptable."""
    approver: Words
    """Who decided it."""
    expires: datetime.date
    """The last day on which it counts, YYYY-MM-DD."""
    stack: str = "*"
    """Pattern over `project/stack`; it is only expected to be used there. Every stack unless set."""


class PolicyFile(_Part):
    """Governance of one platform."""

    version: Literal[1]
    """Version of this file's format."""
    packs: list[str] = ["baseline"]
    """Packs that `groundplan policy check` runs: names of Groundplan's own, or folders relative to this file."""
    fail_on: FailOn = Field(default="mandatory", alias="failOn")
    """From which severity on `groundplan policy check` fails; `mandatory` goes by the rules' levels instead."""
    rules: dict[str, Level | RuleSetting] = {}
    """Settings by id or slug of the rule: a level, or a level and parameters."""
    exemptions: list[Exemption] = []
    """Violations that are accepted for a time."""


class PackFile(_Part):
    """`pack.yaml`: a list of rules and levels."""

    description: Words
    """What the pack is for, in a sentence."""
    requires: str = ""
    """Versions of Groundplan that the pack works with, such as `>=0.3,<0.5`; every version unless set."""
    rules: dict[str, Level | RuleSetting] = {}
    """Levels, or levels and parameters, by id or slug of the rule: Groundplan's own, and those in the folder `rules` beside the file."""
    azure_policy: list[str] = Field(default=[], alias="azurePolicy")
    """Files or folders, relative to this one, with Azure Policy definitions, initiatives, assignments and exemptions."""
    azure_policy_level: Level = Field(default="advisory", alias="azurePolicyLevel")
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


def _read(path: Path, model: type[P], needed: str) -> P:
    try:
        return model.model_validate(load(path, "safe", needed))
    except ValidationError as error:
        located = LocatedFile(path, load(path, "rt", needed))  # slower, and only worth it for an error
        told = [each for each in error.errors() if not _is_other_choice(each)]
        lines = dict.fromkeys(_explained(located, model, each) for each in told)
        raise ConfigurationError("\n".join(lines)) from None


def place(path: Path, keys: Sequence[str | int], *, key: bool = False) -> str:
    """Where something stands in the file, for what only the rules can find wrong."""
    return LocatedFile(path, load(path, "rt", "a mapping")).at(keys, key=key)


def schema(model: type[BaseModel] = PolicyFile) -> dict[str, Any]:
    """The JSON Schema of `groundplan.policy.yaml`, or of `pack.yaml`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema()


def _is_other_choice(error: ErrorDetails) -> bool:
    """Whether it is about the way that was not taken: a rule has a level, or a mapping."""
    is_text = isinstance(error["input"], str)
    return (
        error["loc"][:1] == ("rules",)
        and (error["type"] == "literal_error") is not is_text
        and error["type"] in ("literal_error", "model_type")
    )


def _explained(located: LocatedFile, root: type[BaseModel], error: ErrorDetails) -> str:
    # the choice that pydantic tried is no part of the file
    path = [
        part for part in error["loc"] if part not in ("RuleSetting", "[key]") and not str(part).startswith("literal[")
    ]
    name = ".".join(map(str, path)) or "the file"
    value = _shown(error["input"])
    match error["type"]:
        case "missing":
            said = f"{name} is missing; it is needed{_about(root, path)}"
        case "extra_forbidden":
            known = sorted(_keys(root, path[:-1]))
            near = get_close_matches(str(path[-1]), known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return f"{located.at(path, key=True)}: {name} is not a known key; {hint}known: {', '.join(known)}"
        case "literal_error":
            said = f"{name} is {value}; one of {error.get('ctx', {})['expected']} is needed"
        case "model_type" | "model_attributes_type":
            said = f"{name} is {value}; a level or a mapping with 'level' and 'parameters' is needed"
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            said = f"{name} is {value}; a date as YYYY-MM-DD is needed"
        case "string_too_short":
            said = f"{name} is {value}; at least {error.get('ctx', {})['min_length']} characters are needed{_about(root, path)}"
        case _:
            message = error["msg"].removeprefix("Value error, ")
            said = f"{name} is {value}: {message[:1].lower()}{message[1:]}"
    return f"{located.at(path)}: {said}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return repr(dict(cast("dict[str, Any]", value)))
    return repr(list(cast("list[Any]", value))) if isinstance(value, list) else repr(value)


_MODELS: Mapping[str, type[BaseModel]] = {"rules": RuleSetting, "exemptions": Exemption}


def _model(root: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel]:
    return _MODELS.get(str(path[0]), root) if path else root


def _keys(root: type[BaseModel], path: Sequence[int | str]) -> Iterator[str]:
    """Keys that the part of the file at `path` knows."""
    for name, info in _model(root, path).model_fields.items():
        yield info.alias or name


def _about(root: type[BaseModel], path: Sequence[int | str]) -> str:
    info = _model(root, path[:-1]).model_fields.get(str(path[-1])) if path else None
    return f": {info.description}" if info is not None and info.description else ""
