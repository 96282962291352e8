# SPDX-License-Identifier: Apache-2.0
"""What scoring servers may do on a connection, down to what they should not: each over a real socket."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.ml.instances import Instance
from groundplan_emulator.ml.router.upstream import BrokenError, Connections

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
HEAD = b"POST /score HTTP/1.1\r\ncontent-length: 0\r\n\r\n"


class Scripted(asyncio.Protocol):
    """Answers every request with the same bytes, cut as told."""

    def __init__(self, pieces: list[bytes], *, close: bool) -> None:
        self.pieces, self.close = pieces, close

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for piece in self.pieces:
            self.transport.write(piece)
        if self.close:
            self.transport.close()


async def asked(connections: Connections, instance: Instance, *, bodiless: bool = False) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection was used before."""
    connection = await connections.get(instance)
    reused = connection.reused
    connection.send(HEAD, b"", bodiless=bodiless)
    try:
        await connection.head()
        body = b""
        while piece := await connection.piece():
            body += piece
    finally:
        connections.put(instance, connection)
    return connection.status, body, reused


def talk(pieces: list[bytes], *, close: bool = False, times: int = 1, bodiless: bool = False) -> list[Any]:
    """Ask a scripted server so many times; answers or errors."""

    async def go() -> list[Any]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Scripted(pieces, close=close), "127.0.0.1", 0)
        instance, connections = Instance(0, os.getpid(), server.sockets[0].getsockname()[1]), Connections()
        found: list[Any] = []
        async with asyncio.timeout(30), server:
            for _ in range(times):
                try:
                    found.append(await asked(connections, instance, bodiless=bodiless))
                except BrokenError as error:
                    found.append(error)
            connections.close()
        return found

    return asyncio.run(go())


def test_a_connection_is_used_again():
    assert talk([OK], times=3) == [(200, b"ok", False), (200, b"ok", True), (200, b"ok", True)]


def test_a_connection_that_the_server_ends_is_not():
    closing = OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    assert talk([closing], times=2) == [(200, b"ok", False)] * 2
    assert talk([OK.replace(b"1.1", b"1.0")], times=2) == [(200, b"ok", False)] * 2


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", b""),
    ],
)
def test_forms_of_an_answer(answer: bytes, body: bytes):
    assert talk([answer], times=2) == [(200, body, False), (200, body, True)]


def test_an_answer_without_a_length_ends_with_its_connection():
    assert talk([b"HTTP/1.1 200 OK\r\n\r\nall of it"], close=True) == [(200, b"all of it", False)]


def test_an_answer_to_head_has_no_body():
    assert talk([b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"], bodiless=True) == [(200, b"", False)]


@pytest.mark.parametrize(
    ("pieces", "close", "began"),
    [
        ([], True, False),
        ([b"SSH-2.0-OpenSSH_9.6\r\n"], False, True),
        ([b"HTTP/1.1 200 OK\r\ncontent-le"], True, True),
        ([b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"], True, True),
        ([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"], True, True),
    ],
)
def test_answers_that_break_off(pieces: list[bytes], close: bool, began: bool):
    (error,) = talk(pieces, close=close)
    assert isinstance(error, BrokenError)
    assert (error.began, error.reused) == (began, False)


def test_what_nobody_asked_for_ends_the_connection():
    twice = talk([OK + OK], times=2)
    assert twice == [(200, b"ok", False)] * 2


def test_nobody_listens():
    async def go() -> BrokenError:
        with pytest.raises(BrokenError) as raised:
            await Connections().get(Instance(0, 1, 1))
        return raised.value

    error = asyncio.run(go())
    assert (error.began, error.reused) == (False, False)


@given(st.binary(max_size=3000), st.lists(st.integers(0, 3000), max_size=5), st.booleans())
def test_an_answer_arrives_whole_however_it_is_cut(body: bytes, cuts: list[int], chunked: bool):
    if chunked:
        half = len(body) // 2
        parts = [part for part in (body[:half], body[half:]) if part]
        coded = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + coded
    else:
        answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    connection = made()
    bounds = sorted({0, len(answer), *(cut for cut in cuts if cut < len(answer))})
    for start, end in itertools.pairwise(bounds):
        connection.data_received(answer[start:end])
    assert connection.complete
    assert connection.reusable
    assert asyncio.run(connection.piece()) == body


class Silent:
    """A transport to nowhere."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def made() -> Any:
    from groundplan_emulator.ml.router.upstream import Connection

    connection = Connection()
    connection.connection_made(Silent())  # type: ignore[arg-type]
    connection.send(HEAD, b"", bodiless=False)
    return connection
