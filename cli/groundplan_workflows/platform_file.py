# SPDX-License-Identifier: Apache-2.0
"""`groundplan.yaml`: the environments of a platform, and which stacks it has in how many instances.

The classes are the file's JSON Schema too: their docstrings are what an editor shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from groundplan_workflows import yaml_file
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from groundplan_workflows.yaml_file import LocatedFile

FILE = "groundplan.yaml"
SCHEMA_FILE = "groundplan.schema.json"
SHORT = r"^[a-z][a-z0-9]{1,11}$"
SHORT_WORDS = "2 to 12 lower case letters and digits, first a letter"
REGION = r"^[a-z][a-z0-9]+$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_PATTERNS = {
    SHORT: SHORT_WORDS,
    REGION: "the short name of an Azure region, such as westeurope",
    _GUID: "the id of a subscription, a GUID",
}
"""Patterns of the file, in words."""


ShortName = Annotated[str, StringConstraints(pattern=SHORT)]
"""A name that becomes part of the names of Azure resources and of Pulumi stacks."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Environment(_Part):
    """One environment of the platform."""

    target: Literal["local", "azure"] = "local"
    """Where commands work unless `--target` says otherwise: Azure on localhost, or Azure."""
    state: ShortName | None = None
    """Name of the Pulumi stacks of this environment, and of their files `Pulumi.<state>.yaml`; the environment's own unless set."""
    subscription: str | None = Field(default=None, pattern=_GUID)
    """Subscription on the target azure; that of your credential unless set. A stack's own configuration goes before it."""
    location: str | None = Field(default=None, pattern=REGION)
    """Azure region of this environment, where it is not that of the platform."""
    stacks: list[str] | None = Field(default=None, min_length=1)
    """Folders of `stacks` that this environment has, such as the registry that all others share; all of them unless set."""


class Instance(_Part):
    """One of several deployments of the same stack, such as one team's workspace."""

    needs: list[str] | None = None
    """Stacks that come first, such as `0-foundation` or `1-workspace/hub`; those of lower levels unless set."""


class StackEntry(_Part):
    """A folder of `stacks`."""

    needs: list[str] | None = None
    """Stacks that come first; those of lower levels unless set."""
    instances: dict[ShortName, Instance | None] | None = None
    """Deployments of this stack by name. Each has a Pulumi stack `<state>-<name>` and a file `Pulumi.<state>-<name>.yaml`."""


class Platform(_Part):
    """A platform of Azure Machine Learning: its environments and stacks."""

    version: Literal[1]
    """Version of this file's format."""
    project: ShortName
    """Short name of the platform, part of every resource's name. Stacks that are configured with `project` must agree."""
    location: str = Field(pattern=REGION)
    """Azure region. Stacks that are configured with `location` must agree."""
    environments: dict[ShortName, Environment | None] = Field(min_length=1)
    """Environments by name, in the order in which changes go through them."""
    stacks: dict[str, StackEntry | None] = Field(min_length=1)
    """The folders of `stacks` that the platform has. A key alone is a stack with one deployment."""

    def environment(self, name: str) -> Environment:
        """An environment of the file."""
        return self.environments[name] or Environment()

    def states(self) -> dict[str, str]:
        """Names of Pulumi stacks by environment."""
        return {name: self.environment(name).state or name for name in self.environments}

    def has(self, environment: str, folder: str) -> bool:
        """Whether an environment has a folder of `stacks`."""
        chosen = self.environment(environment).stacks
        return chosen is None or folder in chosen

    def location_of(self, environment: str) -> str:
        """Azure region of an environment."""
        return self.environment(environment).location or self.location


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """The file, and what it says."""

    located: LocatedFile
    platform: Platform

    def fail(self, keys: Sequence[str | int], message: str, *, key: bool = False) -> UsageError:
        """An error about a place in the file."""
        return self.located.fail(keys, message, key=key)


def find(folder: Path) -> Path | None:
    """The file of a platform, if the folder is one."""
    path = folder / FILE
    return path if path.is_file() else None


def load(path: Path) -> PlatformFile:
    """Read it; UsageError with line, column, value and what is allowed, for everything that is wrong at once."""
    located = yaml_file.read_located(path, needed="a mapping with 'version', 'project', 'environments' and 'stacks'")
    try:
        platform = Platform.model_validate(located.content)
    except ValidationError as error:
        raise UsageError("\n".join(dict.fromkeys(_explain(located, each) for each in error.errors()))) from None
    found = PlatformFile(located, platform)
    _check_states(found)
    _check_folders(found)
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Platform.model_json_schema()


def _check_states(file: PlatformFile) -> None:
    owners: dict[str, str] = {}
    for name, state in file.platform.states().items():
        if state in owners:
            raise file.fail(
                ["environments", name, "state"],
                f"environments {owners[state]!r} and {name!r} share the state name {state!r}, so that one would "
                f"overwrite the other; give each its own: environments.{name}.state",
            )
        owners[state] = name


def _check_folders(file: PlatformFile) -> None:
    known = list(file.platform.stacks)
    for name in file.platform.environments:
        for index, folder in enumerate(file.platform.environment(name).stacks or ()):
            if folder not in known:
                near = get_close_matches(folder, known, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                raise file.fail(
                    ["environments", name, "stacks", index],
                    f"environments.{name}.stacks names {folder!r}; {hint}the key 'stacks' of the file has: {', '.join(known)}",
                )


def _explain(located: LocatedFile, error: ErrorDetails) -> str:
    is_key = "[key]" in error["loc"]
    path = [part for part in error["loc"] if part != "[key]"]
    name = ".".join(map(str, path)) or "the file"
    match error["type"]:
        case "missing":
            said = f"{name} is missing; it is needed"
            if (info := Platform.model_fields.get(str(path[-1]))) is not None:
                said += f": {info.description}"
        case "extra_forbidden":
            known = sorted(_keys(path[:-1]))
            near = get_close_matches(str(path[-1]), known, n=1)
            said = f"{name} is not a known key; " + (f"did you mean {near[0]!r}? " if near else "") + "known: "
            said, is_key = said + ", ".join(known), True
        case "string_pattern_mismatch":
            said = f"{name} is {error['input']!r}; {_PATTERNS[error.get('ctx', {})['pattern']]} is needed"
        case _:
            message = error["msg"].removeprefix("Value error, ")
            said = f"{name} is {_plain(error['input'])}: {message[:1].lower()}{message[1:]}"
    return f"{located.at(path, key=is_key)}: {said}"


def _plain(value: object) -> str:
    return (
        repr(dict(value)) if isinstance(value, dict) else repr(list(value)) if isinstance(value, list) else repr(value)
    )  # pyright: ignore[reportUnknownArgumentType]


def _keys(path: Sequence[int | str]) -> Iterator[str]:
    """Keys that the part of the file at `path` knows."""
    model: type[BaseModel] = Platform
    for part in path:
        info = model.model_fields.get(str(part))
        model = next(_models(info.annotation), model) if info else model
    yield from model.model_fields


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)
