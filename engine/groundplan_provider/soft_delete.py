# SPDX-License-Identifier: Apache-2.0
"""Names that Azure keeps after a delete: recover, purge or refuse.

What each service wants: Key Vault's `properties.createMode` (REST reference, Vaults - Create Or Update), Machine Learning's
`properties.allowRecoverSoftDeletedWorkspace` and `forceToPurge` (the deployment template and client of azure-ai-ml), Cognitive Services'
`properties.restore` (REST reference, Accounts - Create), Log Analytics' `force` (REST reference, Workspaces - Delete; creating the
workspace again recovers it without being asked).
"""

from dataclasses import dataclass, replace
from typing import Any

from groundplan_arm import ResourceType
from groundplan_arm.ids import ResourceId
from groundplan_provider.errors import ArmError, ProviderError
from groundplan_provider.put import Put, put
from groundplan_provider.session import Session
from groundplan_provider.settings import OnSoftDeleted


@dataclass(frozen=True, slots=True)
class SoftDelete:
    """How one service recovers and purges.

    `recover`: properties that turn a PUT into a recovery. `purge_query`: query of a DELETE that keeps nothing. `deleted_path`: where the
    deleted resource is found, with `{name}`, `{group}`, `{location}`; `purge_method` and `purge_action` end it.
    """

    recover: dict[str, Any] | None = None
    purge_query: dict[str, str] | None = None
    deleted_path: str | None = None
    purge_method: str = "DELETE"
    purge_action: str = ""


_SERVICES = {
    "microsoft.keyvault/vaults": SoftDelete(
        recover={"createMode": "recover"},
        deleted_path="/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}",
        purge_method="POST",
        purge_action="/purge",
    ),
    "microsoft.machinelearningservices/workspaces": SoftDelete(
        recover={"allowRecoverSoftDeletedWorkspace": True}, purge_query={"forceToPurge": "true"}
    ),
    "microsoft.cognitiveservices/accounts": SoftDelete(
        recover={"restore": True},
        deleted_path="/providers/Microsoft.CognitiveServices/locations/{location}/resourceGroups/{group}/deletedAccounts/{name}",
    ),
    "microsoft.operationalinsights/workspaces": SoftDelete(purge_query={"force": "true"}),
}


def _service(resource_type: ResourceType) -> SoftDelete | None:
    return _SERVICES.get(resource_type.arm_type.casefold())


def put_over_deleted(session: Session, resource_type: ResourceType, request: Put, urn: str) -> dict[str, Any]:
    """PUT; where a deleted resource holds the name, do with it what `GROUNDPLAN_ON_SOFT_DELETED` says, and PUT again."""
    try:
        return put(session, resource_type, request)
    except ArmError as error:
        service = _service(resource_type)
        if service is None or not _name_is_kept(error):
            raise
        choice = session.settings.on_soft_deleted
        if choice is OnSoftDeleted.REFUSE:
            raise ProviderError(
                f"{error}; GROUNDPLAN_ON_SOFT_DELETED is 'refuse': set it to 'recover' or 'purge', or choose another name"
            ) from None
        if choice is OnSoftDeleted.RECOVER and service.recover is not None:
            session.diagnostics.info(urn, f"recovering the soft-deleted {request.resource_id}")
            properties = {**request.body.get("properties", {}), **service.recover}
            put(session, resource_type, replace(request, body={**request.body, "properties": properties}))
        else:
            session.diagnostics.info(urn, f"purging the soft-deleted {request.resource_id}")
            purge(session, resource_type, request.resource_id, str(request.body.get("location", "")))
    # a recovery brings the old settings back: the program's go on top
    return put(session, resource_type, request)


def _name_is_kept(error: ArmError) -> bool:
    text = f"{error.code} {error.message}".lower()
    return error.status == 409 and ("delete" in text or "purge" in text)


def purge_query(resource_type: ResourceType) -> dict[str, str]:
    """What makes a DELETE of the type keep nothing."""
    service = _service(resource_type)
    return (service.purge_query or {}) if service else {}


def purge(session: Session, resource_type: ResourceType, resource_id: str, location: str) -> None:
    """Remove what a soft delete keeps; nothing to remove is fine. Raises `ArmError` when Azure protects it."""
    service = _service(resource_type)
    if service is None:
        return
    client, version = session.client, resource_type.api_version
    if service.deleted_path is not None:
        parsed = ResourceId.parse(resource_id)
        place = service.deleted_path.format(
            name=parsed.name, group=parsed.resource_group, location=location.replace(" ", "").lower()
        )
        method, path, query = (
            service.purge_method,
            f"/subscriptions/{parsed.subscription}{place}{service.purge_action}",
            {},
        )
    elif service.purge_query:
        method, path, query = "DELETE", resource_id, service.purge_query
    else:
        return
    try:
        client.finish(client.send(method, path, version, query=query), "DELETE", path, version)
    except ArmError as error:
        if error.status != 404:
            raise
