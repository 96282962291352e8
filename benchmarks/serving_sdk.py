# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks.serving_sdk deploy|record|get URL ...`: what the benchmark of serving asks of azure-ai-ml, in a fresh process.

deploy URL FOLDER   a workspace, an endpoint and three deployments; prints the endpoint's key
record URL          answers of the emulator to what `get` asks, as `{path: body}`
get URL COUNT       prints how many `online_endpoints.get` there are in a second
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

GROUP, WORKSPACE, ENDPOINT, LOCATION = "bench", "bench-ws", "bench-ep", "westeurope"
SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return {'sum': len(data)}\n"


def point_at(url: str) -> None:
    """Tell the SDK where the cloud is, and let it forget where it was."""
    os.environ["ARM_CLOUD_METADATA_URL"] = f"{url}/metadata/endpoints?api-version=2019-05-01"
    os.environ["REGISTRY_DISCOVERY_ENDPOINT_URL"] = f"{url}/"
    os.environ.pop("AZUREML_CURRENT_CLOUD", None)


def client(url: str, workspace: str | None = WORKSPACE) -> Any:
    """A client of the service at a URL."""
    point_at(url)
    from azure.ai.ml import MLClient
    from azure.ai.ml.constants import _common
    from azure.identity import DefaultAzureCredential

    for name in ("SLEEP_TIME", "POLL_INTERVAL"):
        setattr(_common.LROConfigurations, name, 0)
    subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
    return MLClient(DefaultAzureCredential(), subscription, GROUP, workspace, polling_interval=0)


def deploy(url: str, folder: Path) -> str:
    """Three deployments, so that their weight is an average; one gets the traffic."""
    from azure.ai.ml.entities import (
        CodeConfiguration,
        Environment,
        ManagedOnlineDeployment,
        ManagedOnlineEndpoint,
        OnlineRequestSettings,
        Workspace,
    )

    client(url, None).workspaces.begin_create(Workspace(name=WORKSPACE, location=LOCATION)).result()
    ml = client(url)
    code = folder / "code"
    code.mkdir()
    (code / "score.py").write_text(SCORE)
    endpoint = ml.online_endpoints.begin_create_or_update(
        ManagedOnlineEndpoint(name=ENDPOINT, auth_mode="key")
    ).result()
    for name in ("blue", "green", "amber"):
        ml.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name=name,
                endpoint_name=ENDPOINT,
                environment=Environment(image="example.org/image:1"),
                code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
                instance_type="Standard_DS3_v2",
                instance_count=1,
                request_settings=OnlineRequestSettings(max_concurrent_requests_per_instance=8),
            )
        ).result()
    endpoint.traffic = {"blue": 100}
    ml.online_endpoints.begin_create_or_update(endpoint).result()
    return ml.online_endpoints.get_keys(ENDPOINT).primary_key


def record(url: str) -> dict[str, str]:
    """What the SDK was answered, by path."""
    import requests

    answers: dict[str, str] = {}
    send = requests.Session.send

    def kept(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response = send(self, request, **options)
        assert request.url is not None
        if request.url.startswith(url):
            answers[request.url.removeprefix(url).partition("?")[0]] = response.text
        return response

    requests.Session.send = kept
    client(url).online_endpoints.get(ENDPOINT)
    return answers


def get(urls: list[str], count: int) -> list[float]:
    """Calls in a second, by the median call; whatever else the machine does, it does to all of them."""
    clients = [client(url) for url in urls]
    seconds: list[list[float]] = [[] for _ in urls]
    for _ in range(count):
        for url, ml, taken in zip(urls, clients, seconds, strict=True):
            point_at(url)
            begin = time.perf_counter()
            ml.online_endpoints.get(ENDPOINT)
            taken.append(time.perf_counter() - begin)
    return [1 / statistics.median(taken) for taken in seconds]


def main(file: str, what: str, url: str, *rest: str) -> None:
    """Write the answer."""
    if what == "deploy":
        answer: Any = deploy(url, Path(rest[0]))
    else:
        answer = record(url) if what == "record" else get([url, rest[0]], int(rest[1]))
    Path(file).write_text(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
