# SPDX-License-Identifier: Apache-2.0
"""The plugin as a process: its start, and its end in every way that an engine can go."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

COMMAND = [sys.executable, "-m", "groundplan_provider", "127.0.0.1:1"]


def test_it_prints_a_port_that_listens_on_this_machine_only() -> None:
    """Soon, and nothing else on its standard output."""
    began = time.monotonic()
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        took = time.monotonic() - began
        found = [item.laddr.ip for item in psutil.Process(process.pid).net_connections() if item.laddr.port == port]
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        process.terminate()
        rest, _ = process.communicate(timeout=10)

    assert {"127.0.0.1"} == {address.removeprefix("::ffff:") for address in found}
    assert rest == ""
    assert took < 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told(number: signal.Signals) -> None:
    """Without a word: no traceback reaches the user."""
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()

    assert (process.returncode, said) == (0, "")


def test_it_ends_with_its_engine() -> None:
    """Also when the engine was killed and could tell nobody."""
    script = f"import subprocess, time; subprocess.Popen({COMMAND!r}); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        engine.stdout.readline()
        (plugin,) = psutil.Process(engine.pid).children()
        os.kill(engine.pid, signal.SIGKILL)
        engine.wait(10)
        gone, alive = psutil.wait_procs([plugin], timeout=30)
        for process in alive:
            process.kill()

    assert [plugin] == gone
