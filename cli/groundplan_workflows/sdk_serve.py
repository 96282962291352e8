# SPDX-License-Identifier: Apache-2.0
"""What a user of Microsoft's SDK would write: register a model, serve it, ask it, as JSON.

    python -m groundplan_workflows.sdk_serve <resource group> <workspace>

Nothing in it knows of Groundplan: the environment variables of `groundplan local env` alone say where Azure is.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Final

ENDPOINT: Final = "homes-demo"
SCORE: Final = """\
import json
import os
from pathlib import Path

weights = {}


def init():
    [file] = Path(os.environ["AZUREML_MODEL_DIR"]).rglob("weights.json")
    weights.update(json.loads(file.read_text()))


def run(data):
    return {"price": weights["slope"] * json.loads(data)["area"] + weights["intercept"]}
"""


def main(group: str, workspace: str) -> None:
    """Print what the model answers, and who answered."""
    # azure-ai-ml speaks of its own experimental classes at every import
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    from azure.ai.ml import MLClient
    from azure.ai.ml.entities import (
        CodeConfiguration,
        Environment,
        ManagedOnlineDeployment,
        ManagedOnlineEndpoint,
        Model,
    )
    from azure.identity import DefaultAzureCredential

    client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], group, workspace)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "code").mkdir()
        (folder / "code" / "score.py").write_text(SCORE, encoding="utf-8")
        (folder / "weights.json").write_text('{"slope": 4000.0, "intercept": 0.0}', encoding="utf-8")
        (folder / "question.json").write_text('{"area": 72}', encoding="utf-8")
        model = client.models.create_or_update(Model(name="homes", path=str(folder / "weights.json")))
        endpoint = client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=ENDPOINT)).result()
        client.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name="blue",
                endpoint_name=ENDPOINT,
                model=model,
                environment=Environment(image="mcr.microsoft.com/azureml/minimal-py312-inference:latest"),
                code_configuration=CodeConfiguration(code=str(folder / "code"), scoring_script="score.py"),
                instance_type="Standard_DS3_v2",
                instance_count=1,
            )
        ).result()
        endpoint.traffic = {"blue": 100}
        client.online_endpoints.begin_create_or_update(endpoint).result()
        answer = json.loads(client.online_endpoints.invoke(ENDPOINT, request_file=str(folder / "question.json")))
    found = {"endpoint": ENDPOINT, "model": f"{model.name}:{model.version}", "answer": answer}
    client.online_endpoints.begin_delete(ENDPOINT).result()
    # the SDK writes dots while it waits: what it says last is the answer
    sys.stdout.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
