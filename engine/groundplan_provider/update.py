# SPDX-License-Identifier: Apache-2.0
"""Update: PUT the whole resource, but keep the lists of sub-resources that the program does not own."""

from groundplan_arm import ResourceType
from groundplan_provider import outputs, put, sub_resources
from groundplan_provider.conversion import request_body, request_query
from groundplan_provider.errors import OutcomeUnknown
from groundplan_provider.session import Session
from groundplan_provider.values import Properties, reveal, without_internal


def update(
    session: Session,
    resource_type: ResourceType,
    resource_id: str,
    inputs: Properties,
    old_outputs: Properties,
    timeout: float,
) -> Properties:
    """The outputs after the change. Raises `InitFailed` when Azure took the change on and then failed."""
    whole = _with_sub_resources(session, resource_type, resource_id, inputs)
    request = put.Put(resource_id, request_body(resource_type, whole), request_query(resource_type, inputs), timeout)
    try:
        answer = put.put(session, resource_type, request)
    except (put.Accepted, OutcomeUnknown) as error:
        put.report_left(session, resource_type, resource_id, inputs, error, old_outputs)
        raise
    return outputs.from_answer(resource_type, answer, inputs)


def _with_sub_resources(
    session: Session, resource_type: ResourceType, resource_id: str, inputs: Properties
) -> Properties:
    plain = reveal(without_internal(inputs))
    if not sub_resources.places(session.catalog, resource_type):
        return plain
    current = session.client.get(resource_id, resource_type.api_version)
    return plain if current is None else sub_resources.keep(session.catalog, resource_type, resource_id, plain, current)
