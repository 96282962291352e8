# SPDX-License-Identifier: Apache-2.0
"""Runs a plugin in Python: `python <folder> args...` or `python -m <module> args...`, silent when interrupted.

A script of its own, like program.py. Usage: plugin_main.py <folder> args... | plugin_main.py -m <module> args...
"""

import runpy
import signal
import sys
import traceback


def show(kind: type[BaseException], error: BaseException, frames: object) -> None:  # noqa: ARG001  # excepthook's form
    """Print a traceback that begins in the plugin's own code."""
    told = traceback.TracebackException.from_exception(error)
    own = list(told.stack)
    while own and own[0].filename.startswith((__file__, runpy.__file__, "<frozen ")):
        own.pop(0)
    told.stack = traceback.StackSummary.from_list(own or list(told.stack))
    sys.stderr.writelines(told.format())


if __name__ == "__main__":
    # The engine interrupts the whole process group at its end; by default Python would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.excepthook = show
    del sys.path[0]
    if sys.argv[1] == "-m":
        module = sys.argv[2]
        sys.argv = [module, *sys.argv[3:]]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        sys.argv = sys.argv[1:]
        runpy.run_path(sys.argv[0], run_name="__main__")
