# SPDX-License-Identifier: Apache-2.0
"""What `groundplan policy check` looks at: stacks in the engine, a record of them, ARM JSON, or a live resource group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows import project
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy import chosen

if TYPE_CHECKING:
    from groundplan_workflows.events import Watcher
    from groundplan_workflows.policy.report import PolicyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to check, and with what."""

    stacks: Sequence[str]
    environment: str
    target: str | None
    packs: Sequence[str]
    configuration: Path | None
    fail_on: str | None
    recorded: bool
    templates: Sequence[Path]
    parameters: Path | None
    scope: str | None
    group: str | None


def run(wanted: Wanted, watcher: Watcher, progress: Callable[[str], None]) -> PolicyReport:
    """Check it. UsageError for what does not fit together."""
    ways = [
        name
        for name, given in (
            ("--recorded", wanted.recorded),
            ("--template", bool(wanted.templates)),
            ("--live", wanted.group is not None),
        )
        if given
    ]
    if len(ways) > 1:
        raise UsageError(
            f"{' and '.join(ways)} can not be had together; each says what to look at instead of a preview"
        )
    for option, given in (("--parameters", wanted.parameters), ("--scope", wanted.scope)):
        if given and not wanted.templates:
            raise UsageError(f"{option} belongs to --template, which is missing")
    if (wanted.templates or wanted.group is not None) and wanted.stacks:
        raise UsageError(
            f"{ways[0]} looks at no stacks, but {', '.join(wanted.stacks)} are given; leave one of them out"
        )
    if wanted.templates:
        return _templates(wanted)
    if wanted.group is not None:
        return _live(wanted, progress)
    return _stacks(wanted, watcher, progress)


def _templates(wanted: Wanted) -> PolicyReport:
    from groundplan_workflows.policy import template_checks

    what = chosen.choose(Path.cwd(), wanted.packs, wanted.configuration, wanted.fail_on)
    return template_checks.check(wanted.templates, wanted.parameters, wanted.scope, what)


def _live(wanted: Wanted, progress: Callable[[str], None]) -> PolicyReport:
    from groundplan_workflows import targets
    from groundplan_workflows.policy import live_checks

    here = project.here()
    what = chosen.choose(here.root, wanted.packs, wanted.configuration, wanted.fail_on)
    what.load()  # what is wrong with the packs is told before Azure is asked
    name = targets.check_name(wanted.target or here.target(wanted.environment))
    return live_checks.check(targets.prepare(here, name, progress, wanted.environment), wanted.group or "", what)


def _stacks(wanted: Wanted, watcher: Watcher, progress: Callable[[str], None]) -> PolicyReport:
    from groundplan_workflows import targets
    from groundplan_workflows.policy import stack_checks

    here = project.with_stacks()
    selected = here.select(wanted.stacks, wanted.environment)
    name = targets.check_name(wanted.target or here.target(wanted.environment))
    what = chosen.choose(here.root, wanted.packs, wanted.configuration, wanted.fail_on)
    if wanted.recorded:
        named = bool(wanted.stacks)
        return stack_checks.on_records(here, selected, wanted.environment, name, what, named=named)
    from groundplan_workflows import provision

    what.load()
    provision.check(here, selected, wanted.environment)
    ready = targets.prepare(here, name, progress, wanted.environment)
    return stack_checks.in_the_engine(here, selected, wanted.environment, ready, what, watcher)
