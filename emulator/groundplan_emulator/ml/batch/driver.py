# SPDX-License-Identifier: Apache-2.0
"""`python driver.py PLAN`: hands mini-batches of files to worker processes, and writes what they return.

Only the standard library: it runs in the deployment's environment. PLAN is a JSON file (`Plan` has its keys). The exit code is 0 when the
scoring succeeded; otherwise the last line of standard output is `FAILED: ` and why, in one line.
Logs are below `./logs` under the names that Azure gives them.
"""

from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NODE = "127.0.0.1"
FAILED = "FAILED: "
_FOREVER = 1e6


@dataclass
class Plan:
    """What is scored, and how. `timeout` in seconds; `threshold` of -1 ignores files that failed; `append` writes `output`."""

    script: str
    files: list[str]
    size: int
    workers: int
    retries: int
    timeout: float
    threshold: int
    append: bool
    output: str
    level: str


@dataclass
class Batch:
    """A mini-batch: its place in the order of the input, its files, how often it was tried, how often it took too long."""

    number: int
    files: list[str]
    tries: int = 0
    timeouts: int = 0


class Worker:
    """A process that has the scoring script loaded."""

    def __init__(self, plan: Plan, number: int) -> None:
        self._output = Path("logs", "user", "stdout", NODE, f"process{number:03}.stdout.txt")
        self._output.parent.mkdir(parents=True, exist_ok=True)
        self._seen = self._output.stat().st_size if self._output.exists() else 0
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-u",
                    str(Path(__file__).with_name("worker.py")),
                    plan.script,
                    "--logging_level",
                    plan.level,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
            )
        self._rest = b""

    def ask(self, content: dict[str, Any] | None = None, timeout: float = _FOREVER) -> dict[str, Any]:
        """Send a request, if there is one, and wait for the next answer. Raises `TimeoutError`, `EOFError`."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101  (asked for above)
        assert stdout is not None  # noqa: S101
        if content is not None:
            try:
                stdin.write(json.dumps(content).encode() + b"\n")
                stdin.flush()
            except BrokenPipeError:
                raise EOFError from None
        deadline = time.monotonic() + timeout
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stdout], [], [], left)[0]:
                raise TimeoutError
            more = os.read(stdout.fileno(), 1 << 16)
            if not more:
                raise EOFError
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    def pass_on(self) -> None:
        """Print what the script printed since the last time."""
        with self._output.open("rb") as file:
            file.seek(self._seen)
            text = file.read()
        self._seen += len(text)
        sys.stdout.write(text.decode("utf-8", "replace"))
        sys.stdout.flush()

    def kill(self) -> None:
        """Whatever it does; whoever waits for its answer gets `EOFError`."""
        self._process.kill()

    def end(self) -> int:
        """Kill it; its exit code."""
        self.kill()
        code = self._process.wait()
        self.pass_on()
        return code


@dataclass
class Scoring:
    """The work that is left, and what came of the rest. Threads share it under `lock`."""

    plan: Plan
    waiting: queue.Queue[Batch] = field(default_factory=queue.Queue)
    rows: dict[int, list[str]] = field(default_factory=dict)
    failed_files: int = 0
    succeeded: int = 0
    done: int = 0
    failure: str = ""
    last_error: str = ""
    workers: list[Worker] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Score every mini-batch. Raises `RuntimeError`."""
        files, size = self.plan.files, self.plan.size
        total = -(-len(files) // size)
        for number in range(total):
            self.waiting.put(Batch(number, files[number * size : (number + 1) * size]))
        say(f"{len(files)} files in {total} mini-batches of up to {size}, {self.plan.workers} worker processes")
        threads = [
            threading.Thread(target=self._work, args=(number,)) for number in range(min(self.plan.workers, total))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failure:
            raise RuntimeError(self.failure)
        if not self.succeeded:
            raise RuntimeError(
                "There is no succeeded mini batch item returned from run(): every file failed."
                + (f" The last error was: {self.last_error}" if self.last_error else " run() returned no element.")
            )

    def _work(self, number: int) -> None:
        worker: Worker | None = None
        try:
            while not self.failure:
                try:
                    batch = self.waiting.get_nowait()
                except queue.Empty:
                    return
                if worker is None and (worker := self._ready(number)) is None:
                    return
                if not self._try(worker, batch, number):
                    worker.end()
                    worker = None
        except Exception as error:
            self._fail(f"The driver of the batch job failed: {error!r}")
            raise
        finally:
            if worker is not None:
                worker.end()

    def _ready(self, number: int) -> Worker | None:
        worker = Worker(self.plan, number)
        self.workers.append(worker)
        answer: dict[str, Any]
        try:
            answer = worker.ask()
        except EOFError:
            answer = {"error": f"the process ended with exit code {worker.end()}"}
        worker.pass_on()
        if "error" in answer and not self.failure:
            note(number, answer.get("trace", answer["error"]))
            self._fail(
                f"User program failed with Exception: {answer['error']} in the scoring script before or in init()."
                " The log 'logs/user/error.txt' has the traceback."
            )
        if self.failure:
            worker.end()
            return None
        return worker

    def _try(self, worker: Worker, batch: Batch, number: int) -> bool:
        """Run one mini-batch; whether the worker can go on."""
        began = time.monotonic()
        usable = True
        answer: dict[str, Any]
        try:
            answer = worker.ask({"files": batch.files}, self.plan.timeout)
        except TimeoutError:
            batch.timeouts += 1
            usable, answer = False, {"error": f"run() took longer than {self.plan.timeout:g} s"}
        except EOFError:
            usable, answer = False, {"error": f"the process ended with exit code {worker.end()} in run()"}
        worker.pass_on()
        if self.failure:  # meanwhile, elsewhere: this worker was ended
            return False
        batch.tries += 1
        with self.lock:
            if "error" in answer:
                note(number, answer.get("trace", answer["error"]))
                self._again(batch, str(answer["error"]))
            else:
                self.rows[batch.number] = answer["rows"]
                self.succeeded += answer["count"]
                self._count(max(0, len(batch.files) - answer["count"]))
                self._progress(batch, f"succeeded in {time.monotonic() - began:.2f} s with {answer['count']} elements")
        return usable

    def _again(self, batch: Batch, error: str) -> None:
        self.last_error = error
        if batch.tries <= self.plan.retries:
            say(f"mini-batch {batch.number} failed and is tried again: {error}")
            self.waiting.put(batch)
            return
        if batch.timeouts == batch.tries:
            self._fail(
                f"The run() function in the entry script had timeout for {batch.timeouts} times on mini-batch {batch.number}"
                f" ({self.plan.timeout:g} s each): raise retry_settings.timeout or lower mini_batch_size."
            )
        self._count(len(batch.files))
        self._progress(batch, f"failed after {batch.tries} tries: {error}")

    def _count(self, failed: int) -> None:
        self.failed_files += failed
        if failed and 0 <= self.plan.threshold < self.failed_files:
            self._fail(
                f"The error threshold was exceeded: {self.failed_files} files failed, error_threshold allows {self.plan.threshold}."
                + (f" The last error was: {self.last_error}" if self.last_error else "")
            )

    def _progress(self, batch: Batch, what: str) -> None:
        self.done += 1
        total = -(-len(self.plan.files) // self.plan.size)
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        line = f"{stamp} mini-batch {batch.number} {what}; {self.done} of {total} processed"
        append(Path("logs", "job_progress_overview.txt"), line)
        say(line)

    def _fail(self, message: str) -> None:
        self.failure = self.failure or message
        for worker in self.workers:
            worker.kill()


def say(line: str) -> None:
    """A line into the job's log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def note(number: int, text: str) -> None:
    """An error of a worker, where Azure keeps it."""
    for name in ("error.txt", f"error/{NODE}/process{number:03}.txt"):
        append(Path("logs", "user", name), text)


def append(path: Path, text: str) -> None:
    """Add a line to a log file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{text.rstrip()}\n")


def main(path: str) -> int:
    """Score, write the output, say how it went."""
    plan = Plan(**json.loads(Path(path).read_text(encoding="utf-8")))
    scoring = Scoring(plan)
    try:
        scoring.run()
    except RuntimeError as error:
        append(Path("logs", "job_progress_overview.txt"), f"The job failed: {error}")
        say(f"{FAILED}{' '.join(str(error).split())}")
        return 1
    finally:
        if plan.append and scoring.rows:
            with Path(plan.output).open("w", encoding="utf-8") as file:
                file.writelines(f"{row}\n" for number in sorted(scoring.rows) for row in scoring.rows[number])
    say(f"{scoring.succeeded} elements returned, {scoring.failed_files} files failed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
