# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.policies.mutation [AREA]`: changes every rule in every way that mutmut knows, and counts what its cases notice.

Exit code 1 where they notice less than 90 % of the changes.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]
GOAL = 90.0
NOTICED = ("killed", "timeout")
CONFIGURATION = """\
[tool.mutmut]
source_paths = ["groundplan_policies"]
only_mutate = ["groundplan_policies/rules/{area}/*"]
also_copy = ["groundplan_arm", "groundplan_policies"]
pytest_add_cli_args = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
pytest_add_cli_args_test_selection = ["tests/test_mutants.py"]
"""


def prepare(folder: Path, area: str) -> None:
    """mutmut goes by modules at the top of a folder: the two packages that rules need, and the one test."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "policies" / "groundplan_policies", folder / "groundplan_policies", ignore=ignored)
    shutil.copytree(ROOT / "arm" / "groundplan_arm", folder / "groundplan_arm", ignore=ignored)
    for file in (folder / "groundplan_policies" / "rules").glob("*/[!_]*.py"):
        keep_the_measure(file)
    (folder / "tests").mkdir()
    shutil.copy(Path(__file__).parent / "test_mutants.py", folder / "tests")
    (folder / "pyproject.toml").write_text(CONFIGURATION.format(area=area))


def outcomes(folder: Path) -> dict[str, str]:
    """What became of each changed version of a function."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.strip().rpartition(": ") for line in shown.stdout.splitlines() if "__mutmut_" in line)
    return {name: outcome for name, _, outcome in rows}


def difference(folder: Path, mutant: str) -> str:
    """What mutmut changed."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant], cwd=folder, capture_output=True, text=True, check=False
    )
    lines = [line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join([mutant, *lines])


def asked(file: Path) -> set[str]:
    """The functions that a rule's `check` leads to; the others of its file make the cases."""
    functions = {node.name: node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}
    found: set[str] = set()
    waiting = ["check"]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in found:
            found.add(name)
            waiting += [node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)]
    return found


def keep_the_measure(file: Path) -> None:
    """Tell mutmut to leave alone what makes cases: those are the measure, not the measured."""
    text = file.read_text()
    measured = asked(file)
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name not in measured:
            lines[node.lineno - 1] += "  # pragma: no mutate block"
    file.write_text("\n".join(lines) + "\n")


def main(area: str = "*") -> int:
    """Run mutmut on the rules of an area, or of all."""
    with tempfile.TemporaryDirectory(prefix="groundplan-mutants-") as name:
        folder = Path(name)
        prepare(folder, area)
        ran = subprocess.run(
            [sys.executable, "-m", "mutmut", "run"], cwd=folder, capture_output=True, text=True, check=False
        )
        found = outcomes(folder) if ran.returncode == 0 else {}
        shown = [difference(folder, mutant) for mutant, outcome in sorted(found.items()) if outcome not in NOTICED]
    if not found:
        print(ran.stdout[-3000:], ran.stderr[-3000:])  # noqa: T201
        return 1
    print("\n".join(shown))  # noqa: T201
    counts = Counter(found.values())
    noticed = sum(counts[each] for each in NOTICED)
    share = 100.0 * noticed / len(found)
    print(json.dumps({"mutants": len(found), "noticed": noticed, "percent": round(share, 2), **counts}))  # noqa: T201
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
