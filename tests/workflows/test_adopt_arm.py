# SPDX-License-Identifier: Apache-2.0
"""Questions to Azure Resource Manager: asked again where that helps, and sentences where it does not."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from groundplan_workflows.adopt.arm import Arm
from groundplan_workflows.errors import CredentialsError, DeploymentError, LocalAzureError

Answers = list[tuple[int, str]]


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Arm]]:
    """Makes one for an address; nothing waits."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with httpx.Client(timeout=10, trust_env=False) as client, ThreadPoolExecutor(2) as pool:
        yield lambda address: Arm(address, "s", client, pool, direct=True)


@pytest.fixture
def server() -> Iterator[tuple[str, Answers]]:
    """A real server that gives the answers one after the other."""
    answers: Answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}", answers
    listening.shutdown()
    thread.join(10)
    listening.server_close()


def test_asks_again_and_gives_up(arm: Callable[[str], Arm], server: tuple[str, Answers]) -> None:
    """Throttled and failing answers are asked for again, four times in all; a refusal says what Azure said."""
    address, answers = server
    asked = arm(address)
    answers += [(429, ""), (503, ""), (200, '{"id": "/x"}'), (404, ""), (405, "")]
    assert asked.get("/x", "v") == {"id": "/x"}
    assert asked.get("/x", "v") is None
    assert asked.get("/x", "v") is None
    answers += [(500, "")] * 4
    with pytest.raises(DeploymentError, match="GET /x: 500"):
        asked.get("/x", "v")
    answers.append((403, '{"error": {"code": "AuthorizationFailed", "message": "no rights"}}'))
    with pytest.raises(CredentialsError, match="GET /x: 403 AuthorizationFailed: no rights"):
        asked.get("/x", "v")
    assert answers == []


def test_pages_stay_on_this_azure(arm: Callable[[str], Arm], server: tuple[str, Answers]) -> None:
    """The next page is followed, but never to another host: the token is for this one."""
    address, answers = server
    answers += [
        (200, f'{{"value": [{{"id": "/a"}}], "nextLink": "{address}/list?page=2"}}'),
        (200, '{"value": [{"id": "/b"}], "nextLink": "http://example.org/list"}'),
    ]
    assert [each["id"] for each in arm(address).items("/list", "v")] == ["/a", "/b"]


def test_nobody_answers(arm: Callable[[str], Arm]) -> None:
    """A closed port is a sentence with the address."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(LocalAzureError, match=f"{address} does not answer: .*; nothing was imported"):
            arm(address).get("/x", "v")
