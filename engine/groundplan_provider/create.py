# SPDX-License-Identifier: Apache-2.0
"""Create: refuse an id that exists, PUT, wait, GET."""

from dataclasses import dataclass
from typing import Any

from groundplan_arm import ResourceType
from groundplan_provider import outputs, put, soft_delete, sub_resources
from groundplan_provider.conversion import request_body, request_query
from groundplan_provider.errors import ArmError, ProviderError, Unreachable
from groundplan_provider.session import RESOURCE_GROUPS, Session
from groundplan_provider.values import Properties, reveal, without_internal

# names of services inside a storage account: there is one of each, called default
_EXIST_WITH_PARENT = frozenset({"blobServicesName", "fileServicesName", "queueServiceName", "tableServiceName"})


@dataclass(frozen=True, slots=True)
class Created:
    """A resource that exists now."""

    id: str
    outputs: Properties


def create(session: Session, resource_type: ResourceType, urn: str, inputs: Properties, timeout: float) -> Created:
    """Make the resource. Raises `InitFailed` when something is left behind, another `ProviderError` when nothing is."""
    resource_id = _id(session, resource_type, inputs)
    existing = _existing(session, resource_type, urn, resource_id)
    whole = reveal(without_internal(inputs))
    if existing is None:
        whole = sub_resources.empty(session.catalog, resource_type, whole)
    else:
        whole = sub_resources.keep(session.catalog, resource_type, resource_id, whole, existing)
    session.journal.begin(resource_id, urn)
    request = put.Put(resource_id, request_body(resource_type, whole), request_query(resource_type, inputs), timeout)
    try:
        answer = soft_delete.put_over_deleted(session, resource_type, request, urn)
    except Unreachable:
        raise
    except ProviderError as error:
        put.report_left(session, resource_type, resource_id, inputs, error)
        raise
    if resource_type.arm_type == RESOURCE_GROUPS:
        session.forget_regions()
    return Created(answer.get("id") or resource_id, outputs.from_answer(resource_type, answer, inputs))


def _id(session: Session, resource_type: ResourceType, inputs: Properties) -> str:
    try:
        return session.resource_id(resource_type, reveal(inputs))
    except ValueError as error:
        raise ProviderError(str(error)) from None


def _existing(session: Session, resource_type: ResourceType, urn: str, resource_id: str) -> Any:
    """What is there already and may be taken over, None when there is nothing. Raises `ProviderError` for another's resource."""
    client, version = session.client, resource_type.api_version
    existing = client.get(resource_id, version)
    if existing is None or resource_type.name_param is None or resource_type.name_param in _EXIST_WITH_PARENT:
        return existing  # the latter came with its parent
    if not session.journal.made_by(resource_id, urn):
        raise ProviderError(f'cannot create already existing resource "{resource_id}"')
    session.diagnostics.info(urn, f"going on with {resource_id}, which an interrupted update of this stack has made")
    try:
        client.settle(resource_id, version)
    except ArmError:
        return existing  # the PUT that follows says whether it can be mended
    return client.get(resource_id, version)
