# SPDX-License-Identifier: Apache-2.0
"""One registry, whichever client registers: MLflow's registered models are the workspace's model assets."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.entities import Model
from azure.core.exceptions import HttpResponseError
from mlflow import MlflowClient, artifacts
from mlflow.exceptions import RestException

pytestmark = pytest.mark.azure_spec

LogModel = Callable[[str], str]


def test_a_registered_model_is_an_asset(
    client: MlflowClient, ml: MLClient, log_model: LogModel, name: str, tmp_path: Path
):
    """With its files, its flavours and the run that it came from."""
    run = log_model("model")
    made = mlflow.register_model(f"runs:/{run}/model", name, tags={"from": "mlflow"})

    assert (made.name, made.version, made.status, made.run_id) == (name, "1", "READY", run)
    asset = ml.models.get(name, "1")
    assert asset.type == "mlflow_model"
    assert asset.flavors["python_function"] == {"loader_module": "churn", "python_version": "3.11"}
    assert asset.tags == {"from": "mlflow"}
    ml.models.download(name, "1", download_path=str(tmp_path / "sdk"))
    assert [file.read_bytes() for file in (tmp_path / "sdk").rglob("weights.bin")] == [b"\x00\x01"]
    got = Path(artifacts.download_artifacts(f"models:/{name}/1", dst_path=str(tmp_path / "mlflow")))
    assert (got / "weights.bin").read_bytes() == b"\x00\x01"


def test_a_logged_model_is_registered(client: MlflowClient, ml: MLClient, experiment: str, name: str, tmp_path: Path):
    """MLflow 3 logs models beside runs."""
    run = client.create_run(experiment).info.run_id
    logged = client.create_logged_model(experiment, "churn", source_run_id=run)
    (tmp_path / "MLmodel").write_text("flavors:\n  python_function: {loader_module: churn}\n")
    client.log_model_artifacts(logged.model_id, str(tmp_path))
    client.finalize_logged_model(logged.model_id, "READY")

    made = mlflow.register_model(f"models:/{logged.model_id}", name)

    assert made.run_id == run
    assert ml.models.get(name, made.version).path.endswith(f"/LoggedModels/{logged.model_id}")
    assert mlflow.search_logged_models([experiment], output_format="list")[0].model_id == logged.model_id


@pytest.mark.parametrize("path", ["runs:/{}/churn", "azureml://jobs/{}/outputs/artifacts/paths/churn"])
def test_a_logged_model_is_registered_by_its_run(
    client: MlflowClient, ml: MLClient, experiment: str, name: str, tmp_path: Path, path: str
):
    """MLflow 3 logs models beside runs; azure-ai-ml names them as artifacts of the run. The newest of a name counts."""
    run = client.create_run(experiment).info.run_id
    logged = [client.create_logged_model(experiment, "churn", source_run_id=run).model_id for _ in range(2)]
    (tmp_path / "MLmodel").write_text("flavors:\n  python_function: {loader_module: churn}\n")
    for each in logged:
        client.log_model_artifacts(each, str(tmp_path))
        client.finalize_logged_model(each, "READY")
        time.sleep(0.002)

    model = Model(name=name, version="1", path=path.format(run), type="mlflow_model")
    made, again = (ml.models.create_or_update(model) for _ in range(2))

    assert made.path.endswith(f"/datastores/workspaceartifactstore/paths/LoggedModels/{logged[1]}")
    assert (again.path, made.job_name) == (made.path, run)
    assert made.flavors == {"python_function": {"loader_module": "churn"}}
    with pytest.raises(
        HttpResponseError, match=f"No blobs found in storage at model asset path: ExperimentRun/dcid.{run}/no"
    ):
        ml.models.create_or_update(Model(name=name, path=path.format(run).replace("churn", "no"), type="mlflow_model"))


@pytest.mark.parametrize("folder", [True, False])
def test_a_model_of_azure_ai_ml_is_found(client: MlflowClient, ml: MLClient, name: str, tmp_path: Path, folder: bool):
    """Listed, described and downloaded by MLflow's client; a single file as well."""
    source = tmp_path / "m"
    source.mkdir()
    (source / "model.txt").write_text("weights")
    path = source if folder else source / "model.txt"
    ml.models.create_or_update(
        Model(name=name, version="7", path=str(path), type="custom_model", description="by hand")
    )

    (found,) = client.search_registered_models(f"name = '{name}'")
    (version,) = client.search_model_versions(f"name = '{name}'")

    assert [each.version for each in found.latest_versions] == ["7"]
    assert (version.version, version.description, version.current_stage) == ("7", "by hand", "None")
    got = Path(artifacts.download_artifacts(f"models:/{name}/7", dst_path=str(tmp_path / "got")))
    assert [file.read_text() for file in got.rglob("model.txt")] == ["weights"]


