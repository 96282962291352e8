# SPDX-License-Identifier: Apache-2.0
"""Where a client uploads the files of an asset before it writes the asset's version."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.ml.registry import storage, uploads
from groundplan_emulator.types.machine_learning_services.service import user_error, workspace_of

BASE = "/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices"
OF_WORKSPACE = BASE + "/workspaces/{workspace}/{kind}/{name}/versions/{version}"
OF_REGISTRY = BASE + "/registries/{registry}/{kind}/{name}/versions/{version}"


class PendingUploads(ArmType):
    """Microsoft.MachineLearningServices/workspaces/pendingUploads: `startPendingUpload` on a version that need not exist yet.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = "Microsoft.MachineLearningServices/workspaces/pendingUploads"

    @route("POST", OF_WORKSPACE + "/startPendingUpload")
    def start(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """A new container of the workspace's storage, and a signed address of it."""
        workspace = workspace_of(ctx, ctx.request.path)
        account = ctx.get(str(workspace.properties.get("storageAccount", "")))
        if account is None:
            raise user_error(f"Workspace '{workspace.name}' has no storage account to upload to.")
        return _answer(*uploads.offered(ctx, account))

    @route("POST", OF_WORKSPACE + "/createOrGetStartPendingUpload")
    def start_again(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """The same under the name that later api-versions use."""
        return self.start(ctx, params, body)

    @route("POST", OF_REGISTRY + "/startPendingUpload")
    def start_in_registry(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """A new container of the registry's storage, and a signed address of it."""
        found = ctx.get(BASE.format(**params) + f"/registries/{params['registry']}")
        if found is None:
            raise ArmError(404, "ResourceNotFound", f"The registry '{params['registry']}' was not found.")
        return _answer(*uploads.offered(ctx, storage.account(ctx, found)))


def _answer(name: str, reference: dict[str, Any]) -> Response:
    body = {
        "blobReferenceForConsumption": reference,
        "pendingUploadId": name,
        "pendingUploadType": uploads.TEMPORARY,
    }
    return Response(200, body)
