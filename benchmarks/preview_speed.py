# SPDX-License-Identifier: Apache-2.0
"""`pulumi preview` of the same 200 and 800 Azure resources: plain azure-native beside Groundplan's components.

Each team has twelve (group, identity, vault, storage with two containers, workspace, four private endpoints); the rest, a
good half, are compute clusters of Azure Machine Learning. The plain program is written from what the library's registers,
so both declare the same; it has no components, and literals for most values. All run on the same engine with a provider
that answers at once, in turn.

Pulumi's own language host leaves the SDK and Python's garbage collector as they are; "as Pulumi runs it" here undoes what
ours does for any program. Each of both programs runs in both ways; what counts is plain, as Pulumi runs it, beside the library on ours.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import plain_program
from benchmarks.report import Row
from benchmarks.up import launcher
from groundplan_engine import activate, find, install

SIZES = {200: 3.0, 800: 5.0}
"""How many resources, and the aim: how many times faster the library has to be."""
RUNS, PER_TEAM, TEAM_SHARE = 3, 12, 25
MIB = 1 << 20

MEASURE = """
import atexit, json, os, resource
def _tell():
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open(os.environ["USED"], "w") as file:
        json.dump([used.ru_utime + used.ru_stime, used.ru_maxrss], file)
atexit.register(_tell)
"""

AS_PULUMI_RUNS_IT = """
import gc
from pulumi.runtime import settings
gc.set_threshold(700, 10, 10)
settings.SETTINGS.engine = vars(settings.get_engine())["_engine"]
"""


@dataclass(frozen=True)
class Cost:
    """Wall seconds of a preview; processor seconds and peak MiB of its program; peak MiB of all its processes."""

    wall: float
    processor: float
    program: float
    all: float


def preview(folder: Path, env: dict[str, str]) -> Cost:
    """One preview of a new stack."""
    used = folder / "used.json"
    command = ["pulumi", "preview", "--stack", "bench", "--non-interactive"]
    begin = time.perf_counter()
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**env, "USED": str(used)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        peak = _Peak(process.pid)
        code = process.wait(900)
    wall = time.perf_counter() - begin
    peak.end()
    if code:
        raise RuntimeError(f"{command} ended with {code}: {(folder / 'said').read_text()[-4000:]}")
    processor, kib = json.loads(used.read_text())
    return Cost(wall, processor, kib / 1024, peak.mib)


class _Peak:
    """Looks every 100 ms at the memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        self.mib = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(psutil.Process(pid),))
        self._thread.start()

    def _look(self, process: psutil.Process) -> None:
        while not self._done.wait(0.1):
            total = 0
            try:
                for part in (process, *process.children(recursive=True)):
                    total += part.memory_info().rss
            except psutil.NoSuchProcess:
                pass
            self.mib = max(self.mib, total / MIB)

    def end(self) -> None:
        self._done.set()
        self._thread.join()


def project(folder: Path, program: str, env: dict[str, str]) -> Path:
    """A project with a new stack."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n")
    (folder / "__main__.py").write_text(program)
    subprocess.run(
        ["pulumi", "stack", "init", "bench", "--non-interactive"], cwd=folder, env=env, check=True, capture_output=True
    )
    return folder


def registered(folder: Path, env: dict[str, str]) -> list[plain_program.Declared]:
    """What a project's preview registers of azure-native."""
    log = folder / "calls.json"
    preview(folder, {**env, "PULUMI_DEBUG_GRPC": str(log)})
    found = plain_program.registered(log)
    log.unlink()
    return found


@dataclass(frozen=True)
class Runs:
    """One round: plain azure-native and the library, each as Pulumi runs it and on our language host."""

    plain: Cost
    plain_on_ours: Cost
    library: Cost
    library_on_pulumis: Cost


def compare(size: int, folder: Path, env: dict[str, str]) -> list[Runs]:
    """Rounds of runs, in turn."""
    teams = size // TEAM_SHARE
    env = {**env, "TEAMS": str(teams), "CLUSTERS": str(size - teams * PER_TEAM)}
    text = (Path(__file__).parent / "preview_platform.py").read_text()
    library = project(folder / f"library{size}", MEASURE + text, env)
    library_on_pulumis = project(folder / f"ported{size}", MEASURE + AS_PULUMI_RUNS_IT + text, env)
    declared = registered(library, env)
    assert len(declared) == size, f"{len(declared)} resources instead of {size}: set PER_TEAM to what a team has"
    source = plain_program.source(declared)
    plain = project(folder / f"plain{size}", MEASURE + source, env)
    stock = project(folder / f"stock{size}", MEASURE + AS_PULUMI_RUNS_IT + source, env)
    same = [
        sorted((each.type, each.name, json.dumps(each.inputs, sort_keys=True)) for each in some)
        for some in (declared, registered(plain, env))
    ]
    assert same[0] == same[1], "the programs declare different resources"
    pulumis = {**env, "GROUNDPLAN_SDK_SHORTCUTS": "off"}
    return [
        Runs(
            plain=preview(stock, pulumis),
            library=preview(library, env),
            plain_on_ours=preview(plain, env),
            library_on_pulumis=preview(library_on_pulumis, pulumis),
        )
        for _ in range(RUNS)
    ]


def environment(folder: Path) -> dict[str, str]:
    """The engine, our language host and the instant provider; a file backend of its own."""
    engine = find() or install(progress=lambda _: None)
    first = [launcher(folder / "bin", "benchmarks.instant_provider"), *activate(engine, folder / "engine")]
    state = folder / "state"
    state.mkdir()
    env = {
        **os.environ,
        "PATH": os.pathsep.join([*map(str, first), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "bench",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]),
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # users have bytecode
    env.pop("GROUNDPLAN_ALIASES", None)
    return env


def rows() -> list[Row]:
    """Time and memory at each size; ratios are medians over the pairs."""
    folder = Path(tempfile.mkdtemp())
    try:
        env = environment(folder)
        return [row for size, aim in SIZES.items() for row in _rows(size, aim, compare(size, folder, env))]
    finally:
        shutil.rmtree(folder)


def _rows(size: int, aim: float, rounds: list[Runs]) -> list[Row]:
    def median(of: str, what: str) -> float:
        return statistics.median(getattr(getattr(each, of), what) for each in rounds)

    def ratio(plain: str, library: str, what: str) -> float:
        return statistics.median(
            getattr(getattr(each, plain), what) / getattr(getattr(each, library), what) for each in rounds
        )

    def times(title: str, plain: str, library: str, aim: float | None) -> Row:
        speed = ratio(plain, library, "wall")
        return Row(
            title,
            f"{median(library, 'wall'):.1f} s",
            f"azure-native {median(plain, 'wall'):.1f} s",
            f"{speed:.1f}x faster",
            f"{aim:.0f}x" if aim else "-",
            speed >= aim if aim else None,
        )

    rows = [
        times(f"preview of {size} resources", "plain", "library", aim),
        times("  both on our language host", "plain_on_ours", "library", None),
        times("  both as Pulumi's host runs them", "plain", "library_on_pulumis", None),
    ]
    for title, what, unit in (
        ("  its program's processor time", "processor", "s"),
        ("  its program's memory", "program", "MiB"),
        ("  memory of all its processes", "all", "MiB"),
    ):
        digits = 1 if unit == "s" else 0
        rows.append(
            Row(
                title,
                f"{median('library', what):.{digits}f} {unit}",
                f"azure-native {median('plain', what):.{digits}f} {unit}",
                f"{ratio('plain', 'library', what):.1f}x less",
                "-",
                None,
            )
        )
    return rows