def test_versions_count_on_and_carry_aliases(client: MlflowClient, ml: MLClient, log_model: LogModel, name: str):
    run = log_model("model")
    for _ in range(3):
        mlflow.register_model(f"runs:/{run}/model", name)
    client.set_registered_model_alias(name, "champion", "1")
    client.set_registered_model_alias(name, "champion", "2")

    assert client.get_model_version_by_alias(name, "champion").version == "2"
    assert client.get_registered_model(name).aliases == {"champion": "2"}
    assert {each.version for each in client.search_model_versions(f"name = '{name}'")} == {"1", "2", "3"}
    assert ml.models.get(name, label="latest").version == "3"
    client.delete_registered_model_alias(name, "champion")
    with pytest.raises(RestException, match="alias champion not found"):
        client.get_model_version_by_alias(name, "champion")


def test_what_is_said_of_a_model_changes(client: MlflowClient, ml: MLClient, log_model: LogModel, name: str):
    """Descriptions, tags and stages, seen by both clients."""
    mlflow.register_model(f"runs:/{log_model('model')}/model", name)
    client.update_registered_model(name, "all of them")
    client.update_model_version(name, "1", "this one")
    client.set_registered_model_tag(name, "team", "churn")
    client.set_model_version_tag(name, "1", "checked", "yes")
    client.set_model_version_tag(name, "1", "gone", "x")
    client.delete_model_version_tag(name, "1", "gone")
    with pytest.warns(FutureWarning):
        client.transition_model_version_stage(name, "1", "production")

    assert client.get_registered_model(name).description == "all of them"
    assert client.get_registered_model(name).tags == {"team": "churn"}
    found = client.get_model_version(name, "1")
    assert (found.description, found.tags, found.current_stage) == ("this one", {"checked": "yes"}, "Production")
    asset = ml.models.get(name, "1")
    assert (asset.description, asset.tags, asset.stage) == ("this one", {"checked": "yes"}, "Production")


def test_models_are_searched(client: MlflowClient, name: str):
    for suffix, tag in (("one", "a"), ("two", "b"), ("three", "a")):
        client.create_registered_model(f"{name}-{suffix}", tags={"kind": tag})
    mine = f"name LIKE '{name}-%'"

    def names(query: str, **options: Any) -> list[str]:
        return [each.name.removeprefix(f"{name}-") for each in client.search_registered_models(query, **options)]

    assert names(mine) == ["one", "three", "two"]
    assert names(mine, order_by=["name DESC"]) == ["two", "three", "one"]
    assert names(f"{mine} AND tags.kind = 'a'") == ["one", "three"]
    assert names(f"name ILIKE '{name.upper()}-T%'") == ["three", "two"]
    first = client.search_registered_models(mine, max_results=2)
    rest = client.search_registered_models(mine, max_results=2, page_token=first.token)
    assert (len(first), len(rest), rest.token) == (2, 1, "")


def test_models_and_versions_are_deleted(client: MlflowClient, log_model: LogModel, name: str):
    run = log_model("model")
    for _ in range(2):
        mlflow.register_model(f"runs:/{run}/model", name)
    client.set_registered_model_alias(name, "old", "1")
    client.delete_model_version(name, "1")

    assert [each.version for each in client.search_model_versions(f"name = '{name}'")] == ["2"]
    assert client.get_registered_model(name).aliases == {}
    client.delete_registered_model(name)
    with pytest.raises(RestException, match="RESOURCE_DOES_NOT_EXIST"):
        client.get_registered_model(name)


def test_what_cannot_be_registered_is_told(client: MlflowClient, experiment: str, name: str):
    """No files, a place that is not the workspace's, a filter that means nothing, a name that an asset cannot have."""
    client.create_registered_model(name)
    run = client.create_run(experiment)

    with pytest.raises(RestException, match="has no files"):
        client.create_model_version(name, f"{run.info.artifact_uri}/model", run.info.run_id)
    with pytest.raises(RestException, match="cannot be registered; allowed"):
        client.create_model_version(name, "s3://bucket/model")
    with pytest.raises(RestException, match="RESOURCE_ALREADY_EXISTS"):
        client.create_registered_model(name)
    with pytest.raises(RestException, match="cannot be filtered by; allowed"):
        client.search_registered_models("colour = 'red'")
    with pytest.raises(RestException, match="is not understood at"):
        client.search_model_versions("name = 'x' OR name = 'y'")
    with pytest.raises(RestException, match="INVALID_PARAMETER_VALUE"):
        client.create_registered_model("a name with blanks")
    with pytest.raises(RestException, match="keeps its name"):
        client.rename_registered_model(name, f"{name}-2")
