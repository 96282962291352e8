# SPDX-License-Identifier: Apache-2.0
"""What all computes of a workspace have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi import Input, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.naming import check_name


@dataclass(frozen=True, kw_only=True)
class ComputeArgs:
    """Arguments that every compute takes."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Azure name of the workspace."""
    location: Input[str] | None = None
    """Optional. Region of the compute. Default: the workspace's region."""
    compute_name: str | None = None
    """Optional. Azure name: 3 to 24 characters, 2 to 16 for what is attached; that of an instance is unique in the region.
    Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags. Default: none."""


def declare_compute(
    component: Component,
    name: str,
    args: ComputeArgs,
    properties: Any,
    *,
    kind: str = "attached_compute",
    identity: ml.ManagedServiceIdentityArgs | None = None,
    fixed: Sequence[str],
    ignored: Sequence[str] = (),
) -> ml.Compute:
    """The compute as a child of its component.

    `properties` are those of its type, `kind` is the one of its name's rule. A change of a `fixed` property replaces the
    compute, one of an `ignored` property is Azure's own.
    """
    return ml.Compute(
        name,
        compute_name=check_name(kind, args.compute_name or name),
        workspace_name=args.workspace_name,
        resource_group_name=args.resource_group_name,
        location=args.location,
        identity=identity,
        properties=properties,
        tags=args.tags,
        opts=component.child(
            ResourceOptions(
                replace_on_changes=[f"properties.{path}" for path in fixed],
                delete_before_replace=True,  # the name cannot be held by two computes
                ignore_changes=[f"properties.{path}" for path in ignored],
            )
        ),
    )
