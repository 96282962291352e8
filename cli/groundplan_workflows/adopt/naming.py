# SPDX-License-Identifier: Apache-2.0
"""The configuration key `names` of a stage: Azure names in place of generated ones, by kind or `kind/role`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan.name_rules import RULES
from groundplan_workflows import yaml_file
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.session import Session

_NEEDED = "a mapping with the key 'config'"
_HASH = 6
"""Length of the digits at the end of a name that is unique over all of Azure."""


def keys(each: Declared) -> list[str]:
    """Keys that could carry the name of a declared resource, the likelier ones first."""
    name = each.identifier.rpartition("/")[2]
    found: list[str] = []
    for kind, rule in RULES.items():
        if rule.declared_as.partition(".")[0] == each.type.partition(":")[2]:
            # <abbreviation>-<project>-<environment>[-<role>][-<hash>]
            parts = name.split(rule.separator)[3:] if rule.separator else []
            with_role = parts[:-1] if rule.unique and parts and len(parts[-1]) == _HASH else parts
            found += [f"{kind}/{'-'.join(with_role)}"] if with_role else []
            found.append(kind)
    return found


def put(opened: Session, names: Mapping[str, str]) -> bytes:
    """Put names into the copy of the configuration that the engine works with; what it was before."""
    path = _path(opened)
    before = path.read_bytes()
    save(path, text(path, opened.stack.project, names))
    return before


def back(opened: Session, before: bytes) -> None:
    """Undo `put`."""
    save(_path(opened), before.decode("utf-8"))


def text(path: Path, project: str, names: Mapping[str, str]) -> str:
    """A configuration file with names in it, everything else, comments too, as it is."""
    from ruamel.yaml import YAML

    content = yaml_file.read_located(path, needed=_NEEDED).content
    key = f"{project}:names"
    config: dict[str, Any] = content.setdefault("config", {})
    config[key] = {**(config.get(key) or {}), **names}
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    out = io.StringIO()
    yaml.dump(content, out)
    return out.getvalue()


def save(path: Path, content: str) -> None:
    """Write a file, whole or not at all."""
    fresh = path.with_suffix(".new")
    try:
        fresh.write_text(content, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; give yourself write permission") from None


def _path(opened: Session) -> Path:
    if opened.config_file is None:
        raise ValueError("the stack is not a copy: its own configuration is not tried on")
    return Path(opened.config_file)
