# SPDX-License-Identifier: Apache-2.0
"""The split and the mirror over many requests, and what changes of traffic do to requests under way: nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from typing import Any

import pytest
from scipy.stats import binomtest

pytestmark = pytest.mark.azure_spec

MANY, CONFIDENCE = 10_000, 0.9999
ROOMY = {"requestSettings": {"maxConcurrentRequestsPerInstance": 100, "requestTimeout": "PT30S"}}


def within(count: int, of: int, percent: int) -> bool:
    """Whether a count is as the map says, at the stated confidence (a seeded router makes it the same each time)."""
    interval = binomtest(count, of).proportion_ci(CONFIDENCE)
    return interval.low <= percent / 100 <= interval.high


async def seed(rig: Any, value: int) -> None:
    """As users do it: over the control API."""
    header = {"X-IDENTITY-HEADER": rig.azure.settings.identity.identity_header}
    answer = await rig.client.post("/_groundplan/settings", json={"router_seed": value}, headers=header)
    assert answer.json()["router_seed"] == value


async def ask(rig: Any, number: int, *, at_once: int = 16) -> list[int]:
    """So many requests, some at once, over plain sockets: a client library would be most of the time."""
    port = rig.azure.settings.http_port
    message = (
        f"POST /ep.westeurope.inference.ml.core.local/score HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {rig.key()}\r\n"
        "Content-Length: 2\r\n\r\n{}"
    ).encode()
    statuses: list[int] = []
    left = iter(range(number))

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            for _ in left:
                writer.write(message)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                statuses.append(int(head[9:12]))

    await asyncio.gather(*(work() for _ in range(at_once)))
    return statuses


async def three(rig: Any) -> dict[str, str]:
    """Blue, green and the mirrored one, each with a process."""
    keys = {name: rig.deployment(name, **ROOMY) for name in ("blue", "green", "shadow")}
    for name, key in keys.items():
        await rig.model(key, name)
    return keys


def test_ten_thousand_requests_follow_the_map(play: Any):
    async def scenario(rig: Any) -> None:
        await three(rig)
        await seed(rig, 7)
        rig.endpoint(traffic={"blue": 90, "green": 10, "shadow": 0}, mirrorTraffic={"shadow": 30})

        statuses = await ask(rig, MANY)

        assert Counter(statuses) == {200: MANY}
        served = Counter(each.deployment for each in rig.served if not each.mirrored)
        assert served.total() == MANY
        assert set(served) == {"blue", "green"}
        assert within(served["green"], MANY, 10), served
        copied = sum(each.mirrored for each in rig.served)
        # what was above the bound of copies at once is missing, and never many
        assert within(copied, MANY, 30), copied
        assert {each.deployment for each in rig.served if each.mirrored} == {"shadow"}

    play(scenario)


def test_the_same_seed_gives_the_same_sequence(play: Any):
    async def scenario(rig: Any) -> None:
        await three(rig)
        rig.endpoint(traffic={"blue": 50, "green": 50})

        async def sequence() -> list[str]:
            return [(await rig.score()).json()["by"] for _ in range(40)]

        await seed(rig, 7)
        first = await sequence()
        assert await sequence() != first, "it goes on"
        await seed(rig, 7)
        assert await sequence() == first, "it starts anew"
        await seed(rig, 8)
        assert await sequence() != first
        await seed(rig, 7)
        rig.deployment("green", tags={"changed": "since"}, **ROOMY)
        half = [(await rig.score()).json()["by"] for _ in range(20)]
        rig.endpoint(description="a change that is none of the traffic's")
        half += [(await rig.score()).json()["by"] for _ in range(20)]
        assert half == first, "what else is written in between changes nothing"

    play(scenario)


def test_copies_do_not_touch_the_answer(play: Any):
    async def scenario(rig: Any) -> None:
        keys = await three(rig)
        rig.endpoint(traffic={"blue": 100}, mirrorTraffic={"shadow": 50})
        for instance in rig.azure.instances.of(keys["shadow"]):
            next(each for each in rig.processes if each.pid == instance.pid).kill()
        await seed(rig, 3)

        answers = [await rig.score({"status": 200}) for _ in range(20)]

        assert {(answer.status_code, answer.json()["by"]) for answer in answers} == {(200, "blue")}
        copies = [each for each in await rig.heard(21) if each.mirrored]
        assert copies
        assert {(each.deployment, each.status, each.model_status) for each in copies} == {("shadow", 502, 0)}

    play(scenario)


def test_requests_to_a_named_deployment_are_not_copied(play: Any):
    async def scenario(rig: Any) -> None:
        await three(rig)
        rig.endpoint(traffic={"blue": 100}, mirrorTraffic={"shadow": 50})
        for _ in range(20):
            await rig.score(headers={"azureml-model-deployment": "blue"})
        direct = await rig.score(headers={"azureml-model-deployment": "shadow"})
        assert direct.json() | {"headers": 0} == direct.json() | {"headers": 0, "by": "shadow", "requests": 1}

    play(scenario)


def test_no_more_copies_at_once_than_the_bound(play: Any):
    async def scenario(rig: Any) -> None:
        keys = await three(rig)
        rig.endpoint(traffic={"blue": 100}, mirrorTraffic={"shadow": 50})
        (shadow,) = rig.azure.instances.of(keys["shadow"])
        # the copies hang, the requests do not: the model sleeps only where its name says so
        process = next(each for each in rig.processes if each.pid == shadow.pid)
        process.send_signal(19)  # SIGSTOP
        begin = time.monotonic()

        statuses = await ask(rig, 400)

        assert Counter(statuses) == {200: 400}
        assert time.monotonic() - begin < 30, "nobody waits for copies"
        assert shadow.in_flight == 64
        process.send_signal(18)  # SIGCONT

    play(scenario)


def test_no_request_fails_while_traffic_changes_and_a_deployment_is_swapped(play: Any):
    async def scenario(rig: Any) -> None:
        keys = await three(rig)
        rig.endpoint(traffic={"blue": 100})
        over = asyncio.Event()
        answers: list[tuple[int, str]] = []
        tasks: list[asyncio.Task[None]] = []

        async def one() -> None:
            answer = await rig.score({"sleep": 0.05})
            answers.append((answer.status_code, answer.json().get("by", "")))

        async def load() -> None:
            loop = asyncio.get_running_loop()
            due = loop.time()
            while not over.is_set():
                tasks.append(asyncio.create_task(one()))
                due += 1 / 50
                await asyncio.sleep(max(0.0, due - loop.time()))

        loading = asyncio.create_task(load())
        for change in range(20):
            share = (change * 37) % 101
            rig.endpoint(traffic={"blue": share, "green": 100 - share})
            await asyncio.sleep(0.2)
            if change == 10:
                # a new version of green: the new process is ready first, then the old one goes
                (old,) = rig.azure.instances.of(keys["green"])
                await rig.model(keys["green"], "green two")
                await rig.stop(keys["green"], old)
        rig.endpoint(traffic={"green": 100})
        (old,) = rig.azure.instances.of(keys["blue"])
        await rig.stop(keys["blue"], old)
        await asyncio.sleep(0.2)
        over.set()
        await loading
        await asyncio.gather(*tasks)

        assert {status for status, _ in answers} == {200}
        assert {name for _, name in answers} == {"blue", "green", "green two"}
        assert len(answers) > 150

    play(scenario)
