# SPDX-License-Identifier: Apache-2.0
"""The engine imports files into a stack's state, and what Azure filled in on its own is taken out of the inputs again."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pulumi.automation.errors import CommandError

import groundplan_arm
from groundplan_workflows import session as sessions
from groundplan_workflows.adopt import waves
from groundplan_workflows.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groundplan_arm.model import ModuleTypes, Properties
    from groundplan_arm.notation import Kind
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.session import Session

_SIGNED = "4dabf18193072939515e22adb298388d"
"""Key of a value that the engine keeps apart: a secret, an asset (`resource.SigKey` of pulumi/pulumi)."""


def take(opened: Session, chosen: Sequence[Declared]) -> None:
    """Import resources; all of them, or none: after a failure the state is what it was. DeploymentError says why."""
    before = opened.engine.export_stack()
    try:
        for content in waves.files(chosen):
            _run(opened, content)
        narrow(opened, {each.urn: each for each in chosen})
    except BaseException:
        if before.deployment:
            opened.beside.import_stack(opened.engine.name, before)
        raise


def _run(opened: Session, content: Mapping[str, Any]) -> None:
    workspace = opened.engine.workspace
    with tempfile.TemporaryDirectory(prefix="groundplan-import-") as folder:
        file = Path(folder) / "import.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        arguments = ["import", "--file", str(file), "--generate-code=false", "--protect=false", "--yes"]
        arguments += ["--skip-preview", "--suppress-outputs", "--color", "never", "--stack", opened.engine.name]
        if opened.config_file:
            arguments += ["--config-file", opened.config_file]
        try:
            workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)
        except CommandError as error:
            said = dict.fromkeys(re.findall(r"^ +error: (.*)$", str(error), re.MULTILINE))
            raise DeploymentError(
                f"the engine could not import into {opened.stack.name}, and its state is as before: "
                + ("\n".join(said) or sessions.explain(error))
            ) from None


def narrow(opened: Session, chosen: Mapping[str, Declared]) -> None:
    """An import takes all that can be set for inputs; what the program leaves to Azure is no input of it.

    The engine would show each such property as one that the next update deletes, though nobody declared it. Where a declared
    value is not known yet, all of it stays.
    """
    state = opened.beside.export_stack(opened.engine.name)
    content = cast("dict[str, Any]", state.deployment)
    resources: list[dict[str, Any]] = content.get("resources") or []
    for resource in resources:
        each = chosen.get(resource["urn"])
        if each is not None and each.azure:
            resource["inputs"] = narrowed(each.type, resource.get("inputs") or {}, each.inputs)
    opened.beside.import_stack(opened.engine.name, state)


def narrowed(token: str, found: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
    """What a resource has, without the properties that its declaration says nothing of; entries of maps (tags) all stay."""
    kind = groundplan_arm.load().by_token(token)
    return _object(kind.module, kind.inputs, found, declared)


def _object(
    module: ModuleTypes, properties: Properties, found: dict[str, Any], declared: dict[str, Any]
) -> dict[str, Any]:
    return {
        name: _value(module, properties[name].kind, value, declared[name]) if name in properties else value
        for name, value in found.items()
        if name in declared
    }


def _value(module: ModuleTypes, kind: Kind, found: Any, declared: Any) -> Any:
    if isinstance(kind, dict):
        inner = kind.get("[]")
        return _items(module, inner[0], found, declared) if inner else found
    if kind.startswith("[]"):
        return _items(module, kind[2:], found, declared)
    if kind.startswith("#") and isinstance(found, dict) and isinstance(declared, dict) and _SIGNED not in found:
        return _object(module, module.nested(kind[1:]), found, declared)
    return found


def _items(module: ModuleTypes, kind: Kind, found: Any, declared: Any) -> Any:
    if isinstance(found, list) and isinstance(declared, list) and len(found) == len(declared):
        return [_value(module, kind, *both) for both in zip(found, declared, strict=True)]
    return found
