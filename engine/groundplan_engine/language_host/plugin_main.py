# SPDX-License-Identifier: Apache-2.0
"""Runs a plugin in Python: `python <folder> args...` or `python -m <module> args...`, silent when interrupted.

A script of its own, like program.py. Usage: plugin_main.py <folder> args... | plugin_main.py -m <module> args...
"""

import runpy
import signal
import sys

if __name__ == "__main__":
    # The engine interrupts the whole process group at its end; by default Python would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    del sys.path[0]
    if sys.argv[1] == "-m":
        module = sys.argv[2]
        sys.argv = [module, *sys.argv[3:]]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        sys.argv = sys.argv[1:]
        runpy.run_path(sys.argv[0], run_name="__main__")
