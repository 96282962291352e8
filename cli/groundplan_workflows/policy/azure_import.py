# SPDX-License-Identifier: Apache-2.0
"""Azure Policy as a pack: the files themselves, read each time the pack runs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy import authoring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groundplan_policies.rule import Rule

FOLDER = "azure-policy"
_LEVELS = ("mandatory", "advisory")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the files."""

    pack: Path
    files: tuple[Path, ...]
    rules: tuple[Rule, ...]
    unknown_aliases: Mapping[str, Sequence[str]]
    skipped: tuple[str, ...]
    idle: tuple[str, ...]


def run(paths: Sequence[Path], pack: Path, level: str) -> Imported:
    """Make a pack of definitions, initiatives, assignments and exemptions. UsageError, and nothing written, for what is wrong in them."""
    from groundplan_policies import azure_policy

    if level not in _LEVELS:
        raise UsageError(f"--level is {level!r}; one of {', '.join(_LEVELS)} is needed")
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; give files or folders with Azure Policy JSON")
    if pack.exists() and any(pack.iterdir()):
        raise UsageError(f"{pack} is not empty; give another folder with --pack, or empty that one")
    try:
        library = azure_policy.load(paths)
    except azure_policy.PolicyError as error:
        raise UsageError(str(error)) from None
    rules = azure_policy.rules(library)
    if not rules:
        why = "; ".join(library.idle) or "no definition, or all of them are disabled"
        raise UsageError(f"nothing in these files has an effect: {why}")
    into = pack / FOLDER
    into.mkdir(parents=True, exist_ok=True)
    for path in paths:
        target = into / path.resolve().name
        if path.is_dir():
            shutil.copytree(
                path, target, dirs_exist_ok=True, ignore=lambda _, names: [n for n in names if n.startswith(".")]
            )
        else:
            shutil.copyfile(path, target)
    about = {
        "description": f"Azure Policy of {', '.join(path.resolve().name for path in paths)}",
        "level": level,
        "folder": FOLDER,
    }
    files = authoring.write_pack(pack, about, "azure-pack.yaml.j2")
    return Imported(pack, files, tuple(rules), library.unknown_aliases, library.skipped, library.idle)
