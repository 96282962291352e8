# SPDX-License-Identifier: Apache-2.0
"""Where a collection's files are: below the path of its data asset, or at the usual place of the workspace's blob store."""

from __future__ import annotations

from typing import Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.collection.settings import Collector
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.types.machine_learning_services.service import workspace_of

USUAL: Final = "azureml://datastores/workspaceblobstore/paths/modelDataCollector"


def of(ctx: Context, deployment_id: str, collection: str, collector: Collector) -> Place:
    """The folder of a collection. Raises `NotFoundError` where the workspace has no such place."""
    segments = deployment_id.split("/")
    workspace = workspace_of(ctx, deployment_id)
    known = collector.collections.get(collection.lower())
    uri = f"{USUAL}/{segments[-3]}/{segments[-1]}/{known.name if known else collection}"
    if known is not None and known.data:
        try:
            asset = references.version(ctx, known.data, kind="data", workspace=workspace)
            uri = str(asset.properties.get("dataUri") or uri)
        except NotFoundError:
            pass  # the asset is gone; what is collected is not
    found = files.place(ctx, uri, workspace)
    return Place(found.account, found.container, found.name.rstrip("/"))
