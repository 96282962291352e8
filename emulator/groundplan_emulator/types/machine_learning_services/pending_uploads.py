# SPDX-License-Identifier: Apache-2.0
"""Where a client uploads the files of an asset before it writes the asset's version."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.types.machine_learning_services.service import user_error, workspace_of
from groundplan_emulator.types.machine_learning_services.system_datastores import create_container
from groundplan_emulator.types.storage import keys

LIFETIME = 24 * 3600.0
WORKSPACE = "/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}"
VERSION = WORKSPACE + "/{kind}/{name}/versions/{version}"


class PendingUploads(ArmType):
    """Microsoft.MachineLearningServices/workspaces/pendingUploads: `startPendingUpload` on a version that need not exist yet.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = "Microsoft.MachineLearningServices/workspaces/pendingUploads"

    @route("POST", VERSION + "/startPendingUpload")
    def start(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """A container and a signed address of it."""
        workspace = workspace_of(ctx, ctx.request.path)
        account = ctx.get(str(workspace.properties.get("storageAccount", "")))
        if account is None:
            raise user_error(f"Workspace '{workspace.name}' has no storage account to upload to.")
        container = ctx.guid("pending upload", ctx.request.path.lower())
        create_container(ctx, account, container)
        uri = f"{ctx.settings.https}/{account.name}.blob.{STORAGE_SUFFIX}/{container}"
        token = keys.container_sas(ctx, account, container, permissions="rwl", seconds=LIFETIME)
        reference = {
            "blobUri": uri,
            "storageAccountArmId": account.id,
            "credential": {"credentialType": "SAS", "sasUri": f"{uri}?{token}"},
        }
        answer = {
            "blobReferenceForConsumption": reference,
            "pendingUploadId": container,
            "pendingUploadType": "TemporaryBlobReference",
        }
        return Response(200, answer)

    @route("POST", VERSION + "/createOrGetStartPendingUpload")
    def start_again(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """The same under the name that later api-versions use."""
        return self.start(ctx, params, body)
