# SPDX-License-Identifier: Apache-2.0
"""Previews of 400 Azure resources on Azure on localhost, with every rule and without a pack, in turn.

The program is plain azure-native. Beside it: a pack of Pulumi's policy SDK whose one policy does nothing, which is what a pack
costs at least, and once a pack of that SDK with the same rules.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Row
from benchmarks.up import launcher
from groundplan_engine import activate, find, install
from groundplan_policies import catalog, record
from tests.fixtures.azure import running

HERE = Path(__file__).parent
TEAMS, PER_TEAM, RUNS = 10, 40, 5
PART, SECONDS = 0.1, 1.5
"""Aim: every rule takes no more than this part of the preview, or these seconds where that is more."""

COUNT = """
import ctypes, json, os, resource, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: what the command leaves behind is counted as well
begin = time.perf_counter()
code = subprocess.call(sys.argv[2:])
wall = time.perf_counter() - begin
try:
    while True:
        os.wait()
except ChildProcessError:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([code, wall, used.ru_utime + used.ru_stime], file)
"""

IDLE = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

PolicyPack("idle", [ResourceValidationPolicy("nothing", "Nothing", lambda args, report: None, EnforcementLevel.ADVISORY)])
"""

OURS = """
from pathlib import Path

from groundplan_policies.engine.serve import serve

serve(Path(__file__).parent)
"""


@dataclass(frozen=True)
class Cost:
    """Wall seconds of a command, and processor seconds of all its processes."""

    wall: float
    processor: float


def measured(command: Sequence[str], folder: Path, env: Mapping[str, str], codes: Sequence[int] = (0,)) -> Cost:
    """Run a command to the end of all its processes."""
    used = folder / "used.json"
    with (folder / "said").open("w") as said:
        subprocess.run(
            [sys.executable, "-c", COUNT, str(used), *command],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=True,
            timeout=900,
        )
    code, wall, processor = json.loads(used.read_text())
    if code not in codes:
        raise RuntimeError(f"{list(command)} ended with {code}: {(folder / 'said').read_text()[-4000:]}")
    return Cost(wall, processor)


def whole_pack(folder: Path) -> Path:
    """A pack with every rule, each advisory."""
    lines = "".join(f"  {each.id}: advisory\n" for each in catalog.load())
    _pack(folder, OURS)
    (folder / "pack.yaml").write_text(f"description: Every rule\nrules:\n{lines}")
    return folder


def _pack(folder: Path, program: str) -> Path:
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("description: A pack\nruntime: python\nversion: 0.1.0\n")
    (folder / "__main__.py").write_text(program)
    return folder


@contextmanager
def _platform(folder: Path) -> Generator[tuple[Path, dict[str, str]]]:
    """A project with a new stack, and the environment of Azure on localhost."""
    engine = find() or install(progress=lambda _: None)
    first = [launcher(folder / "bin", "groundplan_provider"), *activate(engine, folder / "engine")]
    state, project = folder / "state", folder / "bench"
    state.mkdir()
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
    (project / "__main__.py").write_text((HERE / "policy_platform.py").read_text())
    with running(folder / "azure") as azure:
        env = {
            **os.environ,
            **azure.env,
            "PATH": os.pathsep.join([*map(str, first), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PYTHONPATH": str(HERE.parent),
            "TEAMS": str(TEAMS),
        }
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # users have bytecode
        command = ["pulumi", "stack", "init", "bench", "--non-interactive"]
        subprocess.run(command, cwd=project, env=env, check=True, capture_output=True)
        yield project, env


def rows(folder: Path, pack: Path) -> tuple[list[Row], record.Record]:
    """What packs add to a preview, and what the pack with every rule saw."""
    idle, official = _pack(folder / "idle", IDLE), folder / "official"
    _pack(official, (HERE / "policy_sdk_pack.py").read_text())
    with _platform(folder) as (project, env):

        def preview(*packs: Path, **more: str) -> Cost:
            options = [part for each in packs for part in ("--policy-pack", str(each))]
            return measured(["pulumi", "preview", "--non-interactive", *options], project, {**env, **more})

        preview(pack, GROUNDPLAN_POLICY_RECORD=str(folder / "records"))
        preview(idle)
        rounds = [(preview(), preview(pack), preview(idle)) for _ in range(RUNS)]
        with_sdk = preview(official)
    seen = record.read(folder / "records" / f"{pack.name}.json")
    assert len(seen.resources) == TEAMS * PER_TEAM, f"{len(seen.resources)} resources were previewed"
    return _rows(rounds, with_sdk), seen


def _rows(rounds: Sequence[tuple[Cost, Cost, Cost]], with_sdk: Cost) -> list[Row]:
    median = statistics.median
    plain = median(each.wall for each, _, _ in rounds)
    busy = median(each.processor for each, _, _ in rounds)

    def added(title: str, wall: float, processor: float, *, judged: bool = False) -> Row:
        return Row(
            title,
            f"+{wall:.1f} s, +{processor:.1f} s busy",
            f"no pack {plain:.1f} s, {busy:.1f} s busy",
            f"+{100 * wall / plain:.0f} %",
            f"{PART:.0%} or {SECONDS} s" if judged else "-",
            wall <= max(PART * plain, SECONDS) if judged else None,
        )

    return [
        added(
            f"preview of {TEAMS * PER_TEAM} resources, {len(catalog.load())} rules",
            median(every.wall - none.wall for none, every, _ in rounds),
            median(every.processor - none.processor for none, every, _ in rounds),
            judged=True,
        ),
        added(
            "  an idle policy of Pulumi's policy SDK",
            median(idle.wall - none.wall for none, _, idle in rounds),
            median(idle.processor - none.processor for none, _, idle in rounds),
        ),
        added("  the rules through Pulumi's policy SDK", with_sdk.wall - plain, with_sdk.processor - busy),
    ]
