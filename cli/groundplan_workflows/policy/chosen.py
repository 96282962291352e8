# SPDX-License-Identifier: Apache-2.0
"""Which packs a project is checked with, and under which configuration."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from groundplan_policies.packs import Pack
    from groundplan_workflows.policy.report import Threshold

DEFAULT = ("baseline",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Packs, and the `groundplan.policy.yaml` that is over them."""

    folders: Sequence[Path]
    configuration: Path | None
    threshold: Threshold

    def load(self, *, idle: bool = False) -> list[Pack]:
        """The packs with the configuration over them; UsageError for everything that is wrong in them.

        `idle`: whether there may be no rule to ask. A check without one would pass and have looked at nothing.
        """
        from groundplan_policies import packs

        with usage_errors():
            loaded = [packs.load(folder, self.configuration) for folder in self.folders]
        if not idle and not any(each.enabled() for each in loaded):
            raise UsageError(self._idle())
        return loaded

    def _idle(self) -> str:
        if not self.folders:
            return f"there is nothing to check with: packs is [] in {self.configuration}; name a pack there, or give --pack"
        names = ", ".join(each.name for each in self.folders)
        said = f"there is nothing to check with: {names} has no rule that is not disabled"
        return f"{said}; list rules in pack.yaml, set a level, or give another --pack"


def choose(
    start: Path, names: Sequence[str] = (), configuration: Path | None = None, fail_on: str | None = None
) -> Chosen:
    """The packs of these names or folders, else those of the configuration, else `baseline`. UsageError."""
    from groundplan_policies import configuration as files
    from groundplan_policies import packs

    with usage_errors():
        if configuration is not None and not configuration.is_file():
            raise UsageError(f"{configuration} does not exist; leave --config out, or give a {files.FILE}")
        path = configuration or files.find(start)
        file = files.read(path) if path else None
        wanted = [(name, Path()) for name in names]
        if not names:
            beside = path.parent if path else Path()
            wanted = [(name, beside) for name in (file.packs if file else DEFAULT)]
        folders = [packs.folder_of(name, base) for name, base in wanted]
    return Chosen(
        # the engine looks for them from each stack's folder
        folders=tuple(dict.fromkeys(each.absolute() for each in folders)),
        configuration=path.absolute() if path else None,
        threshold=threshold(fail_on) if fail_on else file.fail_on if file else "mandatory",
    )


def threshold(text: str) -> Threshold:
    """A threshold by name. UsageError."""
    from groundplan_workflows.policy.report import THRESHOLDS

    known: dict[str, Threshold] = {str(each): each for each in THRESHOLDS}
    if text.lower() not in known:
        raise UsageError(f"--fail-on is {text!r}; one of {', '.join(THRESHOLDS)} is needed")
    return known[text.lower()]


@contextmanager
def usage_errors() -> Generator[None]:
    """What is wrong with rules, packs and configurations is a usage error."""
    from groundplan_policies.catalog import UnknownRule
    from groundplan_policies.located import FileError
    from groundplan_policies.rule import RuleError

    try:
        yield
    except (FileError, RuleError, UnknownRule) as error:
        raise UsageError(str(error)) from None
