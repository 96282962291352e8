# SPDX-License-Identifier: Apache-2.0
"""`pulumi up` of 100 resources on Azure on localhost, beside the same program with a provider that answers at once."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Row
from groundplan_engine import activate, find, install
from tests.fixtures.azure import running

RESOURCES, RUNS = 100, 3

PROGRAM = f"""
import pulumi


class Resource(pulumi.CustomResource):
    name: pulumi.Output[str]

    def __init__(self, type_, logical, /, **inputs):
        super().__init__(f"azure-native:{{type_}}", logical, {{"name": None, **inputs}}, pulumi.ResourceOptions(version="3.29.0"))


group = Resource("resources:ResourceGroup", "bench", resourceGroupName="bench", location="westeurope")
for number in range({RESOURCES} - 1):
    Resource(
        "managedidentity:UserAssignedIdentity",
        f"identity-{{number}}",
        resourceGroupName=group.name,
        resourceName=f"identity-{{number}}",
        location="westeurope",
    )
"""


def launcher(folder: Path, module: str) -> Path:
    """A plugin that the engine finds on PATH."""
    folder.mkdir(parents=True)
    path = folder / "pulumi-resource-azure-native"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
    path.chmod(0o755)
    return folder


def up(folder: Path, env: dict[str, str]) -> float:
    """Seconds of one `up` from nothing; the stack is destroyed again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)

    def pulumi(*arguments: str) -> None:
        command = ["pulumi", *arguments, "--non-interactive"]
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")

    pulumi("stack", "select", "--create", "bench")
    begin = time.perf_counter()
    pulumi("up", "--yes", "--skip-preview")
    seconds = time.perf_counter() - begin
    pulumi("destroy", "--yes", "--skip-preview")
    return seconds


def rows() -> list[Row]:
    """Pairs of runs, in turn; the median of their ratios."""
    engine = find() or install(progress=lambda _: None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine_path = [str(path) for path in activate(engine, folder / "engine")]
        with running(folder / "azure") as azure:

            def env(which: str, plugin: Path) -> dict[str, str]:
                state = folder / which / "state"
                state.mkdir(parents=True)
                return {
                    **os.environ,
                    **azure.env,
                    "PATH": os.pathsep.join(
                        [str(plugin), *engine_path, str(Path(sys.executable).parent), os.environ["PATH"]]
                    ),
                    "PULUMI_BACKEND_URL": f"file://{state}",
                    "PULUMI_CONFIG_PASSPHRASE": "bench",
                    "PULUMI_HOME": str(folder / which / "home"),
                    "PULUMI_SKIP_UPDATE_CHECK": "true",
                    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                    "PYTHONPATH": str(Path(__file__).parent.parent),
                }

            ours = env("ours", launcher(folder / "ours-bin", "groundplan_provider"))
            least = env("least", launcher(folder / "least-bin", "benchmarks.instant_provider"))
            pairs: list[tuple[float, float]] = []
            for number in range(RUNS):
                pairs.append((up(folder / "ours" / str(number), ours), up(folder / "least" / str(number), least)))
                shutil.rmtree(folder / "ours" / str(number))
    ratio = statistics.median(a / b for a, b in pairs)
    return [
        Row(
            f"pulumi up of {RESOURCES} resources",
            f"{statistics.median(a for a, _ in pairs):.1f} s",
            f"instant provider {statistics.median(b for _, b in pairs):.1f} s",
            f"{ratio:.2f}x",
            "-",
            None,
        )
    ]
