# SPDX-License-Identifier: Apache-2.0
"""What `activate` puts in front of PATH."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from groundplan_engine import Engine, EngineError, activate


def contents(folder: Path) -> dict[str, tuple[int, bool]]:
    """Return the files of a folder, with inode and whether they are executable."""
    return {path.name: (path.stat().st_ino, os.access(path, os.X_OK)) for path in folder.iterdir()}


def test_activate(engine: Engine, tmp_path: Path) -> None:
    """The folder leads to the engine and to a language host; doing it again changes nothing."""
    folder = tmp_path / "a folder" / "bin"
    assert activate(engine, folder) == [folder]
    before = contents(folder)
    assert {"pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"} >= set(before)
    assert all(executable for _, executable in before.values())
    assert (folder / "pulumi").samefile(engine.pulumi)
    assert activate(engine, folder) == [folder]
    assert contents(folder) == before


def test_activate_from_many_threads(engine: Engine, tmp_path: Path) -> None:
    """Stacks that start side by side do not get in each other's way."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: activate(engine, tmp_path / "bin"), range(40)))
    assert made == [[tmp_path / "bin"]] * 40
    assert (tmp_path / "bin" / "pulumi").samefile(engine.pulumi)
    assert not [name for name in contents(tmp_path / "bin") if name.startswith(".")]


def test_activate_official_engine(engine: Engine, tmp_path: Path) -> None:
    """An engine with a language host keeps its own; launchers of ours from before go."""
    folder = tmp_path / "bin"
    activate(Engine(engine.pulumi, engine.version, "path", None), folder)
    official = Engine(engine.pulumi, engine.version, "path", tmp_path / "official" / "pulumi-language-python")
    activate(official, folder)
    assert set(contents(folder)) == {"pulumi"}
    assert (folder / "pulumi").is_symlink()


def test_activate_in_the_engines_own_folder(tmp_path: Path) -> None:
    """Where the engine lies in that folder already, it stays as it is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    pulumi = folder / "pulumi"
    pulumi.write_text("#!/bin/sh\necho v3.230.0\n")
    pulumi.chmod(0o755)
    activate(Engine(pulumi, "3.230.0", "path", None), folder)
    assert pulumi.read_text() == "#!/bin/sh\necho v3.230.0\n"
    assert not pulumi.is_symlink()


def test_activate_where_nothing_can_be_written(engine: Engine, tmp_path: Path) -> None:
    """The error names the folder."""
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match=r"the folder .*/file/bin can not be written: Not a directory"):
        activate(engine, tmp_path / "file" / "bin")


def test_launcher(engine: Engine, tmp_path: Path) -> None:
    """The launcher answers from any working directory, in spite of modules there, and ends in order."""
    activate(Engine(engine.pulumi, engine.version, "path", None), tmp_path / "bin dir")
    (tmp_path / "grpc.py").write_text("raise SystemExit('the wrong grpc')\n")
    launcher = tmp_path / "bin dir" / "pulumi-language-python"
    started = time.monotonic()
    host = subprocess.Popen(
        [launcher, "--root=/old", "--virtualenv=", "127.0.0.1:1"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert host.stdout is not None
        port = int(host.stdout.readline())
        assert time.monotonic() - started < 10
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = language_pb2_grpc.LanguageRuntimeStub(channel)
            stub.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:1"), timeout=10)
        host.send_signal(signal.SIGINT)
        assert host.communicate(timeout=10) == ("", "")
        assert host.returncode == 0
    finally:
        host.kill()
        host.wait()


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_interrupted_at_the_start(engine: Engine, tmp_path: Path, delay: float) -> None:
    """An interrupt at any moment of the start ends the host without a traceback."""
    activate(Engine(engine.pulumi, engine.version, "path", None), tmp_path / "bin")
    host = subprocess.Popen(
        [tmp_path / "bin" / "pulumi-language-python", "127.0.0.1:1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(delay)
    host.send_signal(signal.SIGINT)
    time.sleep(0.3)
    host.terminate()  # the earliest interrupts are passed over, and the engine goes on to this
    _, error = host.communicate(timeout=10)
    assert error == ""
