# SPDX-License-Identifier: Apache-2.0
"""`--attach-debugger`: the program waits for a debugger, and runs under it."""

import json
import re
import socket

from tests.engine.conftest import Project


class Debugger:
    """As much of a debugger (Debug Adapter Protocol) as it takes to attach, read along, and let go."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.stream = self.socket.makefile("rwb")
        self.sent = 0

    def send(self, command: str, **arguments: object) -> None:
        self.sent += 1
        body = json.dumps({"seq": self.sent, "type": "request", "command": command, "arguments": arguments}).encode()
        self.stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.stream.flush()

    def wait_for(self, event: str) -> None:
        while True:
            length = int(self.stream.readline().partition(b":")[2])
            self.stream.readline()
            if json.loads(self.stream.read(length)).get("event") == event:
                return


def test_attach_debugger(project: Project) -> None:
    """The engine says where to attach; once a debugger has, the program runs to its end."""
    project.write('import pulumi, sys\npulumi.export("traced", "debugpy" in sys.modules)\n')
    process = project.start("preview", "--attach-debugger=program")
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        port = next(int(match[1]) for line in lines if (match := re.search(r"attach \(on port (\d+)\)", line)))
        debugger = Debugger(port)
        debugger.send("initialize", adapterID="python", clientID="test", pathFormat="path")
        debugger.send("attach", connect={"host": "127.0.0.1", "port": port}, justMyCode=True)
        debugger.wait_for("initialized")
        debugger.send("configurationDone")
        debugger.wait_for("terminated")
        debugger.send("disconnect")
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert "traced: true" in said
    finally:
        process.kill()
        process.wait()
