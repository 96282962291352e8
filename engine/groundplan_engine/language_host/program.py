# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  # a script: the SDK may be missing, which it reports
"""Runs a Pulumi program. A script of its own: the interpreter that runs it may have the Pulumi SDK and nothing of ours.

Usage: program.py <JSON>, where the JSON object holds `program`, `args`, `pwd` and `settings`
(arguments of pulumi.runtime.Settings). Configuration comes in PULUMI_CONFIG and PULUMI_CONFIG_SECRET_KEYS.
Exit codes: 0, REPORTED where the user has been told what went wrong, and the program's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import inspect
import json
import logging
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi.runtime.proto import engine_pb2

REPORTED = 32
"""The exit code of a program whose failure the engine's log shows already (the official host's number)."""

ENGINE_ENDS = "resource monitor shut down"
"""What the engine answers to a registration that comes after it has told the error that ends the update."""

GARBAGE = 100_000
"""Objects made between two looks for garbage. A program makes millions that live to its end: at Python's own 700, a third to
half of its time goes into looking through them."""

DEBUG, DEBUG_SECONDS = 0, 0.1
"""Severity of the SDK's debug lines (engine.proto), and how long one may wait for company."""


class DebugBatches:
    """The engine's service, to which debug lines go together.

    The SDK sends six lines or more a resource, whether `--debug` shows them or not, and waits for the answer to each: a
    quarter of a program's time. All lines arrive, in their order, and before any other message that comes after them.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._lines: deque[str] = deque()
        self._sending = threading.Lock()
        self._waiting = threading.Event()
        threading.Thread(target=self._send_at_times, daemon=True).start()

    def __getattr__(self, call: str) -> Any:
        return getattr(self._engine, call)

    def Log(self, request: engine_pb2.LogRequest, *arguments: Any, **options: Any) -> Any:  # noqa: N802
        """As the engine's own; but a debug line is answered before it is sent."""
        if request.severity == DEBUG and not request.urn:
            self._lines.append(request.message)
            self._waiting.set()
            return None
        self.send()
        return self._engine.Log(request, *arguments, **options)

    def send(self) -> None:
        """Send the lines that wait."""
        from pulumi.runtime.proto import engine_pb2

        with self._sending:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if lines:
                self._engine.Log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message="\n".join(lines)))

    def _send_at_times(self) -> None:
        # On its own thread, because a program that hangs must have sent its lines, too: they tell where.
        while True:
            self._waiting.wait()
            self._waiting.clear()
            time.sleep(DEBUG_SECONDS)
            self.send_if_possible()

    def send_if_possible(self) -> None:
        """Send the lines that wait, unless the engine has gone."""
        import grpc

        with contextlib.suppress(grpc.RpcError):
            self.send()


def main() -> int:
    """Run the program that argv describes and return the exit code."""
    # The engine interrupts the whole process group; a traceback of that would be noise.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(GARBAGE)
    given = json.loads(sys.argv[1])
    sys.path.pop(0)  # our own folder: the program's `import options` must not find ours
    try:
        import pulumi
        import pulumi.runtime
    except ImportError as error:
        print(
            f"The Pulumi SDK can not be imported on {sys.executable}: {error}\n"
            "Install it there (`pulumi install`, or pip install -r requirements.txt), or choose the environment that "
            "has it in the virtualenv option of Pulumi.yaml.",
            file=sys.stderr,
        )
        return 1
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    known = inspect.signature(pulumi.runtime.Settings.__init__).parameters  # older SDKs know fewer
    settings = {name: value for name, value in given["settings"].items() if name in known}
    pulumi.runtime.configure(pulumi.runtime.Settings(**settings))
    engine = DebugBatches(pulumi.runtime.settings.get_engine())
    vars(pulumi.runtime.settings)["SETTINGS"].engine = engine
    take_shortcuts()
    sys.argv = [given["program"], *given["args"]]
    if given["pwd"]:
        os.chdir(given["pwd"])
    try:
        return run(Path(given["program"]).absolute(), given["settings"]["parallel"])
    finally:
        engine.send_if_possible()


def take_shortcuts() -> None:
    """Load our neighbour by its file: its folder is not on the program's path."""
    spec = importlib.util.spec_from_file_location(
        "groundplan_sdk_shortcuts", Path(__file__).with_name("sdk_shortcuts.py")
    )
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.take()


def run(program: Path, parallel: int) -> int:
    """Run a program (a folder with a __main__.py, or a file) inside a stack; errors go to the engine's log."""
    import pulumi

    if program.is_dir():
        if not (program / "__main__.py").is_file():
            pulumi.log.error(f"unable to find main python program `__main__.py` in `{program}`")
            return REPORTED
    else:
        sys.path.insert(0, str(program.parent))  # as `python file.py` has it
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=max(parallel, 1) * 4)
    loop.set_default_executor(executor)
    # A failed program leaves futures that nobody awaits; asyncio's complaints about them help nobody.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: run_file(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return REPORTED
    except Exception as error:  # noqa: BLE001  # any error of the program is the user's to see
        if str(error) == ENGINE_ENDS:
            return REPORTED
        pulumi.log.error("Program failed with an unhandled exception:\n" + describe(error))
        return REPORTED
    else:
        return 0
    finally:
        executor.shutdown(wait=True)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()


def run_file(program: Path) -> None:
    """Execute the program as `__main__`."""
    runpy.run_path(str(program), run_name="__main__")


def describe(error: BaseException) -> str:
    """Return a traceback that begins where the user's own code does."""
    import pulumi

    told = traceback.TracebackException.from_exception(error)
    folders = [Path(module.__file__).parent for module in (asyncio, pulumi) if module.__file__]
    folders.append(Path(__file__).parent)
    machinery = ("<frozen ", runpy.__file__, *(f"{folder}{os.sep}" for folder in folders))
    frames = list(told.stack)
    while frames and frames[0].filename.startswith(machinery):
        frames.pop(0)
    # An error inside the SDK alone keeps its frames: they are all there is to go by. A syntax error names its place.
    if frames or isinstance(error, SyntaxError):
        told.stack = traceback.StackSummary.from_list(frames)
    lines = list(told.format())
    if not frames and isinstance(error, SyntaxError):
        lines = list(told.format_exception_only())
    text = "".join(lines)
    if isinstance(error, ModuleNotFoundError):
        text += f"(the program runs on {sys.executable})\n"
    return text


if __name__ == "__main__":
    sys.exit(main())
