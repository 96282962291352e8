# SPDX-License-Identifier: Apache-2.0
"""The language host's calls, one by one, on a running host."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from google.protobuf.json_format import ParseDict
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

MAX = 400 * 1024 * 1024


@pytest.fixture(scope="module")
def host() -> Iterator[language_pb2_grpc.LanguageRuntimeStub]:
    """A running language host, without an engine."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "groundplan_engine.language_host"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        options = [("grpc.max_receive_message_length", MAX), ("grpc.max_send_message_length", MAX)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            yield language_pb2_grpc.LanguageRuntimeStub(channel)
    finally:
        process.terminate()
        assert process.wait(timeout=15) == 0


def info(folder: Path, **options: object) -> language_pb2.ProgramInfo:
    """Describe a program in a folder."""
    described = language_pb2.ProgramInfo(root_directory=str(folder), program_directory=str(folder), entry_point=".")
    ParseDict(options, described.options)
    return described


def test_plugin_info(host: language_pb2_grpc.LanguageRuntimeStub) -> None:
    """The host calls itself by the version of the SDK."""
    from importlib.metadata import version

    assert host.GetPluginInfo(empty_pb2.Empty(), timeout=10).version == version("pulumi")


def test_required_packages(host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """azure-native's plugin is asked for in the version of its SDK; the policy SDK has no plugin."""
    os.environ["PULUMI_PYTHON_CMD"] = sys.executable  # of the test's own process: the host has its own
    answer = host.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=info(tmp_path)), timeout=30)
    found = {package.name: (package.version, package.kind) for package in answer.packages}
    assert found["azure-native"] == ("v3.29.0", "resource")
    assert "policy" not in found
    del os.environ["PULUMI_PYTHON_CMD"]


@pytest.mark.parametrize(
    ("given", "prompts"),
    [
        ({}, {"toolchain": "pip"}),
        ({"toolchain": "pip"}, {"virtualenv": "venv"}),
        ({"toolchain": "pip", "virtualenv": "own"}, {}),
        ({"toolchain": "uv"}, {}),
    ],
)
def test_prompts(
    host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path, given: dict[str, object], prompts: dict[str, str]
) -> None:
    """`pulumi new` asks for what is open."""
    request = language_pb2.RuntimeOptionsRequest(info=info(tmp_path, **given))
    answer = host.RuntimeOptionsPrompts(request, timeout=10)
    assert {prompt.key: prompt.default.stringValue for prompt in answer.prompts} == prompts


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ("GenerateProgram", language_pb2.GenerateProgramRequest()),
        ("GenerateProject", language_pb2.GenerateProjectRequest()),
        ("Pack", language_pb2.PackRequest()),
        ("Link", language_pb2.LinkRequest()),
    ],
)
def test_no_code(host: language_pb2_grpc.LanguageRuntimeStub, call: str, request_: object) -> None:
    """Whatever writes Python code is refused, with the place that has it."""
    with pytest.raises(grpc.RpcError) as caught:
        getattr(host, call)(request_, timeout=10)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert "official Pulumi distribution" in (caught.value.details() or "")


def test_large_messages(host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """A message far above gRPC's own limit of 4 MB arrives."""
    request = language_pb2.AboutRequest(info=info(tmp_path, padding="x" * 20_000_000))
    assert host.About(request, timeout=60).version.startswith("3.")


def test_run_without_an_engine(host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """A run before the handshake is an error in words."""
    with pytest.raises(grpc.RpcError) as caught:
        host.Run(language_pb2.RunRequest(info=info(tmp_path)), timeout=10)
    assert "must call Handshake first" in (caught.value.details() or "")


PLUGIN = """
import sys, os
print("arguments", sys.argv[1:])
print("in", os.getcwd(), os.environ["HOUSE"], file=sys.stderr)
sys.exit(7)
"""


def test_run_plugin(host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """A plugin gets its arguments, folder and environment; its output and its exit code come back."""
    (tmp_path / "plugin").mkdir()
    (tmp_path / "plugin" / "__main__.py").write_text(PLUGIN)
    request = language_pb2.RunPluginRequest(
        pwd=str(tmp_path), args=["a", "b c"], env=["HOUSE=red=brick"], info=info(tmp_path / "plugin")
    )
    answers = list(host.RunPlugin(request, timeout=30))
    assert b"".join(answer.stdout for answer in answers) == b"arguments ['a', 'b c']\n"
    assert b"".join(answer.stderr for answer in answers) == f"in {tmp_path} red=brick\n".encode()
    assert answers[-1].exitcode == 7


def test_plugin_as_a_package(host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """A folder that is a package is run as one, by its distribution's name."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "no-such-house"\n[build-system]\nrequires = []\nbuild-backend = "hatchling.build"\n'
    )
    answers = list(host.RunPlugin(language_pb2.RunPluginRequest(pwd=str(tmp_path), info=info(tmp_path)), timeout=60))
    assert b"No module named 'no_such_house'" in b"".join(answer.stderr for answer in answers)
    assert answers[-1].exitcode == 1


def test_plugin_that_nobody_wants_any_more(host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """A plugin ends with the call that runs it."""
    import psutil

    (tmp_path / "__main__.py").write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n")
    call = host.RunPlugin(language_pb2.RunPluginRequest(pwd=str(tmp_path), info=info(tmp_path)), timeout=30)
    plugin = psutil.Process(int(next(call).stdout))
    call.cancel()
    _, alive = psutil.wait_procs([plugin], timeout=10)
    assert alive == []
