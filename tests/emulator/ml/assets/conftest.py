# SPDX-License-Identifier: Apache-2.0
"""A workspace with its storage account, in a store of the test's own and without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock
from groundplan_emulator.ml import files
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store
from groundplan_emulator.types.machine_learning_services import system_datastores

GROUP = "/subscriptions/s/resourceGroups/g"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
REGISTRY = f"{GROUP}/providers/Microsoft.MachineLearningServices/registries/shared"
BLOBS, ARTIFACTS = "azureml-blobstore-guid", "azureml"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Azure]:
    """What a server serves."""
    folder = tmp_path / "state"
    folder.mkdir()
    store = Store(folder / "state.db")
    core = Azure(Settings(folder, 1, 2, Identity.load(folder)), store, Clock())
    with core.working() as ctx:
        keep(core, ACCOUNT, "Microsoft.Storage/storageAccounts")
        kind = "Microsoft.MachineLearningServices"
        keep(core, WORKSPACE, f"{kind}/workspaces", workspaceId="guid", storageAccount=ACCOUNT)
        keep(core, REGISTRY, f"{kind}/registries")
        system_datastores.create(ctx, workspace(core))
    yield core
    store.close()


def keep(core: Azure, id_: str, type_: str, **properties: Any) -> Resource:
    """A resource as if it had been written."""
    name = id_.rsplit("/", 1)[1]
    body = {
        "id": id_,
        "name": name,
        "type": type_,
        "properties": properties,
        "systemData": {"createdAt": core.clock.stamp()},
    }
    with core.working() as ctx:
        ctx.save(Resource(id_, type_, name, body))
        found = ctx.get(id_)
    assert found is not None
    return found


def version(core: Azure, holder: str, kind: str, name: str, number: str, **properties: Any) -> Resource:
    """A version of an asset, and its container."""
    type_ = f"Microsoft.MachineLearningServices/{holder.split('/')[-2]}/{kind}"
    keep(core, f"{holder}/{kind}/{name}", type_)
    return keep(core, f"{holder}/{kind}/{name}/versions/{number}", f"{type_}/versions", **properties)


def workspace(core: Azure) -> Resource:
    found = core.store.get(WORKSPACE)
    assert found is not None
    return found


def blob(core: Azure, name: str, data: bytes = b"data", container: str = BLOBS) -> None:
    with core.working() as ctx:
        files.write(ctx, Place("acct", container, name), data)
