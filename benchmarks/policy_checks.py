# SPDX-License-Identifier: Apache-2.0
"""`groundplan policy check` without the engine beside Checkov, as whole processes, in turn.

Both look at the ARM JSON of the resources that a preview had; ours also at the record of that preview.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from pathlib import Path

from benchmarks.policy_previews import Cost, measured
from benchmarks.report import Row
from groundplan_policies import record
from groundplan_policies.arm_template import write_template
from tests.fixtures.checkov import set_up

RUNS, AIM = 5, 5.0
FOUND = (0, 3)
"""Exit codes of a check that came to its end."""


def rows(folder: Path, pack: Path, seen: record.Record) -> list[Row]:
    """How many times as fast as Checkov; medians over the pairs."""
    template = folder / "template.json"
    template.write_text(json.dumps(write_template(seen.resources), indent=2))
    project = _project(folder / "platform", seen)
    groundplan = [str(Path(sys.executable).with_name("groundplan")), "policy", "check", "--pack", str(pack)]
    checkov = [str(set_up().home / "bin" / "checkov"), "--framework", "arm", "--skip-download", "--soft-fail"]
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    quiet = {**env, "LOG_LEVEL": "ERROR", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}

    def on_template() -> Cost:
        return measured([*groundplan, "--template", str(template)], folder, env, FOUND)

    def on_record() -> Cost:
        return measured([*groundplan, "--recorded"], project, env, FOUND)

    def peer() -> Cost:
        return measured([*checkov, "--compact", "--file", str(template)], folder, quiet)

    for warm_up in (on_template, on_record, peer):
        warm_up()
    rounds = [(on_template(), on_record(), peer()) for _ in range(RUNS)]
    return [
        _row(f"check of ARM JSON, {len(seen.resources)} resources", [(each, other) for each, _, other in rounds]),
        _row("check of the record of a preview", [(each, other) for _, each, other in rounds]),
    ]


def _project(folder: Path, seen: record.Record) -> Path:
    """A platform with one stack, and what its last check in the engine left behind."""
    program = folder / "stacks" / "0-bench"
    program.mkdir(parents=True)
    (program / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
    (program / "Pulumi.dev.yaml").write_text("config: {}\n")
    record.write(folder / ".groundplan" / "policy" / "local" / "dev" / "0-bench.json", seen)
    return folder


def _row(title: str, pairs: list[tuple[Cost, Cost]]) -> Row:
    ratio = statistics.median(other.wall / ours.wall for ours, other in pairs)

    def medians(costs: list[Cost]) -> str:
        return (
            f"{statistics.median(each.wall for each in costs):.2f} s, "
            f"{statistics.median(each.processor for each in costs):.2f} s busy"
        )

    return Row(
        title,
        medians([ours for ours, _ in pairs]),
        f"Checkov {medians([other for _, other in pairs])}",
        f"{ratio:.1f}x faster",
        f"{AIM:.0f}x",
        ratio >= AIM,
    )
