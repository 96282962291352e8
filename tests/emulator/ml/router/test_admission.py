# SPDX-License-Identifier: Apache-2.0
"""Places at instances: the least busy first, no more at once than the request settings say, and what happens when instances go."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytestmark = pytest.mark.azure_spec


def settings(concurrency: int, timeout: str = "PT90S") -> dict[str, Any]:
    return {"requestSettings": {"maxConcurrentRequestsPerInstance": concurrency, "requestTimeout": timeout}}


async def until(condition: Any) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


def test_twice_the_concurrency_of_all_instances_and_no_more(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(2))
        rig.endpoint(traffic={"blue": 100})
        first, second = await rig.model(key, "one", 0), await rig.model(key, "two", 1)

        asked = [asyncio.create_task(rig.score({"sleep": 1.5})) for _ in range(8)]
        await until(lambda: first.in_flight == second.in_flight == 2)
        await until(lambda: rig.waiting(key) == 4)
        ninth = await rig.score()

        assert ninth.status_code == 429
        assert ninth.headers["ms-azureml-model-error-reason"] == "too_many_pending_request"
        assert "has 8 requests under way" in ninth.text
        answers = await asyncio.gather(*asked)
        assert [answer.status_code for answer in answers] == [200] * 8
        assert sorted(answer.json()["by"] for answer in answers) == ["one"] * 4 + ["two"] * 4
        assert (first.in_flight, second.in_flight) == (0, 0)
        assert (await rig.score()).status_code == 200

    play(scenario)


def test_the_wait_counts_into_the_timeout_of_a_managed_deployment(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(1, "PT2S"))
        rig.endpoint(traffic={"blue": 100})
        instance = await rig.model(key, "one")

        slow = asyncio.create_task(rig.score({"sleep": 1}))
        await until(lambda: instance.in_flight == 1)
        waiting = await rig.score({"sleep": 1.9})

        assert waiting.status_code == 408
        assert (await slow).status_code == 200

    play(scenario)


def test_one_that_waits_takes_an_instance_that_is_added(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(1))
        rig.endpoint(traffic={"blue": 100})
        first = await rig.model(key, "one")
        slow = asyncio.create_task(rig.score({"sleep": 60}))
        await until(lambda: first.in_flight == 1)
        waiting = asyncio.create_task(rig.score())
        await until(lambda: rig.waiting(key))

        await rig.model(key, "two")

        assert (await waiting).json()["by"] == "two"
        slow.cancel()

    play(scenario)


def test_no_instance_is_ready(play: Any):
    async def scenario(rig: Any) -> None:
        rig.deployment("blue")
        rig.endpoint(traffic={"blue": 100})
        answer = await rig.score()
        assert answer.status_code == 503
        assert answer.headers["ms-azureml-model-error-reason"] == "model_not_ready"
        assert "get_logs('blue'" in answer.text

    play(scenario)


def test_one_that_waits_goes_where_traffic_goes_by_then(play: Any):
    async def scenario(rig: Any) -> None:
        blue, green = rig.deployment("blue", **settings(1)), rig.deployment("green", **settings(1))
        rig.endpoint(traffic={"blue": 100})
        old = await rig.model(blue, "blue")
        await rig.model(green, "green")
        slow = asyncio.create_task(rig.score({"sleep": 1.5}))
        await until(lambda: old.in_flight == 1)
        waiting = asyncio.create_task(rig.score())
        await until(lambda: rig.waiting(blue))

        rig.endpoint(traffic={"green": 100})
        await rig.stop(blue, old)

        assert ((await slow).json()["by"], (await waiting).json()["by"]) == ("blue", "green")

    play(scenario)


def test_a_client_that_leaves_frees_its_place_and_its_connection(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(1))
        rig.endpoint(traffic={"blue": 100})
        instance = await rig.model(key, "one")
        slow = asyncio.create_task(rig.score({"sleep": 30}))
        await until(lambda: instance.in_flight == 1)
        waiting = asyncio.create_task(rig.score({"sleep": 30}))
        await until(lambda: rig.waiting(key))

        for task in (waiting, slow):
            task.cancel()
        await until(lambda: instance.in_flight == 0 and not rig.waiting(key))

        assert {served.status for served in await rig.heard(2)} == {499}
        assert (await rig.score()).status_code == 200

    play(scenario)


def test_a_process_that_dies_is_not_asked_twice_where_no_other_is(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(1))
        rig.endpoint(traffic={"blue": 100})
        await rig.model(key, "one")

        answer = await rig.score({"die": True})

        assert answer.status_code == 502
        assert "deployment 'blue' gave no answer" in answer.text
        assert (await rig.heard(1))[0].reason == "upstream_reset"

    play(scenario)


def test_a_connection_that_fails_is_made_up_for_by_another_instance(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(4))
        rig.endpoint(traffic={"blue": 100})
        first = await rig.model(key, "one", 0)
        assert (await rig.score()).json()["by"] == "one"
        second = await rig.model(key, "two", 1)
        process = next(each for each in rig.processes if each.pid == first.pid)
        process.kill()
        await process.wait()

        answers = [await rig.score() for _ in range(4)]

        assert {(answer.status_code, answer.json()["by"]) for answer in answers} == {(200, "two")}
        assert (first.in_flight, second.in_flight) == (0, 0)

    play(scenario)


def test_a_stale_connection_is_made_anew(play: Any):
    async def scenario(rig: Any) -> None:
        key = rig.deployment("blue", **settings(4))
        rig.endpoint(traffic={"blue": 100})
        await rig.model(key, "one")
        assert (await rig.score()).json()["requests"] == 1
        # the process closes the kept connection as the next request comes, as servers do whose patience is over
        answer = await rig.score({"hang_up": True})
        assert answer.status_code == 502, "asked again on a new connection, and left without an answer again"
        assert (await rig.score()).json()["requests"] == 4

    play(scenario)
