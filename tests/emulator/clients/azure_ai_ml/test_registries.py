# SPDX-License-Identifier: Apache-2.0
"""Assets of a registry, made there and shared from a workspace, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import MLClient, command
from azure.ai.ml.constants._registry import StorageAccountType
from azure.ai.ml.entities import (
    BuildContext,
    Data,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    Registry,
    RegistryRegionDetails,
    Workspace,
)
from azure.ai.ml.entities._registry.registry_support_classes import (
    SystemCreatedAcrAccount,
    SystemCreatedStorageAccount,
)
from azure.ai.ml.exceptions import ValidationException
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential

from tests.emulator.clients.azure_ai_ml.conftest import GROUP, LOCATION
from tests.emulator.clients.azure_ai_ml.trees import folder, read
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec
NAME = "aiml-shared"


@pytest.fixture(scope="module")
def registry(ml: Any) -> Iterator[MLClient]:
    """A client of a registry that a user made, as users make them."""
    region = RegistryRegionDetails(
        location=LOCATION,
        acr_config=[SystemCreatedAcrAccount(acr_account_sku="Premium")],
        storage_config=SystemCreatedStorageAccount(
            storage_account_hns=False, storage_account_type=StorageAccountType.STANDARD_LRS
        ),
    )
    ml.registries.begin_create(Registry(name=NAME, location=LOCATION, replication_locations=[region])).result()
    yield MLClient(DefaultAzureCredential(), registry_name=NAME)
    ml.registries.begin_delete(name=NAME).result()


def test_a_model_of_a_registry(registry: Any, tmp_path: Path):
    path = folder(tmp_path / "weights", model_txt="one", sub__part_txt="two")
    made = registry.models.create_or_update(Model(name="own", version="1", path=path, description="first"))

    registry.models.create_or_update(Model(name="own", path=folder(tmp_path / "next", model_txt="three")))
    registry.models.download("own", version="1", download_path=str(tmp_path / "down"))

    assert made.id == f"azureml://registries/{NAME}/models/own/versions/1"
    assert (made.description, "sig=" in made.path) == ("first", False)
    assert registry.models.get("own", label="latest").version == "2"
    assert [model.version for model in registry.models.list("own")] == ["1", "2"]
    assert "own" in {model.name for model in registry.models.list()}
    assert read(tmp_path / "down" / "own" / "weights") == {"model.txt": "one", "sub/part.txt": "two"}


def test_a_model_that_is_one_file(registry: Any, tmp_path: Path):
    folder(tmp_path, model_pkl="pickled")
    registry.models.create_or_update(Model(name="single", version="1", path=str(tmp_path / "model.pkl")))

    registry.models.download("single", version="1", download_path=str(tmp_path / "down"))

    assert read(tmp_path / "down") == {"single/model.pkl": "pickled"}


def test_a_version_of_a_registry_does_not_change(registry: Any, tmp_path: Path):
    """The same content again is the same version; other content is refused, and the old one is still there."""
    path = folder(tmp_path / "a", model_txt="one")
    first = registry.models.create_or_update(Model(name="fixed", version="1", path=path))
    same = registry.models.create_or_update(Model(name="fixed", version="1", path=path, tags={"k": "v"}))

    with pytest.raises(HttpResponseError, match="Asset paths cannot be updated"):
        registry.models.create_or_update(
            Model(name="fixed", version="1", path=folder(tmp_path / "b" / "a", model_txt="two"))
        )

    assert (same.path, same.tags) == (first.path, {"k": "v"})
    registry.models.download("fixed", version="1", download_path=str(tmp_path / "down"))
    assert read(tmp_path / "down") == {"fixed/a/model.txt": "one"}


def test_archive_and_restore(registry: Any, tmp_path: Path):
    path = folder(tmp_path, model_txt="x")
    for number in ("1", "2"):
        registry.models.create_or_update(Model(name="old", version=number, path=path))

    registry.models.archive("old", version="2")
    assert [model.version for model in registry.models.list("old")] == ["1"]
    registry.models.restore("old", version="2")
    registry.models.archive("old")
    assert "old" not in {model.name for model in registry.models.list()}
    registry.models.restore("old")

    assert [model.version for model in registry.models.list("old")] == ["1", "2"]
    assert "old" in {model.name for model in registry.models.list()}


def test_data_and_environments_of_a_registry(registry: Any, tmp_path: Path):
    path = folder(tmp_path / "rows", a_csv="1,2")
    data = registry.data.create_or_update(Data(name="rows", version="1", path=path, type="uri_folder"))
    image = registry.environments.create_or_update(Environment(name="env", version="1", image="example.org/a:1"))
    again = registry.environments.create_or_update(Environment(name="env", image="example.org/a:2"))
    context = folder(tmp_path / "context", Dockerfile="FROM scratch")
    built = registry.environments.create_or_update(
        Environment(name="built", version="1", build=BuildContext(path=context))
    )

    assert data.id == f"azureml://registries/{NAME}/data/rows/versions/1"
    assert registry.data.get("rows", label="latest").type == "uri_folder"
    assert [found.name for found in registry.data.list()] == ["rows"]
    assert (image.id, again.version) == (f"azureml://registries/{NAME}/environments/env/versions/1", "2")
    assert {"env", "built"} <= {found.name for found in registry.environments.list()}
    assert built.build.dockerfile_path == "Dockerfile"
    with pytest.raises(HttpResponseError, match="Environment env with version 1 is already registered"):
        registry.environments.create_or_update(Environment(name="env", version="1", image="example.org/b:1"))


def test_a_component_of_a_registry(registry: Any, tmp_path: Path):
    code = folder(tmp_path / "src", main_py="print('hello')")
    environment = registry.environments.create_or_update(Environment(name="say", version="1", image="example.org/a:1"))
    component = command(command="python main.py", code=code, environment=environment.id, name="say", version="1")

    made = registry.components.create_or_update(component.component)

    assert made.id == f"azureml://registries/{NAME}/components/say/versions/1"
    assert registry.components.get("say").command == "python main.py"
    assert registry.components.get("say", version="1").code.startswith(f"azureml://registries/{NAME}/codes/")
    assert "say" in {found.name for found in registry.components.list()}


def test_what_is_shared_outlives_its_workspace(environment: RunningAzure, registry: Any, tmp_path: Path):
    maker = MLClient(DefaultAzureCredential(), environment.subscription_id, GROUP)
    maker.workspaces.begin_create(Workspace(name="aiml-short", location=LOCATION)).result()
    short = MLClient(DefaultAzureCredential(), environment.subscription_id, GROUP, "aiml-short")
    path = folder(tmp_path / "weights", model_txt="kept", sub__part_txt="too")
    short.models.create_or_update(Model(name="mine", version="1", path=path, tags={"k": "v"}, description="d"))
    short.environments.create_or_update(Environment(name="mine", version="1", image="example.org/a:1"))
    short.data.create_or_update(Data(name="mine", version="1", path=path, type="uri_folder"))
    context = BuildContext(path=folder(tmp_path / "context", Dockerfile="FROM scratch"))
    short.environments.create_or_update(Environment(name="built", version="1", build=context))
    target: dict[str, Any] = {"share_with_name": "ours", "share_with_version": "7", "registry_name": NAME}

    model = short.models.share("mine", "1", **target)
    shared = short.environments.share("mine", "1", **target)
    built = short.environments.share("built", "1", **{**target, "share_with_name": "built-there"})
    data = short.data.share("mine", "1", **target)
    maker.workspaces.begin_delete("aiml-short", delete_dependent_resources=True, permanently_delete=True).result()

    assert model.id == f"azureml://registries/{NAME}/models/ours/versions/7"
    assert (model.tags, model.description) == ({"k": "v"}, "d")
    assert (shared.image, data.type) == ("example.org/a:1", "uri_folder")
    dockerfile = f"{built.build.path.replace(environment.https, environment.http)}/{built.build.dockerfile_path}"
    token = {"Authorization": f"Bearer {environment.token}"}
    assert environment.client.get(dockerfile, headers=token).text == "FROM scratch"
    registry.models.download("ours", version="7", download_path=str(tmp_path / "down"))
    assert read(tmp_path / "down") == {"ours/weights/model.txt": "kept", "ours/weights/sub/part.txt": "too"}


def test_a_share_is_refused(ml: Any, registry: Any, tmp_path: Path):
    path = folder(tmp_path, model_txt="x")
    ml.models.create_or_update(Model(name="twice", version="1", path=path))
    target: dict[str, Any] = {"share_with_name": "twice", "share_with_version": "1", "registry_name": NAME}
    ml.models.share("twice", "1", **target)

    with pytest.raises(ValidationException, match="already exists in registry"):
        ml.models.share("twice", "1", **target)
    with pytest.raises(HttpResponseError, match="has no version '9' \\(its versions: 1\\)"):
        ml.models.share("twice", "9", **{**target, "share_with_version": "9"})
    with pytest.raises(ResourceNotFoundError, match="no registry named 'none-such'"):
        ml.models.share("twice", "1", **{**target, "registry_name": "none-such"})


def test_a_component_takes_its_parts_along(environment: RunningAzure, ml: Any, registry: Any, tmp_path: Path):
    """The SDK shares no components, the service does."""
    used = ml.environments.create_or_update(Environment(name="parts", version="3", image="example.org/a:1"))
    code = folder(tmp_path / "src", main_py="print('hello')")
    node = command(command="python main.py", code=code, environment=used.id, name="parts", version="1")
    ml.components.create_or_update(node.component)
    workspace = ml.workspaces.get(ml.workspace_name)
    source = f"azureml://locations/{LOCATION}/workspaces/{workspace._workspace_id}/components/parts/versions/1"
    own = ml.registries.get(NAME).id
    body = {"properties": {"referenceType": "Id", "destinationName": "parts", "sourceAssetId": source}}

    url = f"{environment.http}/mferp/managementfrontend{own}/import?api-version=2021-10-01-dataplanepreview"
    headers = {"Authorization": f"Bearer {environment.token}"}

    first, second = (environment.client.post(url, json=body, headers=headers) for _ in range(2))

    assert (first.status_code, first.content) == (200, b"")
    assert second.status_code == 409
    assert "does not change" in second.json()["error"]["message"]
    registry.environments.create_or_update(Environment(name="taken", version="1", image="example.org/other:1"))
    taken = ml.environments.create_or_update(Environment(name="taken", version="1", image="example.org/a:1"))
    more = command(command="python main.py", code=code, environment=taken.id, name="parts", version="2").component
    ml.components.create_or_update(more)
    body["properties"]["sourceAssetId"] = f"{source[:-1]}2"
    clash = environment.client.post(url, json=body, headers=headers)
    assert clash.status_code == 409
    assert "needs 'environments/taken/versions/1'" in clash.json()["error"]["message"]
    assert [found.version for found in registry.components.list("parts")] == ["1"]
    found = registry.components.get("parts", version="1")
    assert found.environment == f"azureml://registries/{NAME}/environments/parts/versions/3"
    assert found.code.startswith(f"azureml://registries/{NAME}/codes/")


def test_a_deployment_of_a_registry_model(ml: Any, registry: Any, tmp_path: Path):
    path = folder(tmp_path, model_txt="x")
    model = registry.models.create_or_update(Model(name="served", version="1", path=path))
    used = registry.environments.create_or_update(Environment(name="served", version="1", image="example.org/a:1"))
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-registry", auth_mode="key")).result()

    def deployed(model_id: str, environment_id: str) -> Any:
        settings: dict[str, Any] = {"instance_type": "Standard_DS3_v2", "instance_count": 1}
        return ml.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name="blue", endpoint_name="aiml-registry", model=model_id, environment=environment_id, **settings
            )
        )

    with pytest.raises(HttpResponseError, match="registry 'aiml-shared' has no model 'absent'"):
        deployed(f"azureml://registries/{NAME}/models/absent/versions/1", used.id)
    with pytest.raises(HttpResponseError, match="has no version '5' \\(its versions: 1\\)"):
        deployed(model.id, f"azureml://registries/{NAME}/environments/served/versions/5")
    ml.online_endpoints.begin_delete("aiml-registry").result()


def test_what_is_not_there(registry: Any):
    with pytest.raises(ResourceNotFoundError):
        registry.models.get("absent", version="1")
    with pytest.raises(ValidationException, match="does not exist in registry"):
        registry.models.get("absent", label="latest")
    with pytest.raises(ResourceNotFoundError, match=r"Registries that exist: .*aiml-shared"):
        MLClient(DefaultAzureCredential(), registry_name="none-such")


def test_microsofts_registry_has_its_environments(registry: Any):
    public: Any = MLClient(DefaultAzureCredential(), registry_name="azureml")

    found = public.environments.get("sklearn-1.5", version="27")

    assert "scikit-learn==1.5.*" in found.conda_file["dependencies"][1]["pip"]
    assert public.environments.get("sklearn-1.5", label="latest").name == "sklearn-1.5"
    with pytest.raises(HttpResponseError, match="it can only be read"):
        public.environments.create_or_update(Environment(name="mine", version="1", image="example.org/a:1"))


def test_another_registry_is_another_place(ml: Any, registry: Any, tmp_path: Path):
    """Deleting a registry deletes its storage; the name can be used again."""
    region = RegistryRegionDetails(location=LOCATION)
    for _ in range(2):
        ml.registries.begin_create(
            Registry(name="aiml-brief", location=LOCATION, replication_locations=[region])
        ).result()
        brief: Any = MLClient(DefaultAzureCredential(), registry_name="aiml-brief")
        assert list(brief.models.list()) == []
        made = brief.models.create_or_update(Model(name="m", version="1", path=folder(tmp_path, model_txt="x")))
        assert made.version == "1"
        ml.registries.begin_delete(name="aiml-brief").result()

    with pytest.raises((ResourceNotFoundError, ResourceExistsError)):
        MLClient(DefaultAzureCredential(), registry_name="aiml-brief")
