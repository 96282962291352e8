# SPDX-License-Identifier: Apache-2.0
"""Names that Azure keeps after a delete: recover, purge or refuse.

What each service wants: Key Vault's `properties.createMode` (REST reference, Vaults - Create Or Update) and `deletedsecrets` of its data
plane (Recover Deleted Secret, Purge Deleted Secret), Machine Learning's `properties.allowRecoverSoftDeletedWorkspace` and `forceToPurge`
(deployment template and client of azure-ai-ml), Cognitive Services' `properties.restore` (REST reference, Accounts - Create), Log
Analytics' `force` (REST reference, Workspaces - Delete; creating the workspace again recovers it without being asked).
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from groundplan_arm import ResourceType
from groundplan_arm.ids import ResourceId
from groundplan_provider.errors import ArmError, ProviderError
from groundplan_provider.put import Put, put
from groundplan_provider.session import Session
from groundplan_provider.settings import OnSoftDeleted

VAULT_PLANE_VERSION = "7.4"
_IN_SUBSCRIPTION = "/subscriptions/{subscription}/providers"


@dataclass(frozen=True, slots=True)
class SoftDelete:
    """How one service recovers and purges.

    `recover`: properties that turn a PUT into a recovery. `purge_query`: query of a DELETE that keeps nothing. `deleted`: path of the
    deleted resource with `{subscription}`, `{group}`, `{location}`, `{name}`; `{plane}` stands for the data plane of the vault above it.
    `recover_call` and `purge_call`: method and what follows that path.
    """

    recover: dict[str, Any] | None = None
    purge_query: dict[str, str] | None = None
    deleted: str = ""
    recover_call: tuple[str, str] | None = None
    purge_call: tuple[str, str] = ("DELETE", "")


_SERVICES = {
    "microsoft.keyvault/vaults": SoftDelete(
        recover={"createMode": "recover"},
        deleted=_IN_SUBSCRIPTION + "/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}",
        purge_call=("POST", "/purge"),
    ),
    "microsoft.keyvault/vaults/secrets": SoftDelete(
        deleted="{plane}/deletedsecrets/{name}", recover_call=("POST", "/recover")
    ),
    "microsoft.machinelearningservices/workspaces": SoftDelete(
        recover={"allowRecoverSoftDeletedWorkspace": True}, purge_query={"forceToPurge": "true"}
    ),
    "microsoft.cognitiveservices/accounts": SoftDelete(
        recover={"restore": True},
        deleted=_IN_SUBSCRIPTION
        + "/Microsoft.CognitiveServices/locations/{location}/resourceGroups/{group}/deletedAccounts/{name}",
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
        _clear_name(session, resource_type, service, request, urn, error)
    # a recovery brings the old settings back: the program's go on top
    return put(session, resource_type, request)


def _name_is_kept(error: ArmError) -> bool:
    # Key Vault and Cognitive Services answer 409, Machine Learning 400; none has a code of its own for it
    text = error.message.lower()
    return error.status in (400, 409) and "deleted" in text and ("recover" in text or "purge" in text)


def _clear_name(
    session: Session, resource_type: ResourceType, service: SoftDelete, request: Put, urn: str, error: ArmError
) -> None:
    choice, id_ = session.settings.on_soft_deleted, request.resource_id
    location = str(request.body.get("location", ""))
    if choice is OnSoftDeleted.REFUSE:
        raise ProviderError(
            f"{error}; GROUNDPLAN_ON_SOFT_DELETED is 'refuse': set it to 'recover' or 'purge', or choose another name"
        ) from None
    if choice is OnSoftDeleted.RECOVER and service.recover is not None:
        session.diagnostics.info(urn, f"recovering the soft-deleted {id_}")
        properties = {**request.body.get("properties", {}), **service.recover}
        put(session, resource_type, replace(request, body={**request.body, "properties": properties}))
    elif choice is OnSoftDeleted.RECOVER and service.recover_call is not None:
        session.diagnostics.info(urn, f"recovering the soft-deleted {id_}")
        _call(session, resource_type, service, service.recover_call, id_, location)
    else:
        session.diagnostics.info(urn, f"purging the soft-deleted {id_}")
        purge(session, resource_type, id_, location)


def purge_query(resource_type: ResourceType) -> dict[str, str]:
    """What makes a DELETE of the type keep nothing."""
    service = _service(resource_type)
    return (service.purge_query or {}) if service else {}


def purge(session: Session, resource_type: ResourceType, resource_id: str, location: str) -> None:
    """Remove what a soft delete keeps; nothing to remove is fine. Raises `ArmError` when Azure protects it."""
    service = _service(resource_type)
    if service is None:
        return
    try:
        if service.deleted:
            _call(session, resource_type, service, service.purge_call, resource_id, location)
        elif service.purge_query:
            client, version = session.client, resource_type.api_version
            answer = client.send("DELETE", resource_id, version, query=service.purge_query)
            client.finish(answer, "DELETE", resource_id, version)
    except ArmError as error:
        if error.status != 404:
            raise


def _call(
    session: Session,
    resource_type: ResourceType,
    service: SoftDelete,
    call: tuple[str, str],
    resource_id: str,
    location: str,
) -> None:
    """A request about the deleted resource, to its end."""
    parsed, version = ResourceId.parse(resource_id), resource_type.api_version
    plane = ""
    if "{plane}" in service.deleted:
        vault = session.client.get(parsed.parent_id, version) or {}
        # on the local target a vault's data plane is a path of the same server
        plane = urlsplit(vault.get("properties", {}).get("vaultUri", "")).path.rstrip("/")
        version = VAULT_PLANE_VERSION
    path = service.deleted.format(
        subscription=parsed.subscription,
        group=parsed.resource_group,
        location=location.replace(" ", "").lower(),
        name=parsed.name,
        plane=plane,
    )
    method, action = call
    session.client.finish(session.client.send(method, path + action, version), "DELETE", path, version)
