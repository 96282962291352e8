# SPDX-License-Identifier: Apache-2.0
"""Finding, downloading and building the engine."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from groundplan_engine import Engine, EngineError, EngineNotFound, activate, find, install
from groundplan_engine.engine import BUILT_VERSION, is_accepted, parse_version
from groundplan_engine.toolchain import cache
from groundplan_engine.toolchain.build import build
from groundplan_engine.toolchain.download import download
from groundplan_engine.toolchain.go import Go, find_go, require_go

Env = dict[str, str]


@pytest.fixture
def env(tmp_path: Path) -> Env:
    """An environment of a machine that has a shell and nothing else, with an empty cache."""
    (tmp_path / "bin").mkdir()
    for name in ("sh", "cat", "env"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return {
        "PATH": str(tmp_path / "bin"),
        "HOME": str(tmp_path / "home"),
        "GROUNDPLAN_ENGINE_CACHE": str(tmp_path / "cache"),
        "GROUNDPLAN_ENGINE_DOWNLOAD": "never",
    }


def script(path: Path, text: str) -> Path:
    """Write a shell script that stands for an installed program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def found(env: Env) -> Engine:
    """Return the engine that is found, which has to be there."""
    engine = find(env=env)
    assert engine is not None
    return engine


def said(tell: list[str]) -> str:
    return "\n".join(tell)


@pytest.fixture
def in_cache(engine: Engine, env: Env) -> Engine:
    """The real engine, in a cache of its own."""
    with cache.workspace(env) as work:
        (work / "home" / "bin").mkdir(parents=True)
        shutil.copyfile(engine.pulumi, work / "home" / "bin" / "pulumi")
        (work / "home" / "bin" / "pulumi").chmod(0o755)
        return cache.publish(work / "home", engine.version, "build", env)


def test_nothing_to_find(env: Env) -> None:
    """A bare machine has no engine."""
    assert find(env=env) is None


def test_engine_on_path(engine: Engine, env: Env) -> None:
    """The engine on PATH comes first, in whatever accepted version it is."""
    env["PATH"] += f":{engine.pulumi.parent}"
    first = found(env)
    assert (first.pulumi, first.version, first.source) == (engine.pulumi, engine.version, "path")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("echo v3.100.0", "is version 3.100.0, accepted is >=3.230.0,<4"),
        ("echo v4.0.0", "is version 4.0.0, accepted is >=3.230.0,<4"),
        ("echo not a version", "does not answer `pulumi version`"),
        ("exit 3", "does not answer `pulumi version`"),
    ],
)
def test_engine_on_path_that_is_not_accepted(env: Env, tmp_path: Path, text: str, why: str) -> None:
    """An old, new or broken one is passed over, and the reason is told."""
    old = script(tmp_path / "bin" / "pulumi", text)
    assert find(env=env) is None
    told: list[str] = []
    with pytest.raises(EngineNotFound) as caught:
        install(progress=told.append, env=env)
    assert f"{old} {why}" in said(told)
    assert f"{old} {why}" in str(caught.value)


def test_later_engine_on_path(env: Env, tmp_path: Path) -> None:
    """An old engine does not hide a good one behind it."""
    script(tmp_path / "bin" / "pulumi", "echo v3.100.0")
    good = script(tmp_path / "more" / "pulumi", "echo v3.250.0")
    env["PATH"] += f":{good.parent}"
    assert find(env=env) == Engine(good, "3.250.0", "path", None)


def test_official_language_host(env: Env, tmp_path: Path) -> None:
    """A complete official installation brings its own language host; half of one does not count."""
    good = script(tmp_path / "official" / "pulumi", "echo v3.250.0")
    host = script(good.with_name("pulumi-language-python"), "exit 0")
    env["PATH"] += f":{good.parent}"
    assert found(env).language_host is None
    script(good.with_name("pulumi-language-python-exec"), "exit 0")
    assert found(env).language_host == host


