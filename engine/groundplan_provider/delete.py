# SPDX-License-Identifier: Apache-2.0
"""Delete: gone is gone, whoever did it."""

from groundplan_arm import ResourceType
from groundplan_provider import soft_delete
from groundplan_provider.errors import ArmError
from groundplan_provider.session import RESOURCE_GROUPS, Session
from groundplan_provider.settings import OnDelete
from groundplan_provider.values import Properties


def delete(
    session: Session, resource_type: ResourceType, urn: str, resource_id: str, old_outputs: Properties, timeout: float
) -> None:
    """Delete and wait; a resource that is not there counts as deleted. Soft-deletes unless `GROUNDPLAN_ON_DELETE=purge`."""
    client, version = session.client, resource_type.api_version
    purging = session.settings.on_delete is OnDelete.PURGE
    query = soft_delete.purge_query(resource_type) if purging else {}
    try:
        answer = client.send("DELETE", resource_id, version, query=query)
        client.finish(answer, "DELETE", resource_id, version, timeout)
    except ArmError as error:
        if error.status != 404:
            raise
    if resource_type.arm_type == RESOURCE_GROUPS:
        session.forget_regions()
    if purging:
        try:
            soft_delete.purge(session, resource_type, resource_id, str(old_outputs.get("location") or ""))
        except ArmError as error:  # purge protection: the resource is deleted all the same
            session.diagnostics.info(urn, f"deleted, but Azure keeps {resource_id}: {error}")
    session.journal.end(resource_id)
