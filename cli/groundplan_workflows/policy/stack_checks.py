# SPDX-License-Identifier: Apache-2.0
"""Checks of stacks: in the engine, or on what the last check in the engine recorded."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_policies import record
from groundplan_policies.examine import examine
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy import in_engine
from groundplan_workflows.policy.report import Finding, PolicyReport, findings, summed_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groundplan_policies.packs import Pack
    from groundplan_policies.record import Record
    from groundplan_workflows.events import Watcher
    from groundplan_workflows.policy.chosen import Chosen
    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.targets import Target


def in_the_engine(
    project: Project,
    stacks: tuple[Stack, ...],
    environment: str,
    target: Target,
    chosen: Chosen,
    watcher: Watcher,
) -> PolicyReport:
    """Preview stacks with the packs; what they saw is kept for checks without the engine. DeploymentError where a preview fails."""
    from groundplan_workflows import provision

    began = time.monotonic()
    packs = {each.name: each for each in chosen.load()}  # what is wrong with them is told before an engine starts
    with tempfile.TemporaryDirectory(prefix="groundplan-policy-") as folder:
        engine = in_engine.EnginePacks(folders=chosen.folders, configuration=chosen.configuration, records=Path(folder))
        plan = provision.Plan(
            operation="preview",
            project=project,
            stacks=stacks,
            environment=environment,
            target=target,
            packs=engine,
            watcher=watcher,
        )
        ran = provision.run(plan)
        unchecked = {each.stack: each.note for each in ran.stacks if each.state in ("waiting", "skipped")}
        provision.raise_unless_done(ran, besides=unchecked)
        found: list[Finding] = []
        count = 0
        for stack in stacks:
            if stack.name in unchecked:
                continue
            recorded = engine.recorded(stack)
            for name, pack in packs.items():
                found += _found(recorded[name], pack, stack)
            first = next(iter(recorded.values()), None)
            if first is not None:
                count += len(first.resources)
                record.write(record_file(project, target.name, environment, stack), first)
    report = summed_up("engine", list(packs.values()), chosen, found, count, began)
    report.target, report.unchecked = target.name, unchecked
    return report


def on_records(
    project: Project, stacks: tuple[Stack, ...], environment: str, target: str, chosen: Chosen, *, named: bool
) -> PolicyReport:
    """Put the packs to what the last check in the engine saw. UsageError where no stack has a record, or not each one of those `named`.

    A stack that waits for another one's outputs has none yet.
    """
    began = time.monotonic()
    packs = chosen.load()
    files = {stack.name: record_file(project, target, environment, stack) for stack in stacks}
    missing = [name for name, path in files.items() if not path.is_file()]
    where = f"--env {environment} --target {target}"
    if missing and (named or len(missing) == len(files)):
        these = f" {' '.join(missing)}" if named else ""
        raise UsageError(
            f"there is no record of {', '.join(missing)} for environment {environment!r} on target {target}; make it first: "
            f"groundplan policy check{these} {where}"
        )
    found: list[Finding] = []
    count = 0
    for stack in stacks:
        if stack.name in missing:
            continue
        recorded = record.read(files[stack.name])
        count += len(recorded.resources)
        for pack in packs:
            rows = examine(pack, recorded.resources, stack=f"{recorded.project}/{recorded.stack}")
            found += _found(recorded, pack, stack, rows)
    report = summed_up("record", packs, chosen, found, count, began)
    report.target = target
    report.unchecked = {
        name: f"there is no record of it; make one: groundplan policy check {name} {where}" for name in missing
    }
    return report


def record_file(project: Project, target: str, environment: str, stack: Stack) -> Path:
    """Where a stack's record lies."""
    return project.home / "policy" / target / environment / f"{stack.slug}.json"


def _found(
    recorded: Record, pack: Pack, stack: Stack, rows: Sequence[dict[str, object]] | None = None
) -> list[Finding]:
    resources = {each.key: each for each in recorded.resources}
    places = in_engine.places(stack.folder, recorded.places)
    return findings(recorded.findings if rows is None else rows, pack, resources, stack.name, places)