def test_relative_path_entries(env: Env, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout can not bring its own engine through `.` on PATH."""
    script(tmp_path / "checkout" / "pulumi", "echo v3.250.0")
    monkeypatch.chdir(tmp_path / "checkout")
    for entry in (".", "", "./"):
        assert find(env={**env, "PATH": f"{entry}:{env['PATH']}"}) is None


def test_engine_in_the_cache(in_cache: Engine, env: Env) -> None:
    """The cache comes after PATH; its newest accepted entry counts, and broken ones do not."""
    whole = found(env)
    assert whole == Engine(in_cache.pulumi, in_cache.version, "cache", None)
    assert cache.checksum_matches(whole)
    for name in ("3.900.0", "4.1.0", "3.100.0", ".work-1"):
        (cache.folder(env) / name / "bin").mkdir(parents=True)
    assert find(env=env) == whole
    with in_cache.pulumi.open("ab") as file:
        file.write(b"more")
    assert find(env=env) is None


def test_changed_engine_in_the_cache(in_cache: Engine, env: Env) -> None:
    """A byte that changed shows in the checksum."""
    with in_cache.pulumi.open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\1\2\3")
    assert not cache.checksum_matches(in_cache)


def test_activated_engine_is_the_cached_one(in_cache: Engine, env: Env, tmp_path: Path) -> None:
    """What `activate` put on PATH is known without starting it."""
    directories = activate(in_cache, tmp_path / "local" / "bin")
    env["PATH"] = f"{directories[0]}:{env['PATH']}"
    assert find(env=env) == Engine(in_cache.pulumi, in_cache.version, "cache", None)


def test_no_engine_and_no_go(env: Env) -> None:
    """The error says what was tried, in order, and what would mend it; what a killed set-up left is gone."""
    (cache.folder(env) / ".work-killed" / "home").mkdir(parents=True)
    with pytest.raises(EngineNotFound) as caught:
        install(progress=lambda _: None, env=env)
    text = str(caught.value)
    assert text.startswith("no Pulumi engine (>=3.230.0,<4), and none could be set up. Tried, in order:")
    assert "on PATH: no `pulumi`" in text
    assert "switched off by GROUNDPLAN_ENGINE_DOWNLOAD=never" in text
    assert "build: no Go on PATH; install Go 1.25.8 or newer" in text
    assert "install Pulumi (https://www.pulumi.com/docs/install/)" in text
    assert len(caught.value.tried) == 4
    assert [path.name for path in cache.folder(env).iterdir()] == [".lock"]  # nothing half-written
    with FileLock(cache.folder(env) / ".lock", timeout=0):  # and nobody has to wait for us
        pass


@pytest.mark.parametrize(
    ("version", "toolchain", "builds"),
    [
        ((1, 26, 0), "local", True),
        ((1, 25, 8), "auto", True),
        ((1, 22, 1), "auto", True),
        ((1, 22, 1), "local", False),
        ((1, 20, 14), "auto", False),
    ],
)
def test_which_go_builds(version: tuple[int, int, int], toolchain: str, builds: bool) -> None:
    """Go 1.21 and newer fetch the Go that a module asks for, where they may."""
    assert Go(Path("/go"), version, toolchain).builds is builds


@pytest.mark.parametrize(("version", "hint"), [("1.22.1", True), ("1.20.14", False)])
def test_old_go(env: Env, tmp_path: Path, version: str, hint: bool) -> None:
    """An old Go is named with its place, and the way out that it has."""
    go = script(tmp_path / "bin" / "go", f'[ "$1" = env ] && echo local || echo "go version go{version} linux/amd64"')
    with pytest.raises(EngineNotFound, match=rf"Go {version} at {go} is too old; install Go 1.25.8 or newer") as caught:
        require_go(env)
    assert ("set GOTOOLCHAIN=auto" in str(caught.value)) is hint


def test_go_that_does_not_run(env: Env, tmp_path: Path) -> None:
    """A Go that does not answer counts for none."""
    script(tmp_path / "bin" / "go", "exit 1")
    assert find_go(env) is None


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def through_proxy(env: Env, port: int) -> Env:
    """Return an environment whose only way out is a proxy on localhost."""
    proxy = f"http://127.0.0.1:{port}"
    names = ("https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy")
    return {**env, **dict.fromkeys(names, proxy), "no_proxy": "", "NO_PROXY": ""}


def test_download_without_a_network(env: Env, closed_port: int) -> None:
    """Pulumi's installer fails at once, and its reason is one line."""
    told: list[str] = []
    started = time.monotonic()
    with pytest.raises(EngineNotFound, match="Connection refused") as caught:
        download(told.append, through_proxy(env, closed_port))
    assert time.monotonic() - started < 30
    assert "\n" not in str(caught.value)
    assert told == ["downloading Pulumi 3.272.0"] or told[0].startswith("downloading Pulumi 3.")
    assert list(cache.folder(env).iterdir()) == []


def test_download_from_a_silent_network(env: Env) -> None:
    """A network that swallows everything ends the download at its time limit, with all its processes."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(EngineNotFound, match="no answer within 2 s"):
            download(lambda _: None, through_proxy(env, port), timeout=2)
    assert not [child for child in psutil.Process().children(recursive=True) if "PulumiCommand" in str(child.cmdline())]


def test_failed_download_falls_through(env: Env, closed_port: int) -> None:
    """After a failed download comes the build, and the user is told in a line."""
    del env["GROUNDPLAN_ENGINE_DOWNLOAD"]
    told: list[str] = []
    with pytest.raises(EngineNotFound) as caught:
        install(progress=told.append, env=through_proxy(env, closed_port))
    assert f"building Pulumi {BUILT_VERSION} from Go modules instead" in said(told)
    assert "download: " in caught.value.tried[2]
    assert "build: no Go on PATH" in caught.value.tried[3]


def test_folder_that_can_not_be_written(env: Env, tmp_path: Path) -> None:
    """The error names the folder and the variable that moves it."""
    (tmp_path / "file").touch()
    env["GROUNDPLAN_ENGINE_CACHE"] = str(tmp_path / "file" / "cache")
    assert find(env=env) is None
    with pytest.raises(EngineError, match=r"can not be written: Not a directory.*GROUNDPLAN_ENGINE_CACHE"):
        install(progress=print, env=env)


GO = shutil.which("go")


@pytest.mark.skipif(GO is None, reason="Go is not installed here; the engine was not built")
def test_modules_that_can_not_be_had(env: Env, tmp_path: Path) -> None:
    """The build says what Go said, and leaves nothing behind."""
    env |= {"PATH": os.environ["PATH"], "GOPROXY": "off", "GOMODCACHE": str(tmp_path / "modules"), "GOFLAGS": ""}
    with pytest.raises(EngineNotFound, match=r"the Go modules can not be had: .*GOPROXY=off"):
        build(lambda _: None, env)
    assert list(cache.folder(env).iterdir()) == []


INSTALL = """
import json, os, sys
from groundplan_engine import install
told = []
engine = install(progress=told.append, env=json.loads(sys.argv[1]))
print(json.dumps([engine.source, engine.version, str(engine.pulumi), told]))
"""


def modules_are_here() -> bool:
    """Tell whether an earlier build left the modules (otherwise this would fetch 1.6 GB and compile for minutes)."""
    if GO is None:
        return False
    folder = subprocess.run([GO, "env", "GOMODCACHE"], capture_output=True, text=True, check=True).stdout.strip()
    return (Path(folder) / "github.com/pulumi/pulumi/pkg" / f"v3@v{BUILT_VERSION}").is_dir()


@pytest.mark.skipif(not modules_are_here(), reason="the engine was not built on this machine")
def test_parallel_set_ups_share_one_build(engine: Engine, env: Env) -> None:
    """Two set-ups at once: one builds the real engine from the carried modules, the other waits and takes it."""
    path = os.pathsep.join(
        entry for entry in os.environ["PATH"].split(os.pathsep) if entry and not (Path(entry) / "pulumi").exists()
    )
    env = {**os.environ, **env, "PATH": path, "HOME": os.environ["HOME"]}
    command = [sys.executable, "-c", INSTALL, json.dumps(env)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [json.loads(process.communicate(timeout=280)[0]) for process in both]
    assert sorted(source for source, *_ in answers) == ["build", "cache"]
    assert {version for _, version, *_ in answers} == {BUILT_VERSION}
    built = next(told for source, *_, told in answers if source == "build")
    waited = next(told for source, *_, told in answers if source == "cache")
    assert f"built Pulumi {BUILT_VERSION}" in built
    assert waited == ["another set-up is at work on the engine; waiting for it"]
    fresh = found(env)
    assert cache.checksum_matches(fresh)
    if engine.pulumi.is_relative_to(cache.folder(os.environ)):  # built here as well: the build is reproducible
        assert cache.sha256(fresh.pulumi) == cache.sha256(engine.pulumi)


def test_versions() -> None:
    """Versions are read as Pulumi prints them."""
    assert parse_version("v3.230.0\n") == (3, 230, 0)
    assert parse_version("3.231.0-alpha.1+abc") == (3, 231, 0)
    assert parse_version("3.230") is None
    assert is_accepted("3.230.0")
    assert not is_accepted("3.229.9")
    assert not is_accepted("4.0.0")
