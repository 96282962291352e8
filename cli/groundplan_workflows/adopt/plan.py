# SPDX-License-Identifier: Apache-2.0
"""What a program declares, as the engine's preview tells it: resources, their parents, the ARM ids that their inputs name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi.automation.errors import CommandError

import groundplan_arm
from groundplan_workflows import session as sessions
from groundplan_workflows.errors import DeploymentError
from groundplan_workflows.report import UNCHANGED

if TYPE_CHECKING:
    from pathlib import Path

    from groundplan_workflows.session import Session

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a text that is not known yet (`plugin.UnknownStringValue` of pulumi/pulumi)."""
_AZURE = "azure-native:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One resource of the program, as the preview sees it."""

    urn: str
    type: str
    operation: str
    parent: str
    """URN; empty for the stack itself."""
    custom: bool
    version: str
    provider: str
    """URN of an explicit provider, empty for a default one."""
    identifier: str
    """ARM id: that of the state, or the one that the inputs name; empty while it is not known."""
    inputs: dict[str, Any]
    differences: dict[str, str]
    """Kind of change (`add`, `update`, `delete`, and with `-replace`) by path of property."""

    @property
    def name(self) -> str:
        """Logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def azure(self) -> bool:
        """A resource of azure-native."""
        return self.type.startswith(_AZURE)

    @property
    def planned(self) -> bool:
        """Not in the state yet."""
        return self.operation == "create"

    @property
    def changes(self) -> bool:
        """The next update would touch it."""
        return self.operation not in UNCHANGED


def preview(opened: Session, subscription: str, skeleton: Path) -> list[Declared]:
    """What the program declares. DeploymentError, with what was said, where it fails."""
    workspace = opened.engine.workspace
    arguments = ["preview", "--json", "--show-sames", "--stack", opened.engine.name, "--import-file", str(skeleton)]
    if opened.config_file:
        arguments += ["--config-file", opened.config_file]
    try:
        answer = workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)
    except CommandError as error:
        raise DeploymentError(f"the program of {opened.stack.name} cannot be previewed: {_why(error)}") from None
    entries: list[dict[str, Any]] = json.loads(skeleton.read_text(encoding="utf-8")).get("resources") or []
    versions = {(entry["type"], entry.get("logicalName", entry["name"])): entry.get("version", "") for entry in entries}
    steps: list[dict[str, Any]] = json.loads(answer.stdout)["steps"]
    return [_declared(step, versions, subscription) for step in steps if not _internal(step)]


def _internal(step: dict[str, Any]) -> bool:
    """Providers are the engine's own affair, and a replacement is told in one step and again in its two parts."""
    state = step.get("newState") or step.get("oldState") or {}
    in_parts = step["op"] in ("create-replacement", "delete-replaced")
    return in_parts or str(state.get("type", "")).startswith("pulumi:providers:")


def _declared(step: dict[str, Any], versions: dict[tuple[str, str], str], subscription: str) -> Declared:
    state: dict[str, Any] = step.get("newState") or step.get("oldState") or {}
    urn, kind = str(step["urn"]), str(state.get("type", ""))
    inputs: dict[str, Any] = state.get("inputs") or {}
    provider = str(state.get("provider", ""))
    # a resource may live under another name than the inputs say
    identifier = str((step.get("oldState") or {}).get("id") or state.get("id") or "")
    if identifier in ("", UNKNOWN) and kind.startswith(_AZURE):
        identifier = arm_id(kind, inputs, subscription)
    return Declared(
        urn=urn,
        type=kind,
        operation=str(step["op"]),
        parent=str(state.get("parent", "")),
        custom=bool(state.get("custom")),
        version=versions.get((kind, urn.rpartition("::")[2]), ""),
        provider="" if "::default" in provider else provider.rpartition("::")[0],
        identifier=identifier,
        inputs=inputs,
        differences={path: str(each.get("kind", "")) for path, each in (step.get("detailedDiff") or {}).items()},
    )


def arm_id(token: str, inputs: dict[str, Any], subscription: str) -> str:
    """The id that inputs name; empty where a part is not known, or the table does not know the type."""
    try:
        kind = groundplan_arm.load().by_token(token)
        known = {name: inputs[name] for name in kind.path_params if isinstance(inputs.get(name), str)}
        identifier = kind.resource_id(known, subscription_id=subscription)
    except (groundplan_arm.UnknownType, ValueError):
        return ""
    return "" if UNKNOWN in identifier else identifier


def _why(error: CommandError) -> str:
    """What the engine said; with --json its diagnostics are in the answer."""
    found = re.search(r"stdout: (\{.*\})\s*stderr:", str(error), re.DOTALL)
    try:
        told = json.loads(found[1])["diagnostics"] if found else []
    except (ValueError, KeyError):
        told = []
    said = [re.sub(r"<\{%.*?%\}>", "", each["message"]).strip() for each in told if each.get("severity") == "error"]
    return "\n".join(said) or sessions.explain(error)
