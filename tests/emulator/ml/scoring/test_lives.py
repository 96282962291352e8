# SPDX-License-Identifier: Apache-2.0
"""What ends a scoring process, and how it comes back."""

from __future__ import annotations

import contextlib
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from azure.ai.ml.entities import OnlineRequestSettings, ProbeSettings

from .conftest import Serving, until

pytestmark = pytest.mark.azure_assumed
ONCE = """
    import os
    from pathlib import Path

    def init():
        marker = Path(os.environ["HOME"]) / "came-up"
        if marker.exists():
            raise RuntimeError("only once")
        marker.touch()

    def run(data): return "up"
"""
GREEDY = """
    kept = []
    def init(): pass
    def run(data):
        kept.append(b"1" * (400 << 20))
        return "full"
"""
SLOW = "import time\ndef init(): pass\ndef run(data):\n    time.sleep(5)\n    return 'late'"


def test_one_that_does_not_come_back_is_tried_less_and_less_often(serving: Serving):
    endpoint = serving.endpoint("once-ep")
    serving.deploy(endpoint, script=ONCE)
    os.kill(serving.instances(endpoint)[0]["pid"], signal.SIGKILL)

    until(lambda: serving.logs(endpoint).count("Back-off restarting failed container") >= 2, "two attempts")

    assert "RuntimeError: only once" in serving.logs(endpoint)
    assert serving.instances(endpoint) == []
    assert serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Succeeded"


def test_one_that_takes_too_much_memory_is_killed_and_comes_back(serving: Serving):
    endpoint = serving.endpoint("greedy-ep")
    serving.azure.control("POST", "settings", {"scoring_memory": 350})
    try:
        serving.deploy(endpoint, script=GREEDY)
    finally:
        serving.azure.control("POST", "settings", {"scoring_memory": 0})
    before = serving.instances(endpoint)[0]
    with contextlib.suppress(httpx.HTTPError):  # answered or killed before that, as it happens
        serving.score(endpoint, {})

    after = until(lambda: [each for each in serving.instances(endpoint) if each["pid"] != before["pid"]], "a restart")

    assert after[0]["restarts"] >= 1
    assert "was OOMKilled: it used" in serving.logs(endpoint)


def test_the_end_of_its_guard_leaves_no_orphan(serving: Serving):
    endpoint = serving.endpoint("guard-ep")
    serving.deploy(endpoint)
    before = serving.instances(endpoint)[0]
    server = psutil.Process(before["pid"])
    workers = server.children()
    os.kill(server.ppid(), signal.SIGKILL)

    until(lambda: [each for each in serving.instances(endpoint) if each["pid"] != before["pid"]], "a new process")

    assert workers
    assert not psutil.wait_procs([server, *workers], 10)[1]
    assert serving.score(endpoint, {})["weights"] == "17"


def test_a_worker_that_dies_is_replaced_by_its_server(serving: Serving):
    endpoint = serving.endpoint("worker-ep")
    script = "import os\ndef init(): pass\ndef run(data):\n    if data == '1': os._exit(7)\n    return os.getpid()"
    serving.deploy(endpoint, script=script, environment_variables={"WORKER_COUNT": "2"})
    instance = serving.instances(endpoint)[0]
    assert len(psutil.Process(instance["pid"]).children()) == 2

    with pytest.raises(httpx.HTTPError):
        serving.score(endpoint, 1)

    until(lambda: len(psutil.Process(instance["pid"]).children()) == 2, "two workers again")
    assert serving.score(endpoint, 0)
    assert serving.instances(endpoint) == [instance]


def test_one_that_is_not_ready_gets_no_requests_until_it_is(serving: Serving):
    endpoint = serving.endpoint("busy-ep")
    probe = ProbeSettings(initial_delay=1, period=1, timeout=1, failure_threshold=1, success_threshold=1)
    patient = OnlineRequestSettings(request_timeout_ms=20_000)
    serving.deploy(endpoint, script=SLOW, readiness_probe=probe, request_settings=patient)
    before = serving.instances(endpoint)[0]

    with ThreadPoolExecutor() as pool:
        asked = pool.submit(serving.score, endpoint, {})
        until(lambda: not serving.instances(endpoint), "no instance that is ready")
        until(lambda: serving.instances(endpoint), "an instance that is ready")

    assert asked.result() == "late"
    assert serving.instances(endpoint)[0]["pid"] == before["pid"]
    assert "did not answer its readiness probe: it gets no requests" in serving.logs(endpoint)


def test_a_script_that_never_answers_is_ended_by_its_own_timeout(serving: Serving):
    endpoint = serving.endpoint("loop-ep")
    script = "def init(): pass\ndef run(data):\n    while data == '1': pass\n    return 'done'"
    serving.deploy(endpoint, script=script, request_settings=OnlineRequestSettings(request_timeout_ms=1_000))
    before = serving.instances(endpoint)[0]

    answer = httpx.post(f"http://127.0.0.1:{before['port']}/score", json=1, trust_env=False, timeout=20)

    assert (answer.status_code, answer.json()["message"]) == (500, "Scoring timeout after 1000 ms")
    assert serving.score(endpoint, 0) == "done"
    assert serving.instances(endpoint) == [before]
