# SPDX-License-Identifier: Apache-2.0
"""What a client of an online endpoint gets, from real scoring processes through the router."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.azure_spec


async def blue(rig: Any, **properties: Any) -> str:
    """An endpoint whose traffic goes to one deployment with one instance."""
    key = rig.deployment("blue", **properties)
    rig.endpoint(traffic={"blue": 100})
    await rig.model(key, "blue")
    return key


def test_a_request_reaches_the_model_as_it_was_sent(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig, requestSettings={"requestTimeout": "PT20S"})

        answer = await rig.score(
            {"a": 1}, path="/score?version=2&x=%2F", headers={"x-ms-client-request-id": "mine", "x-other": "kept"}
        )

        told = answer.json()
        assert (answer.status_code, told["by"], told["method"]) == (200, "blue", "POST")
        assert told["path"] == "/score?version=2&x=%2F"
        assert told["bytes"] == len(b'{"a":1}')
        assert told["headers"]["x-other"] == "kept"
        assert "authorization" not in told["headers"], "the model's log must not see keys"
        assert answer.headers["azureml-model-deployment"] == "blue"
        assert answer.headers["server"] == "azureml-frontdoor"
        assert answer.headers["x-ms-run-function-failed"] == "False"
        assert answer.headers["x-ms-request-id"] == answer.headers["x-request-id"] == told["headers"]["x-request-id"]
        (served,) = await rig.heard(1)
        assert (served.status, served.model_status, served.deployment, served.instance) == (200, 200, "blue", 0)
        assert served.endpoint == rig.id("ep")
        assert served.client_request_id == "mine"
        assert served.request_id == answer.headers["x-request-id"]
        assert served.request_bytes == len(b'{"a":1}')
        assert served.response_bytes == len(answer.content)
        assert 0 < served.model_seconds <= served.seconds
        assert (served.mirrored, served.bodies, served.reason) == (False, None, "")
        assert served.connection.startswith("127.0.0.1:")

    play(scenario)


@pytest.mark.parametrize("path", ["/swagger.json", "/", "/v1/models?x=1"])
def test_any_path_and_method_reaches_the_model(play: Any, path: str):
    async def scenario(rig: Any) -> None:
        await blue(rig)
        answer = await rig.score(method="GET", path=path)
        assert (answer.json()["path"], answer.json()["method"]) == (path, "GET")
        head = await rig.score(method="HEAD", path=path)
        assert (head.status_code, head.content) == (200, b"")

    play(scenario)


def test_a_large_answer_and_one_in_pieces_arrive_whole(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig)
        large = await rig.score({"big": 5_000_000})
        assert len(large.json()["big"]) == 5_000_000
        pieces = await rig.score({"stream": 500})
        assert pieces.content == b"".join(b"%d\n" % part for part in range(500))
        closing = await rig.score({"close": True})
        assert closing.json()["by"] == "blue"
        assert (await rig.score()).status_code == 200

    play(scenario)


@pytest.mark.parametrize("status", [500, 201, 404])
def test_an_answer_other_than_200_is_a_model_error(play: Any, status: int):
    async def scenario(rig: Any) -> None:
        await blue(rig)

        answer = await rig.score({"status": status})

        assert answer.status_code == 424
        assert answer.headers["ms-azureml-model-error-statuscode"] == str(status)
        assert answer.headers["ms-azureml-model-error-reason"] == "model_error"
        assert answer.json()["by"] == "blue", "the model's own words"
        (served,) = await rig.heard(1)
        assert (served.status, served.model_status, served.reason) == (424, status, "model_error")

    play(scenario)


def test_the_codes_of_an_endpoint_on_kubernetes(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig, requestSettings={"requestTimeout": "PT1.5S"})
        rig.endpoint(compute="/subscriptions/s/.../computes/k8s")

        assert (await rig.score({"status": 500})).status_code == 502
        assert (await rig.score({"status": 404})).status_code == 404
        assert (await rig.score({"sleep": 30})).status_code == 504
        rig.deployment("blue", requestSettings={"requestTimeout": "PT20S", "maxQueueWait": "PT1S"})
        answers = await asyncio.gather(*(rig.score({"sleep": 2.5}) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [200, 503, 503]
        assert {served.reason for served in rig.served} >= {"queue_wait_exceeded", "too_many_pending_request"}

    play(scenario)


def test_a_model_that_takes_too_long(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig, requestSettings={"requestTimeout": "PT1.5S"})

        answer = await rig.score({"sleep": 30})

        assert answer.status_code == 408
        assert answer.text.startswith("upstream request timeout")
        assert "1.5 s" in answer.text
        (served,) = await rig.heard(1)
        assert (served.status, served.model_status, served.reason) == (408, 0, "timeout")
        assert rig.azure.instances.of(served.endpoint.lower() + "/deployments/blue")[0].in_flight == 0
        assert (await rig.score()).status_code == 200, "the place is free again"

    play(scenario)


def test_an_answer_that_ends_in_the_middle_is_cut_for_the_client_too(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig)
        with pytest.raises(httpx.RemoteProtocolError):
            await rig.score({"stream": 3, "pause": 0.05, "break": True})
        (served,) = await rig.heard(1)
        assert served.reason == "upstream_reset"

    play(scenario)


def test_no_deployment_gets_traffic(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig)
        rig.endpoint(traffic={"blue": 0})

        answer = await rig.score()

        assert answer.status_code == 404
        assert "doesn't have any valid deployment with positive weight" in answer.text
        assert (await rig.heard(1))[0].deployment == ""
        assert (await rig.score(headers={"azureml-model-deployment": "BLUE"})).status_code == 200
        unknown = await rig.score(headers={"azureml-model-deployment": "pink"})
        assert (unknown.status_code, "no deployment 'pink'" in unknown.text, "blue" in unknown.text) == (
            404,
            True,
            True,
        )

    play(scenario)


def test_an_unknown_endpoint(play: Any):
    async def scenario(rig: Any) -> None:
        answer = await rig.client.post("/nope.westeurope.inference.ml.core.local/score")
        assert answer.status_code == 404
        assert "no online endpoint behind 'nope.westeurope.inference.ml.core.local'" in answer.text
        await blue(rig)
        elsewhere = await rig.client.post("/ep.eastus.inference.ml.core.local/score")
        assert elsewhere.status_code == 404
        as_in_azure = await rig.client.post(
            "/EP.westeurope.inference.ml.azure.com/score", headers={"Authorization": f"Bearer {rig.key()}"}
        )
        assert as_in_azure.status_code == 200

    play(scenario)


def test_a_body_over_the_limit(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig)

        answer = await rig.score(content=b" " * (1_572_865))

        assert answer.status_code == 413
        assert "1572864 bytes" in answer.text
        with rig.azure.store.transaction():
            rig.azure.store.set_meta("online_payload_limit", 10)

        async def pieces() -> Any:
            for _ in range(20):
                yield b" "

        assert (await rig.score(content=pieces())).status_code == 413
        assert (await rig.score(content=b"{}")).status_code == 200
        assert [served.reason for served in rig.served] == ["payload_too_large", "payload_too_large", ""]

    play(scenario)


def test_faults_that_the_control_api_asks_for(play: Any):
    async def scenario(rig: Any) -> None:
        await blue(rig)
        rig.azure.faults.add({"path": ".*inference.*", "status": 503, "code": "Busy", "message": "not now", "times": 1})
        first, second = await rig.score(), await rig.score()
        assert (first.status_code, first.text, second.status_code) == (503, "not now", 200)

    play(scenario)


def test_bodies_are_kept_where_a_deployment_collects_them(play: Any):
    async def scenario(rig: Any) -> None:
        both = {name: {"dataCollectionMode": "Enabled"} for name in ("request", "response")}
        await blue(rig, dataCollector={"collections": both})
        answer = await rig.score({"a": 1})
        await rig.score({"big": 2_000_000})
        rig.deployment("blue", dataCollector={"collections": {**both, "request": {"dataCollectionMode": "Disabled"}}})
        await rig.score({"a": 2})

        whole, large, half = await rig.heard(3)
        assert whole.bodies == (b'{"a":1}', answer.content)
        assert large.bodies == (b'{"big":2000000}', b""), "what Azure's payload logging leaves out"
        assert half.bodies is not None
        assert (half.bodies[0], half.bodies[1] != b"") == (b"", True)

    play(scenario)


def test_a_batch_endpoint_is_found_by_the_host_that_azure_gives_it(play: Any):
    async def scenario(rig: Any) -> None:
        asked = [
            await rig.client.post(f"/nope.westeurope.{host}/jobs", json={}, headers={"Authorization": "Bearer x"})
            for host in ("inference.ml.azure.com", "batch.inference.ml.core.local")
        ]
        first, second = ((answer.status_code, answer.text) for answer in asked)
        assert first == second
        assert "nope" in first[1]

    play(scenario)
