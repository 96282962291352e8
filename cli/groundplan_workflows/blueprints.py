# SPDX-License-Identifier: Apache-2.0
"""Blueprints: data that says which stacks a platform starts with, in which instances, with which configuration."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import groundplan_templates
from groundplan_workflows import yaml_file
from groundplan_workflows.errors import UsageError, WorkflowError
from groundplan_workflows.platform_file import Environment, StackEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CONFIGURATION = "Pulumi.yaml"
"""Template of every `Pulumi.<state>.yaml`."""
EVERYWHERE = "all"


class Blueprint(BaseModel):
    """One architecture."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    summary: str
    """What it is, in a sentence or two."""
    choose: list[str]
    """When it is the right one."""
    picture: str
    """Mermaid."""
    environments: dict[str, Environment]
    stacks: dict[str, StackEntry | None]
    """As in `groundplan.yaml`."""
    configuration: dict[str, dict[str, dict[str, Any]]] = Field(default_factory=dict)
    """By stack (`1-workspace`, for all of its instances) or instance (`1-workspace/fraud`): keys by environment or `all`.
    A text may hold `{{ project }}`, `{{ location }}`, `{{ environment }}`, `{{ instance }}`, `{{ month }}`."""

    def deployments(self, environment: str) -> Iterator[tuple[str, str]]:
        """Stack and instance of each deployment in an environment."""
        for folder, entry in self.stacks.items():
            if folder not in (self.environments[environment].stacks or self.stacks):
                continue
            for instance in entry.instances if entry and entry.instances else {"": None}:
                yield folder, instance

    @property
    def instanced(self) -> bool:
        """Whether a stack has instances."""
        return any(entry and entry.instances for entry in self.stacks.values())

    def configuration_of(
        self, folder: str, instance: str, environment: str, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The keys of one deployment: the more special goes before the more general."""
        merged: dict[str, Any] = {}
        for name in (folder, f"{folder}/{instance}"):
            for part in (EVERYWHERE, environment):
                merged = _merge(merged, self.configuration.get(name, {}).get(part, {}))
        return _rendered(merged, {**values, "environment": environment, "instance": instance})


def names() -> list[str]:
    """All blueprints."""
    return sorted(path.stem for path in groundplan_templates.blueprints().glob("*.yaml"))


def load(name: str | None) -> Blueprint:
    """The blueprint of this name; UsageError with all of them where there is none."""
    if name is None or name not in names():
        near = get_close_matches(name or "", names(), n=1)
        said = "no blueprint was named" if name is None else f"unknown blueprint {name!r}"
        hint = f"did you mean {near[0]!r}? " if near else ""
        listed = "".join(f"\n  {each.name}: {each.title}" for each in every())
        raise UsageError(f"{said}; {hint}choose one with --blueprint:{listed}")
    return _read(groundplan_templates.blueprints() / f"{name}.yaml")


def every() -> list[Blueprint]:
    """All blueprints, read."""
    return [_read(groundplan_templates.blueprints() / f"{name}.yaml") for name in names()]


def render(path: Path, values: Mapping[str, Any]) -> str:
    """A template of ours, filled in."""
    return _environment(path.parent).get_template(path.name).render(**values)


def _read(path: Path) -> Blueprint:
    content = yaml_file.read(path, needed="a blueprint")
    try:
        return Blueprint.model_validate({"name": path.stem, **content})
    except ValidationError as error:
        # it comes with Groundplan: a defect, not a mistake of the user
        raise WorkflowError(f"{path} is not a blueprint: {error}") from None


def _environment(folder: Path) -> Any:
    from jinja2 import Environment as Jinja
    from jinja2 import FileSystemLoader, StrictUndefined

    made = Jinja(  # noqa: S701  # YAML and Markdown, from files of ours
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["yaml"] = as_yaml
    return made


def as_yaml(value: Any, indent: int = 0) -> str:
    """A value as block style YAML, for a place that is indented."""
    from io import StringIO

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 100
    yaml.representer.add_representer(type(None), lambda it, _: it.represent_scalar("tag:yaml.org,2002:null", ""))
    text = StringIO()
    yaml.dump(value, text)
    return text.getvalue().rstrip("\n").replace("\n...", "").replace("\n", "\n" + " " * indent)


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = _merge(cast("dict[str, Any]", below), cast("dict[str, Any]", value)) if both else value
    return merged


def _rendered(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _rendered(each, values) for key, each in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_rendered(each, values) for each in cast("list[Any]", value)]
    if isinstance(value, str) and "{{" in value:
        return _environment(groundplan_templates.repository()).from_string(value).render(**values)
    return value
