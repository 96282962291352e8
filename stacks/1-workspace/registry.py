# SPDX-License-Identifier: Apache-2.0
"""The model registry that environments share, as seen from this one."""

from dependencies import Context
from pulumi import Input

import groundplan as gp
from groundplan.contracts import Foundation
from groundplan.errors import ContractError


def registry_of(own: Foundation, shared: Foundation | None) -> Input[str] | None:
    """ARM id of the registry of another environment's foundation, or else of one's own.

    Raises `ContractError` where the other one has none.
    """
    if shared is None:
        return own.ml_registry_id
    if shared.ml_registry_id is None:
        raise ContractError(
            f"the foundation of environment {shared.environment!r} has no model registry, so that it exports no mlRegistryId; "
            "set `modelRegistry: {}` in the configuration of that 0-foundation and bring it up, or leave registryStack out"
        )
    return shared.ml_registry_id


def declare_registry_link(context: Context, shared: Foundation | None) -> None:
    """A private endpoint to a shared registry, unless it has one in this very network."""
    if context.registry_id is None or context.registry_id == context.foundation.ml_registry_id or shared is None:
        return
    gp.PrivateLink(
        "model-registry-link",
        gp.PrivateLinkArgs(
            resource_id=context.registry_id,
            group_id="amlregistry",
            private_endpoint=context.private_endpoint,
            resource_group_name=context.group.name,
            location=context.foundation.location,
            endpoint_name=f"pep-{str(context.registry_id).rpartition('/')[2]}",
            tags=context.settings.tags,
        ),
    )
