# SPDX-License-Identifier: Apache-2.0
"""The data plane of registries: `/registrymanagement/...` says where a registry is, `/mferp/managementfrontend/...` serves its assets.

The paths below the second are ARM's, and what ARM answers there is answered, with ids and addresses of the data plane; besides there are
`import`, `tempdatarefs` (upload) and `datarefs` (download).

Differs from Azure:
- a registry is served by the emulator's one address, whatever its regions
- the registry `azureml` has the environments of `curated.py`, and nothing else of Microsoft's
- a share is over when it is answered
- `tempdatarefs` refuses a version that exists for environments without a build context only: the client of a model or of data would go
  on to upload into a workspace that it does not have; its write is refused instead, unless the content is the same
"""

from __future__ import annotations

import re
from dataclasses import replace

from groundplan_emulator import locations
from groundplan_emulator.arm import router, scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.ml import curated, files, references
from groundplan_emulator.ml.registry import public, share, storage, uploads, views
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import asset_files
from groundplan_emulator.types.machine_learning_services.service import user_error

PREFIX = "/mferp/managementfrontend"
_DISCOVERY = re.compile(r"/registrymanagement/v1\.0/registries/(?P<registry>[^/]+)/discovery", re.IGNORECASE)
_REGISTRY = re.compile(
    rf"{PREFIX}(?P<id>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/registries"
    r"/(?P<registry>[^/]+))/(?P<rest>.+)",
    re.IGNORECASE,
)
_WORKSPACE = re.compile(
    rf"{PREFIX}(?P<path>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/workspaces/.+)",
    re.IGNORECASE,
)
_DATA = re.compile(r"(?P<what>tempdatarefs|datarefs)/(?P<name>[^/]+)/versions/(?P<version>[^/]+)", re.IGNORECASE)
_ASSETS = re.compile(rf"({'|'.join(references.KINDS)})(/.+)?", re.IGNORECASE)


def handle(ctx: Context) -> Response:
    """Answer one request of the plane, or raise ArmError."""
    request = ctx.request
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        raise ArmError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    if (match := _DISCOVERY.fullmatch(request.path)) is not None:
        return _discovered(ctx, match["registry"])
    if (match := _WORKSPACE.fullmatch(request.path)) is not None:  # ARM's own, for what asks it here
        return router.handle(replace(ctx, request=replace(request, path=match["path"], _query=None)))
    match = _REGISTRY.fullmatch(request.path)
    if match is None:
        raise ArmError(404, "ResourceNotFound", f"The management front end of registries serves no '{request.path}'.")
    registry = ctx.get(match["id"])
    if registry is None and match["registry"].lower() == curated.REGISTRY:
        return public.answer(request.method, match["rest"])
    if registry is None:
        raise _no_registry(ctx, match["registry"])
    return _answered(ctx, registry, match["id"], match["rest"])


def _answered(ctx: Context, registry: Resource, path: str, rest: str) -> Response:
    request = ctx.request
    if (request.method, rest.lower()) == ("POST", "import"):
        scopes.refuse_locked(ctx, scopes.ResourceId.parse(registry.id), "write")
        share.take(ctx, registry, request.json_object())
        return Response(200)
    if (match := _DATA.fullmatch(rest)) is not None:
        if match["what"].lower() == "tempdatarefs":
            return _temporary(ctx, registry)
        return _readable(ctx, registry)
    if _ASSETS.fullmatch(rest) is None:
        raise ArmError(404, "ResourceNotFound", f"A registry has no '{rest}'.")
    inner = replace(ctx, request=replace(request, path=f"{path}/{rest}", _query=None))
    answer = router.handle(inner)
    answer.body = views.shown(ctx, PREFIX, answer.body)
    return answer


def _no_registry(ctx: Context, name: str) -> ArmError:
    there = ", ".join(each.name for each in ctx.store.of_type(references.REGISTRIES)) or "none"
    return ArmError(404, "RegistryNotFound", f"There is no registry named '{name}'. Registries that exist: {there}.")


def _discovered(ctx: Context, name: str) -> Response:
    """Where a registry is: the address that the client came to, for every region."""
    base = f"{ctx.request.base}/"
    registry = references.registry(ctx, name)
    if registry is None and name.lower() == curated.REGISTRY:
        regions, location, group = [*locations.DISPLAY_NAMES], "eastus", curated.REGISTRY
        subscription = ctx.settings.identity.subscription_id
    elif registry is None:
        raise _no_registry(ctx, name)
    else:
        details = registry.properties.get("regionDetails") or ()
        location, group, subscription = registry.body["location"], registry.id.split("/")[4], registry.id.split("/")[2]
        regions = list(dict.fromkeys([location, *(locations.normalise(str(each.get("location"))) for each in details)]))
    body = {
        "registryName": registry.name if registry else name.lower(),
        "primaryRegion": location,
        "primaryRegionResourceProviderUri": base,
        "resourceGroup": group,
        "subscriptionId": subscription,
        "registryFqdns": {
            region: {"discoveryFqdn": ctx.request.base, "mlFlowFqdn": ctx.request.base} for region in regions
        },
    }
    return Response(200, body)


def _version_of(ctx: Context, registry: Resource) -> tuple[references.Reference, Resource | None]:
    """The asset that a request for data names, and its version where there is one."""
    asset_id = str(ctx.request.json_object().get("assetId", ""))
    parts = references.parse(asset_id)
    if parts is None or parts.registry.lower() != registry.name.lower():
        raise user_error(f"'{asset_id}' is not the id of an asset of registry '{registry.name}'.", "assetId")
    return parts, ctx.get(f"{registry.id}/{parts.kind}/{parts.name}/versions/{parts.version}")


def _temporary(ctx: Context, registry: Resource) -> Response:
    """A place to upload a version's files to. 409 for an environment that is there: its client goes on without an upload."""
    parts, found = _version_of(ctx, registry)
    if found is not None and parts.kind == "environments" and not found.properties.get("build"):
        raise conflict(
            "UserError", f"Version '{parts.version}' of '{parts.name}' exists in registry '{registry.name}'."
        )
    name, reference = uploads.offered(ctx, storage.account(ctx, registry))
    body = {
        "blobReferenceForConsumption": reference,
        "temporaryDataReferenceId": name,
        "temporaryDataReferenceType": uploads.TEMPORARY,
    }
    return Response(200, body)


def _readable(ctx: Context, registry: Resource) -> Response:
    """A signed address of the container with a version's files."""
    parts, found = _version_of(ctx, registry)
    uri = str(ctx.request.json_object().get("blobUri", ""))
    if found is None:
        raise ArmError(
            404, "ResourceNotFound", f"There is no version '{parts.version}' of '{parts.name}' in {parts.kind}."
        )
    try:
        place = files.place(ctx, uri)
    except references.NotFoundError as error:
        raise user_error(f"'blobUri' leads to no files: {error}.", "blobUri") from None
    own = [asset_files.place_of(ctx, found.properties.get(name), None) for name in views.URIS]
    account = next(iter(ctx.store.of_type(storage.ACCOUNTS, name=place.account)), None)
    if account is None or place not in own:
        raise user_error(
            f"'{uri.partition('?')[0]}' is not where the files of '{parts.name}:{parts.version}' are.", "blobUri"
        )
    reference = uploads.reference(ctx, account, place.container, permissions="rl")
    return Response(200, {"blobReferenceForConsumption": {**reference, "blobUri": uri}})
