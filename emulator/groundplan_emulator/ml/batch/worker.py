# SPDX-License-Identifier: Apache-2.0
"""`python worker.py SCRIPT --logging_level LEVEL`: calls `init()` of a scoring script once, then `run(mini_batch)` for each request.

Only the standard library: it runs in the deployment's environment. Requests are lines of JSON on standard input, `{"files": [...]}`;
answers go to what was standard output. What the script itself prints goes to standard error.

    {"ready": true}                   init() is done
    {"rows": [...], "count": 3}       run() is done: lines of the output, elements that it returned
    {"error": "...", "trace": "..."}  init() or run() failed
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(script: str) -> int:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)

    def answer(content: dict[str, Any]) -> None:
        answers.write(json.dumps(content) + "\n")

    try:
        run = loaded(Path(script))
    except BaseException as error:  # noqa: BLE001  (sys.exit() in a script is a failure like any other)
        answer(told(error))
        return 1
    answer({"ready": True})
    for line in sys.stdin:
        try:
            answer(rows_of(run(json.loads(line)["files"])))
        except BaseException as error:  # noqa: BLE001
            answer(told(error))
    return 0


def loaded(script: Path) -> Callable[[list[str]], Any]:
    """The script's `run`, after its `init`."""
    sys.path[0] = str(script.parent)  # and not this file's folder
    spec = importlib.util.spec_from_file_location("scoring_script", script)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"'{script.name}' is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["scoring_script"] = module
    spec.loader.exec_module(module)
    run = getattr(module, "run", None)
    if not callable(run):
        raise TypeError(f"The scoring script '{script.name}' has no function run(mini_batch).")
    init = getattr(module, "init", None)
    if callable(init):
        init()
    return run


def rows_of(result: Any) -> dict[str, Any]:
    """What `run` returned, as lines: a table's rows with a blank between the values, anything else element by element."""
    if hasattr(result, "columns") and hasattr(result, "to_csv"):
        text: str = result.to_csv(sep=" ", header=False, index=False)
        return {"rows": text.splitlines(), "count": len(result)}
    if isinstance(result, (str, bytes, dict)) or not hasattr(result, "__len__") or not hasattr(result, "__iter__"):
        raise TypeError(
            f"run() must return a pandas DataFrame, a list or an array with an element for each file that it scored, not"
            f" '{type(result).__name__}'."
        )
    return {"rows": [str(each) for each in result], "count": len(result)}


def told(error: BaseException) -> dict[str, Any]:
    """An exception in a line, and where it came from."""
    line = traceback.format_exception_only(error)[-1].strip()
    return {"error": line, "trace": "".join(traceback.format_exception(error))}


if __name__ == "__main__":
    del sys.argv[0]  # the script sees its own arguments
    sys.exit(main(sys.argv[0]))
