# SPDX-License-Identifier: Apache-2.0
"""`python -IS guard.py COMMAND...`: runs a command in a session of its own, and ends all of it when whoever started this goes away.

Only the smallest part of the standard library: it runs in any interpreter, once beside every process of a user, so that each megabyte
counts. Whoever starts it holds the other end of its standard input; that end closes when they die, however they die. SIGTERM ends the
command with SIGTERM first. On Linux nothing below it escapes, not even into a session of its own, and the command is killed where this
process is. The exit code is the command's, or 128 plus its signal.
"""

import os
import select
import signal
import sys
import time

GRACE_SECONDS = 2.0
_SET_PARENT_DEATH_SIGNAL = 1
_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Run it to its end."""
    wake_end, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(wake_end, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(_SET_CHILD_SUBREAPER, 1)
    guard = os.getpid()
    child = os.fork()
    if child == 0:
        _become(command, guard)
    signal.signal(signal.SIGTERM, lambda *_: _signal(child, signal.SIGTERM))
    code = _watch(child, wake_end)
    try:  # noqa: SIM105  (contextlib is large)
        os.killpg(child, signal.SIGKILL)  # what it left behind in its session
    except (ProcessLookupError, PermissionError):
        pass
    _end_orphans()
    return code


def _watch(child: int, wake_end: int) -> int:
    """Until the command has ended; its exit code."""
    inputs, deadline = [0, wake_end], None
    while True:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == child:
                code = os.waitstatus_to_exitcode(ended[1])
                return code if code >= 0 else 128 - code
        if deadline is not None and time.monotonic() > deadline:
            _signal(child, signal.SIGKILL)
        ready = select.select(inputs, [], [], None if deadline is None else 0.05)[0]
        if wake_end in ready:
            os.read(wake_end, 4096)
        if 0 in ready and not os.read(0, 4096):
            inputs = [wake_end]
            deadline = time.monotonic() + GRACE_SECONDS
            _signal(child, signal.SIGTERM)


def _become(command: list[str], guard: int) -> None:
    """The command, in the child."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != guard:
            os._exit(128 + signal.SIGKILL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606  (a list, no shell)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value)


def _end_orphans() -> None:
    """End what made a session of its own: as the subreaper this process has become its parent."""
    while True:
        try:
            with open("/proc/thread-self/children", encoding="ascii") as file:  # noqa: PTH123  (pathlib is large)
                left = [int(each) for each in file.read().split()]
        except OSError:
            return
        for each in left:
            os.kill(each, signal.SIGKILL)  # a child that was not waited for: its number is still its own
            os.waitpid(each, 0)
        if not left:
            return


def _nothing(*_: object) -> None:
    """Wakes the wait up, no more."""


def _signal(child: int, number: int) -> None:
    for send in (os.killpg, os.kill):  # it may not have made its session yet
        try:
            send(child, number)
        except (ProcessLookupError, PermissionError):
            continue
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
