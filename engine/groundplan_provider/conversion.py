# SPDX-License-Identifier: Apache-2.0
"""Between the two shapes of one resource in Pulumi: its outputs and its inputs."""

from typing import Any

from groundplan_arm import ResourceType, body
from groundplan_provider.errors import ProviderError
from groundplan_provider.values import Properties, has_computed, reveal, without_internal


def as_inputs(resource_type: ResourceType, outputs: Properties, resource_id: str) -> Properties:
    """The part of the outputs that a program could have set, secrets opened."""
    answer = body.outputs_to_arm(resource_type, reveal(without_internal(outputs)))
    return body.inputs_from_arm(resource_type, answer, resource_id)


def request_body(resource_type: ResourceType, inputs: Properties) -> dict[str, Any]:
    """The body of the PUT. Its containers are there even when they are empty: services take them for granted."""
    containers = {known.at[0]: {} for known in resource_type.inputs.values() if known.role == "body" and known.at[1:]}
    return {**containers, **body.to_arm(resource_type, _plain(inputs))}


def request_query(resource_type: ResourceType, inputs: Properties) -> dict[str, str]:
    """The query of the PUT besides api-version."""
    found = body.query(resource_type, _plain(inputs))
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in found.items()}


def _plain(inputs: Properties) -> Properties:
    plain = reveal(without_internal(inputs))
    plain.pop("azureApiVersion", None)
    if has_computed(plain):
        unknown = ", ".join(sorted(name for name, value in plain.items() if has_computed(value)))
        raise ProviderError(f"the engine sent values that are not known yet, and these never go to Azure: {unknown}")
    return plain
