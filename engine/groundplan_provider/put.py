# SPDX-License-Identifier: Apache-2.0
"""PUT a resource, wait until it is there, and say what a failure left behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundplan_arm import ResourceType
from groundplan_provider import outputs
from groundplan_provider.errors import Cancelled, InitFailed, OutcomeUnknown, ProviderError
from groundplan_provider.session import Session
from groundplan_provider.values import Properties


@dataclass(frozen=True, slots=True)
class Put:
    """One PUT: the ARM id, the body, the query besides api-version, and the seconds to wait for the end (0: no limit)."""

    resource_id: str
    body: dict[str, Any]
    query: Mapping[str, str]
    timeout: float


class Accepted(ProviderError):  # noqa: N818  (the name says what is wrong)
    """Azure took a request on and failed later; `error` says how."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(str(error))
        self.error = error


def put(session: Session, resource_type: ResourceType, request: Put) -> dict[str, Any]:
    """Send, wait, and GET what came of it. Raises `Accepted` for a failure after Azure had taken the request on."""
    client, version, path = session.client, resource_type.api_version, request.resource_id
    answer = client.send("PUT", path, version, body=request.body, query=request.query)
    try:
        client.finish(answer, "PUT", path, version, request.timeout)
        return client.get(path, version) or answer.body or {}
    except ProviderError as error:
        raise Accepted(error) from None


def report_left(
    session: Session,
    resource_type: ResourceType,
    resource_id: str,
    inputs: Properties,
    error: ProviderError,
    before: Properties | None = None,
) -> None:
    """Raise `InitFailed` when the failed request left the resource behind, or may have.

    `before` is the last known state, for when Azure can not be asked.
    """
    try:
        found = session.client.look(resource_id, resource_type.api_version)
    except ProviderError:
        if isinstance(error, OutcomeUnknown | Accepted | Cancelled):
            raise InitFailed(str(error), resource_id, before or {}, inputs) from None
        return
    if found is not None:
        raise InitFailed(str(error), resource_id, outputs.from_answer(resource_type, found, inputs), inputs)
