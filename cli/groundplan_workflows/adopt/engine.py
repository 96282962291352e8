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
from groundplan_workflows.adopt.plan import UNKNOWN
from groundplan_workflows.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groundplan_arm.model import ModuleTypes, Properties
    from groundplan_arm.notation import Kind
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.session import Session

_SIGNED = "4dabf18193072939515e22adb298388d"
"""Key of a value that the engine keeps apart: a secret, an asset (`resource.SigKey` of pulumi/pulumi)."""


def take(opened: Session, chosen: Sequence[Declared], told: Mapping[str, Sequence[str]]) -> None:
    """Import resources; all of them, or none: after a failure the state is what it was. DeploymentError says why."""
    before = opened.engine.export_stack()
    try:
        for content in waves.files(chosen):
            _run(opened, content)
        settle(opened, {each.urn: each for each in chosen}, told)
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


def settle(opened: Session, chosen: Mapping[str, Declared], told: Mapping[str, Sequence[str]]) -> None:
    """Make the inputs of imported resources those that the program speaks of.

    An import takes all that can be set for inputs; what the program leaves to Azure is no input of it, and the engine would show
    it as something that the next update deletes. Where a declared value is not known yet, all of it stays. `told`: by URN the
    paths of properties that only the declaration can tell, because Azure does not answer them.
    """
    state = opened.beside.export_stack(opened.engine.name)
    content = cast("dict[str, Any]", state.deployment)
    resources: list[dict[str, Any]] = content.get("resources") or []
    for resource in resources:
        each = chosen.get(resource["urn"])
        if each is not None and each.azure:
            resource["inputs"] = narrowed(each.type, resource.get("inputs") or {}, each.inputs)
            for path in told.get(each.urn, ()):
                _put(resource["inputs"], each.inputs, path)
    opened.beside.import_stack(opened.engine.name, state)


def only_declared(each: Declared) -> list[str]:
    """Paths of properties that Azure's answer lacks and that only a new resource could get.

    Nothing says that they differ, and a resource is not made anew for what may be as it should.
    """
    return [path for path, kind in each.differences.items() if kind == "add-replace" and _known(each.inputs, path)]


def _known(inputs: dict[str, Any], path: str) -> bool:
    text = json.dumps(_at(inputs, _steps(path)))
    return UNKNOWN not in text and "[secret]" not in text


def _put(inputs: dict[str, Any], declared: dict[str, Any], path: str) -> None:
    """Copy what is declared at a path; nothing where the inputs have not what is above it."""
    *above, last = _steps(path)
    place = _at(inputs, above)
    if isinstance(place, dict):
        cast("dict[str | int, Any]", place)[last] = _at(declared, [*above, last])


def _steps(path: str) -> list[str | int]:
    """`a.b[0]["c.d"]` in its parts."""
    found = re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)', path)
    return [int(index) if index else quoted or name for quoted, index, name in found]


def _at(value: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


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
