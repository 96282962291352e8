# SPDX-License-Identifier: Apache-2.0
"""The driver of batch scoring with scripts of all kinds, without an emulator around it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from groundplan_emulator.ml.batch import driver


@dataclass
class Outcome:
    """How a run of the driver ended."""

    code: int
    said: str
    rows: list[str] | None
    folder: Path

    @property
    def failure(self) -> str:
        last = self.said.splitlines()[-1]
        return last.removeprefix("FAILED: ") if last.startswith("FAILED: ") else ""

    def log(self, name: str) -> str:
        return (self.folder / "logs" / name).read_text()


@pytest.fixture
def score(tmp_path: Path):
    def go(script: str, count: int = 5, **changes: Any) -> Outcome:
        (tmp_path / "in").mkdir()
        files = [tmp_path / "in" / f"{number}.txt" for number in range(count)]
        for number, file in enumerate(files):
            file.write_text(str(number))
        (tmp_path / "code").mkdir()
        (tmp_path / "code" / "score.py").write_text(textwrap.dedent(script))
        (tmp_path / "code" / "beside.py").write_text("def double(text): return 2 * int(text)")
        output = tmp_path / "predictions.csv"
        plan = {
            "script": str(tmp_path / "code" / "score.py"),
            "files": [str(file) for file in files],
            "size": 2,
            "workers": 2,
            "retries": 0,
            "timeout": 20.0,
            "threshold": -1,
            "append": True,
            "output": str(output),
            "level": "info",
        }
        (tmp_path / "plan.json").write_text(json.dumps(plan | changes))
        command = [sys.executable, driver.__file__, "plan.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.stderr == ""
        rows = output.read_text().splitlines() if output.exists() else None
        return Outcome(done.returncode, done.stdout, rows, tmp_path)

    return go


@pytest.mark.azure_assumed
def test_rows_are_in_the_order_of_the_input_whoever_scored_them(score: Any):
    outcome = score(
        """
        import os, time
        from beside import double

        def init():
            print("loaded with", __import__("sys").argv[1:])

        def run(mini_batch):
            time.sleep(0.3 if "0.txt" in mini_batch[0] else 0)
            print("scoring", len(mini_batch))
            return [double(open(path).read()) for path in mini_batch]
        """
    )

    assert (outcome.code, outcome.rows) == (0, ["0", "2", "4", "6", "8"])
    assert "loaded with ['--logging_level', 'info']" in outcome.log("user/stdout/127.0.0.1/process000.stdout.txt")
    assert outcome.said.count("scoring 2") == 2
    assert "3 of 3 processed" in outcome.log("job_progress_overview.txt")


@pytest.mark.azure_spec
def test_tables_are_written_without_header_with_a_blank_between(score: Any):
    outcome = score(
        """
        class Frame(list):
            columns = ["file", "value"]

            def to_csv(self, sep, header, index):
                assert (header, index) == (False, False)
                return "".join(sep.join(map(str, row)) + "\\n" for row in self)

        def run(mini_batch):
            return Frame([[path[-5:], 1.5] for path in mini_batch])
        """
    )

    assert outcome.rows is not None
    assert outcome.rows[0] == "0.txt 1.5"


@pytest.mark.azure_spec
def test_nothing_is_appended_where_the_script_writes_itself(score: Any):
    outcome = score("def run(mini_batch): return mini_batch", append=False)

    assert (outcome.code, outcome.rows) == (0, None)


@pytest.mark.azure_spec
def test_a_failing_mini_batch_is_tried_again(score: Any):
    outcome = score(
        """
        from pathlib import Path

        def run(mini_batch):
            mark = Path("seen-" + Path(mini_batch[0]).name)
            if not mark.exists():
                mark.touch()
                raise ValueError("the first time fails")
            return mini_batch
        """,
        retries=1,
    )

    assert outcome.code == 0
    assert len(outcome.rows or []) == 5
    assert "the first time fails" in outcome.log("user/error.txt")


@pytest.mark.azure_assumed
def test_a_worker_that_dies_is_replaced(score: Any):
    outcome = score(
        """
        import os

        def run(mini_batch):
            if "2.txt" in mini_batch[0]:
                os._exit(9)
            return [os.getpid()] * len(mini_batch)
        """,
        workers=1,
    )

    assert outcome.code == 0
    assert len(set(outcome.rows or [])) == 2
    assert "the process ended with exit code 9 in run()" in outcome.said


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("script", "changes", "words"),
    [
        ("import nowhere", {}, "ModuleNotFoundError: No module named 'nowhere'"),
        ("def init(): raise KeyError('no model')", {}, "no function run(mini_batch)"),
        ("def init(): raise KeyError('no model')\ndef run(b): return b", {}, "KeyError: 'no model'"),
        ("import sys\ndef init(): sys.exit(3)\ndef run(b): return b", {}, "SystemExit: 3"),
        ("import os\ndef init(): os._exit(3)\ndef run(b): return b", {}, "the process ended with exit code 3"),
        ("def run(b): raise ValueError('broken')", {}, "no succeeded mini batch item returned from run()"),
        ("def run(b): raise ValueError('broken')", {"threshold": 1}, "2 files failed, error_threshold allows 1"),
        ("def run(b): return b[1:]", {"threshold": 2}, "3 files failed, error_threshold allows 2"),
        ("def run(b): return None", {}, "must return a pandas DataFrame, a list or an array"),
        ("import time\ndef run(b): time.sleep(60)", {"timeout": 0.2, "retries": 1}, "had timeout for 2 times"),
    ],
)
def test_failures_are_told_in_a_line(score: Any, script: str, changes: dict[str, Any], words: str):
    outcome = score(script, **changes)

    assert outcome.code == 1
    assert words in outcome.failure


@pytest.mark.azure_spec
def test_files_below_the_threshold_may_fail(score: Any):
    outcome = score("def run(b): return b[1:]", threshold=3)

    assert outcome.code == 0
    assert [row[-5:] for row in outcome.rows or []] == ["1.txt", "3.txt"]
