# SPDX-License-Identifier: Apache-2.0
"""Read: for `refresh`, `import` and `get`."""

from dataclasses import dataclass

from groundplan_arm import ResourceType
from groundplan_provider import compare, outputs, sub_resources
from groundplan_provider.check import API_VERSION
from groundplan_provider.conversion import as_inputs
from groundplan_provider.errors import ProviderError
from groundplan_provider.secrecy import mark_like, mark_listed
from groundplan_provider.session import Session
from groundplan_provider.values import Properties, reveal


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as Azure has it; the inputs are those that would make it."""

    id: str
    inputs: Properties
    outputs: Properties


def read(
    session: Session, resource_type: ResourceType, resource_id: str, inputs: Properties, old_outputs: Properties
) -> Found | None:
    """The resource, or None when it is gone.

    With the inputs of the state (refresh), what changed in Azure since the last outputs is changed in them too; what Azure merely fills
    in stays out. Without (import), the inputs are everything in the answer that can be set.
    """
    try:
        resource_type.parse_id(resource_id)
    except ValueError as error:
        raise ProviderError(str(error)) from None
    answer = session.client.get(resource_id, resource_type.api_version)
    if answer is None:
        return None
    found = outputs.from_answer(resource_type, answer, {})
    now = as_inputs(resource_type, found, resource_id)
    if not inputs:
        imported = {**now, API_VERSION: resource_type.api_version} if resource_type.api_version else now
        return Found(resource_id, mark_listed(imported, resource_type.secrets), found)
    drifted = _drifted(session, resource_type, resource_id, inputs, old_outputs, now)
    return Found(
        resource_id,
        mark_like(mark_listed(drifted, resource_type.secrets), inputs),
        mark_like(found, inputs, old_outputs),
    )


def _drifted(
    session: Session,
    resource_type: ResourceType,
    resource_id: str,
    inputs: Properties,
    old_outputs: Properties,
    now: Properties,
) -> Properties:
    if not old_outputs:
        return inputs  # a create whose end nobody saw: there is nothing to compare with
    plain, before = reveal(inputs), as_inputs(resource_type, old_outputs, resource_id)
    for place in sub_resources.places(session.catalog, resource_type):
        if compare.value_at(plain, place) is compare.ABSENT:
            before, now = sub_resources.without(before, place), sub_resources.without(now, place)
    return compare.follow(plain, before, now) if any(compare.changes(before, now)) else inputs
