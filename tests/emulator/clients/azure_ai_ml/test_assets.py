# SPDX-License-Identifier: Apache-2.0
"""Environments, models, code and components of a workspace, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import command
from azure.ai.ml.entities import BuildContext, Environment, Model
from azure.ai.ml.exceptions import ValidationException
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

from tests.emulator.clients.azure_ai_ml.trees import folder, read
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec
IMAGE = "example.org/image:1"


def test_versions_of_an_environment_follow_each_other(ml: Any):
    """Without a version the SDK writes over the latest one and takes the next when that is refused with a 409."""
    first = ml.environments.create_or_update(Environment(name="counted", image=IMAGE))
    same = ml.environments.create_or_update(Environment(name="counted", image=IMAGE, tags={"k": "v"}))
    second = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:2"))

    assert (first.version, same.version, second.version) == ("1", "1", "2")
    assert ml.environments.get("counted", version="1").tags == {"k": "v"}
    assert ml.environments.get("counted", label="latest").version == "2"
    ml.environments.archive("counted", version="2")
    assert [found.version for found in ml.environments.list("counted")] == ["1"]
    assert ml.environments.get("counted", version="2").image == "example.org/image:2"


def test_an_environment_that_loses_its_packages_is_another_one(ml: Any, tmp_path: Path):
    conda = tmp_path / "conda.yaml"
    conda.write_text("dependencies: [python=3.11, numpy]")
    first = ml.environments.create_or_update(Environment(name="packed", image=IMAGE, conda_file=str(conda)))
    second = ml.environments.create_or_update(Environment(name="packed", image=IMAGE))

    with pytest.raises(ResourceExistsError, match="Environment packed with version 1 is already registered"):
        ml.environments.create_or_update(Environment(name="packed", version="1", image=IMAGE))

    assert (first.version, second.version) == ("1", "2")
    assert ml.environments.get("packed", version="1").conda_file == {"dependencies": ["python=3.11", "numpy"]}
    assert ml.environments.get("packed", version="2").conda_file is None


def test_an_environment_from_a_build_context(ml: Any, tmp_path: Path):
    path = folder(tmp_path / "context", Dockerfile="FROM scratch", requirements_txt="numpy")
    made = ml.environments.create_or_update(Environment(name="built", build=BuildContext(path=path)))
    same = ml.environments.create_or_update(Environment(name="built", build=BuildContext(path=path)))
    (tmp_path / "context" / "requirements.txt").write_text("scipy")
    other = ml.environments.create_or_update(Environment(name="built", build=BuildContext(path=path)))

    assert (made.version, same.version, other.version) == ("1", "1", "2")
    account = ml.workspaces.get(ml.workspace_name).storage_account.rsplit("/", 1)[1]
    assert f"/{account}.blob.core.local/azureml-blobstore-" in made.build.path


def test_names_of_curated_environments_are_microsofts(ml: Any):
    name = "AzureML-sklearn-1.5-ubuntu22.04-py310-cpu"
    found = ml.environments.get(name, label="latest")

    assert "scikit-learn==1.5.*" in str(found.conda_file)
    with pytest.raises(HttpResponseError, match="can not start with the prefix AzureML"):
        ml.environments.create_or_update(Environment(name="AzureML-mine", version="1", image=IMAGE))


def test_a_model_from_a_folder(ml: Any, tmp_path: Path):
    path = folder(tmp_path / "weights", model_txt="one", sub__part_txt="two")

    first = ml.models.create_or_update(Model(name="uploaded", path=path, type="custom_model"))
    second = ml.models.create_or_update(Model(name="uploaded", path=path, description="again"))
    ml.models.download("uploaded", version="1", download_path=str(tmp_path / "down"))

    assert (first.version, second.version) == ("1", "2")
    assert "/datastores/workspaceblobstore/paths/LocalUpload/" in first.path
    assert first.path == second.path  # content is kept once
    assert read(tmp_path / "down") == {"uploaded/weights/model.txt": "one", "uploaded/weights/sub/part.txt": "two"}


def test_a_model_from_a_file(ml: Any, tmp_path: Path):
    folder(tmp_path, model_pkl="pickled")
    ml.models.create_or_update(Model(name="single", version="1", path=str(tmp_path / "model.pkl")))

    ml.models.download("single", version="1", download_path=str(tmp_path / "down"))

    assert read(tmp_path / "down") == {"single/model.pkl": "pickled"}


def test_an_mlflow_model_has_its_flavors(ml: Any, tmp_path: Path):
    described = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    python_version: 3.11\n"
    path = folder(tmp_path, MLmodel=described, model_pkl="x")

    made = ml.models.create_or_update(Model(name="flavored", path=path, type="mlflow_model"))

    assert made.flavors == {"python_function": {"loader_module": "mlflow.sklearn", "python_version": "3.11"}}


def test_a_model_of_many_megabytes(ml: Any, tmp_path: Path):
    """More than is downloaded in one piece."""
    data = bytes(range(256)) * 4096 * 34
    (tmp_path / "big.bin").write_bytes(data)
    ml.models.create_or_update(Model(name="big", version="1", path=str(tmp_path / "big.bin")))

    ml.models.download("big", version="1", download_path=str(tmp_path / "down"))

    assert (tmp_path / "down" / "big" / "big.bin").read_bytes() == data


def test_a_model_from_a_path_of_a_datastore(ml: Any, tmp_path: Path):
    first = ml.models.create_or_update(Model(name="source", path=folder(tmp_path, model_txt="x")))
    short = f"azureml://datastores/workspaceblobstore/paths/{first.path.partition('/paths/')[2]}"

    made = ml.models.create_or_update(Model(name="again", path=short))

    assert made.path == first.path
    ml.models.download("again", version="1", download_path=str(tmp_path / "down"))
    assert [*read(tmp_path / "down").values()] == ["x"]


def test_a_model_from_a_jobs_outputs(environment: RunningAzure, ml: Any, tmp_path: Path):
    """Paths of jobs become the paths of datastores that they stand for."""
    stores: dict[str, str] = {
        "workspaceblobstore": "azureml/job1/trained",
        "workspaceartifactstore": "ExperimentRun/dcid.job1/best",
    }
    for name, path in stores.items():
        store = ml.datastores.get(name, include_secrets=True)
        put(environment, store, f"{path}/model.txt", name)

    trained = ml.models.create_or_update(Model(name="trained", path="azureml://jobs/job1/outputs/trained/paths/"))
    best = ml.models.create_or_update(Model(name="best", path="azureml://jobs/job1/outputs/artifacts/paths/best"))
    run = ml.models.create_or_update(Model(name="run", path="runs:/job1/best"))

    assert trained.path.endswith("/datastores/workspaceblobstore/paths/azureml/job1/trained")
    assert best.path.endswith("/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.job1/best")
    assert run.path == best.path
    ml.models.download("best", version="1", download_path=str(tmp_path))
    assert read(tmp_path) == {"best/best/model.txt": "workspaceartifactstore"}


def put(azure: RunningAzure, store: Any, name: str, text: str) -> None:
    """A blob of a datastore, as a job would leave it."""
    account = store.account_name.rpartition("/")[2]
    url = f"{azure.http}/{account}.blob.core.local/{store.container_name}/{name}"
    headers = {"Authorization": f"Bearer {azure.token}", "x-ms-blob-type": "BlockBlob"}
    assert azure.client.put(url, content=text.encode(), headers=headers).status_code == 201


def test_the_path_of_a_model_never_changes(ml: Any, tmp_path: Path):
    one, two = folder(tmp_path / "one", a_txt="1"), folder(tmp_path / "two", a_txt="2")
    made = ml.models.create_or_update(Model(name="fixed", version="1", path=one, tags={"k": "1"}))

    same = ml.models.create_or_update(
        Model(name="fixed", version="1", path=one, tags={"k": "2"}, description="d", properties={"p": "q"})
    )
    with pytest.raises(ResourceExistsError, match=r"Asset paths cannot be updated\. Version '1' of 'fixed'"):
        ml.models.create_or_update(Model(name="fixed", version="1", path=two))
    with pytest.raises(
        ResourceExistsError, match="'modelType' cannot be changed from 'custom_model' to 'triton_model'"
    ):
        ml.models.create_or_update(Model(name="fixed", version="1", path=one, type="triton_model"))

    assert (same.tags, same.description, same.path) == ({"k": "2"}, "d", made.path)


def test_archive_and_restore(ml: Any, tmp_path: Path):
    path = folder(tmp_path, a_txt="1")
    for number in ("1", "2"):
        ml.models.create_or_update(Model(name="old", version=number, path=path))

    def shown() -> tuple[bool, list[str]]:
        listed = "old" in {model.name for model in ml.models.list()}
        return listed, [model.version for model in ml.models.list("old")]

    ml.models.archive("old", label="latest")
    assert (shown(), ml.models.get("old", label="latest").version) == ((True, ["1"]), "1")
    ml.models.archive("old")
    assert shown() == (False, [])
    assert ml.models.get("old", version="1").version == "1"  # what is archived can be used
    ml.models.restore("old")
    ml.models.restore("old", version="2")
    assert (shown(), ml.models.get("old", label="latest").version) == ((True, ["1", "2"]), "2")


def test_a_component_and_its_code(ml: Any, tmp_path: Path):
    code = folder(tmp_path / "src", main_py="print('hello')", lib__more_py="x = 1")
    environment = ml.environments.create_or_update(Environment(name="training", image=IMAGE))

    def component(name: str, text: str = "python main.py", **more: Any) -> Any:
        return command(command=text, code=code, environment=environment.id, name=name, **more).component

    first = ml.components.create_or_update(component("say"))
    other = ml.components.create_or_update(component("tell"))
    second = ml.components.create_or_update(component("say", "python main.py --loud"))
    told = component("say", version="1")
    told.display_name = "Say it"
    same = ml.components.create_or_update(told)
    ml.components.download("say", tmp_path / "down", version="1")

    assert (first.version, second.version) == ("1", "2")
    assert first.code == other.code == second.code  # content is uploaded once
    assert ml.components.get("say").command == "python main.py --loud"  # by default the newest
    assert (same.display_name, same.command) == ("Say it", "python main.py")
    assert read(tmp_path / "down" / "code") == {"main.py": "print('hello')", "lib/more.py": "x = 1"}
    with pytest.raises(ResourceExistsError, match="'componentSpec' cannot be changed"):
        ml.components.create_or_update(component("say", "echo", version="1"))


def test_a_component_names_what_exists(ml: Any):
    stem = ml.environments.create_or_update(Environment(name="there", image=IMAGE)).id.rpartition("/")[0]
    for wrong, message in (
        (f"{stem}/9", r"environment 'there' of workspace 'aiml-ws' has no version '9' \(its versions: 1\)"),
        (stem.replace("/there/", "/absent/") + "/1", "workspace 'aiml-ws' has no environment 'absent'"),
        ("azureml://registries/none/environments/e/versions/1", "there is no registry 'none'"),
    ):
        node = command(command="echo", environment=wrong, name="wrong", version="1")
        with pytest.raises(HttpResponseError, match=message) as caught:
            ml.components.create_or_update(node.component)
        assert caught.value.status_code == 400
        assert caught.value.error.details[0].code == "EnvironmentNotFound"
    curated = "azureml://registries/azureml/environments/sklearn-1.5/versions/27"
    node = command(command="echo", environment=curated, name="curated", version="1")
    assert ml.components.create_or_update(node.component).environment == curated


def test_what_is_not_there(ml: Any, tmp_path: Path):
    with pytest.raises(ResourceNotFoundError, match="was not found"):
        ml.models.get("absent", version="1")
    with pytest.raises(ValidationException, match="Asset absent does not exist in workspace aiml-ws"):
        ml.models.get("absent", label="latest")
    for path, message in (
        ("azureml://datastores/mine/paths/x", "there is no datastore 'mine'.*workspaceblobstore"),
        ("azureml://datastores/workspaceblobstore/paths/nothing/here", "No blobs found in storage .*nothing/here"),
        ("azureml://jobs/absent/outputs/model/paths/x", "No blobs found in storage .*azureml/absent/model/x"),
    ):
        with pytest.raises(HttpResponseError, match=message) as caught:
            ml.models.create_or_update(Model(name="broken", version="1", path=path))
        assert caught.value.error.code == "UserError"
    assert "broken" not in {model.name for model in ml.models.list()}


@pytest.mark.parametrize("wrong", ["-1", "1 2", "ä", "x" * 256])
def test_versions_have_a_form(ml: Any, tmp_path: Path, wrong: str):
    with pytest.raises(HttpResponseError, match="1 to 255 letters, digits, underscores") as caught:
        ml.models.create_or_update(Model(name="formed", version=wrong, path=folder(tmp_path, a_txt="1")))

    assert caught.value.error.code == "InvalidResourceName"
