# SPDX-License-Identifier: Apache-2.0
"""Command jobs that really run, driven by the unmodified azure-ai-ml client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Input, Output, command
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data, Model
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.jobs.conftest import ended, log_of

pytestmark = pytest.mark.azure_spec

TRAIN = """
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
for name in ("--data", "--table", "--rate", "--model", "--metrics"):
    parser.add_argument(name)
given = parser.parse_args()
rows = pathlib.Path(given.data).read_text().split()
pathlib.Path(given.model, "weights.json").write_text(json.dumps({"rate": float(given.rate), "rows": len(rows)}))
pathlib.Path(given.metrics).write_text("loss 0.5")
pathlib.Path("outputs", "report.txt").write_text("fine")
print("trained on", len(rows), "rows and", sorted(os.listdir(given.table)))
print("run", os.environ["AZUREML_RUN_ID"], os.environ["AZUREML_ARM_WORKSPACE_NAME"], os.environ["COLOUR"])
"""


def test_train_and_register(ml: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN)
    (tmp_path / "rows.csv").write_text("1 2 3")
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "part.csv").write_text("4")
    ml.data.create_or_update(Data(name="rows", version="1", path=str(tmp_path / "rows.csv"), type=AssetTypes.URI_FILE))

    job = ml.jobs.create_or_update(
        command(
            code=str(tmp_path / "src"),
            command=(
                "python train.py --data ${{inputs.data}} --table ${{inputs.table}} --rate ${{inputs.rate}}"
                " --model ${{outputs.model}} --metrics ${{outputs.metrics}}"
            ),
            inputs={
                "data": Input(type=AssetTypes.URI_FILE, path="azureml:rows:1"),
                "table": Input(type=AssetTypes.URI_FOLDER, path=str(tmp_path / "table"), mode="download"),
                "rate": 0.25,
            },
            outputs={
                "model": Output(type=AssetTypes.CUSTOM_MODEL),
                "metrics": Output(
                    type=AssetTypes.URI_FILE, path="azureml://datastores/workspaceblobstore/paths/kept/metrics.txt"
                ),
            },
            environment="plain:1",
            environment_variables={"COLOUR": "blue"},
            compute="cpu",
            experiment_name="training",
        )
    )
    ml.jobs.stream(job.name)

    said = capsys.readouterr().out
    assert "trained on 3 rows and ['part.csv']" in said
    assert f"run {job.name} jobs-ws blue" in said
    done = ml.jobs.get(job.name)
    assert done.status == "Completed"
    assert done.outputs["model"].path == f"azureml://datastores/workspaceblobstore/paths/azureml/{job.name}/model/"
    model = ml.models.create_or_update(
        Model(name="made", version="1", path=f"azureml://jobs/{job.name}/outputs/model", type=AssetTypes.CUSTOM_MODEL)
    )
    ml.models.download(model.name, version="1", download_path=str(tmp_path / "registered"))
    weights = next((tmp_path / "registered").rglob("weights.json"))
    assert json.loads(weights.read_text()) == {"rate": 0.25, "rows": 3}
    ml.jobs.download(job.name, download_path=str(tmp_path / "all"), all=True)
    assert (tmp_path / "all" / "artifacts" / "outputs" / "report.txt").read_text() == "fine"
    assert "trained on" in (tmp_path / "all" / "artifacts" / "user_logs" / "std_log.txt").read_text()
    assert next((tmp_path / "all" / "named-outputs" / "model").rglob("weights.json")).exists()
