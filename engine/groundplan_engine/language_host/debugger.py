# SPDX-License-Identifier: Apache-2.0
"""`pulumi up --attach-debugger`: runs the program under debugpy and tells the engine where to attach."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import grpc
from google.protobuf.json_format import ParseDict
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

PREFERRED_PORT = 58791
"""The port that the official host tries first, and that its documentation names."""

_READY = "Adapter is accepting incoming client connections"


class Debugger:
    """One program under debugpy. The SDK depends on debugpy, so it is there where the SDK is."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._port = _free_port()
        self._logs = Path(tempfile.mkdtemp(prefix="pulumi-python-debugpy-"))
        listen = ["-m", "debugpy", "--listen", f"127.0.0.1:{self._port}", "--wait-for-client"]
        self.arguments = ["-Xfrozen_modules=off", *listen, "--log-to", str(self._logs)]
        """What comes between the interpreter and the program."""

    def announce(self, process: "subprocess.Popen[bytes]") -> None:
        """Tell the engine, in the background, once debugpy accepts connections."""
        threading.Thread(target=self._announce, args=(process,), daemon=True).start()

    def close(self) -> None:
        """Remove debugpy's logs."""
        shutil.rmtree(self._logs, ignore_errors=True)

    def _announce(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + 60
        while not self._ready() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        if process.poll() is not None:
            return
        request = engine_pb2.StartDebuggingRequest(message=f"on port {self._port}")
        attach = {
            "name": "Pulumi: Program (Python)",
            "type": "python",
            "request": "attach",
            "connect": {"host": "127.0.0.1", "port": self._port},
            "justMyCode": True,
        }
        ParseDict(attach, request.config)
        with grpc.insecure_channel(self._engine) as channel, contextlib.suppress(grpc.RpcError):
            engine_pb2_grpc.EngineStub(channel).StartDebugging(request, timeout=60)

    def _ready(self) -> bool:
        return any(_READY in log.read_text(errors="replace") for log in self._logs.glob("debugpy.server-*.log"))


def _free_port() -> int:
    for port in (PREFERRED_PORT, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port")
