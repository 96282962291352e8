# SPDX-License-Identifier: Apache-2.0
"""Create: refuse an id that exists, PUT, wait, GET."""

from dataclasses import dataclass

from groundplan_arm import ResourceType
from groundplan_provider import outputs, put, soft_delete, sub_resources
from groundplan_provider.conversion import request_body, request_query
from groundplan_provider.errors import ArmError, ProviderError, Unreachable
from groundplan_provider.session import Session
from groundplan_provider.values import Properties, reveal

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
    _refuse_existing(session, resource_type, urn, resource_id)
    session.journal.begin(resource_id, urn)
    whole = sub_resources.empty(reveal(inputs), sub_resources.places(session.catalog, resource_type))
    request = put.Put(resource_id, request_body(resource_type, whole), request_query(resource_type, inputs), timeout)
    try:
        answer = soft_delete.put_over_deleted(session, resource_type, request, urn)
    except Unreachable:
        raise
    except ProviderError as error:
        put.report_left(session, resource_type, resource_id, inputs, error)
        raise
    return Created(answer.get("id") or resource_id, outputs.from_answer(resource_type, answer, inputs))


def _id(session: Session, resource_type: ResourceType, inputs: Properties) -> str:
    try:
        return session.resource_id(resource_type, reveal(inputs))
    except ValueError as error:
        raise ProviderError(str(error)) from None


def _refuse_existing(session: Session, resource_type: ResourceType, urn: str, resource_id: str) -> None:
    if resource_type.name_param is None or resource_type.name_param in _EXIST_WITH_PARENT:
        return  # it came with its parent; the program takes charge of it
    existing = session.client.get(resource_id, resource_type.api_version)
    if existing is None:
        return
    if not session.journal.made_by(resource_id, urn):
        raise ProviderError(f'cannot create already existing resource "{resource_id}"')
    session.diagnostics.info(urn, f"going on with {resource_id}, which an interrupted update of this stack has made")
    try:
        session.client.settle(resource_id, resource_type.api_version)
    except ArmError:
        return  # the PUT that follows says whether it can be mended
