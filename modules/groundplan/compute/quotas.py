# SPDX-License-Identifier: Apache-2.0
"""How many cores of each family of virtual machines a workspace may take from the subscription's quota."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions

from groundplan.component import Component
from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class WorkspaceQuotasArgs:
    """Arguments of `WorkspaceQuotas`."""

    workspace_id: Input[str]
    """Required. ARM id of the workspace; a change replaces the quotas."""
    limits: Mapping[str, int]
    """Required. Cores by family, e.g. `standardDSv2Family`, as `az vm list-usage` names them; upper and lower case are one. 0
    forbids a family. Families that are not named draw on the subscription's quota as they like."""

    def __post_init__(self) -> None:
        if not self.limits:
            raise ArgumentError("workspace quotas: limits is empty; name at least one family, e.g. standardDSv2Family")
        folded = [family.casefold() for family in self.limits]
        if len(set(folded)) < len(folded):
            raise ArgumentError(
                f"workspace quotas: limits names a family twice ({', '.join(self.limits)}); upper and lower case are one"
            )
        for family, limit in self.limits.items():
            if not family.strip() or "/" in family:
                raise ArgumentError(
                    f"workspace quotas: limits has a family {family!r}; expected is e.g. standardDSv2Family"
                )
            if limit < 0:
                raise ArgumentError(
                    f"workspace quotas: limits has {family!r} = {limit}; allowed are 0 and more cores; leave the family out for no limit"
                )


class WorkspaceQuotas(Component):
    """A workspace that cannot take the whole subscription's cores; taking the component away takes its limits away.

    Example:
        WorkspaceQuotas("quotas", WorkspaceQuotasArgs(
            workspace_id=workspace.id, limits={"standardDSv2Family": 24, "standardNCSv3Family": 0}))
    """

    limits: Output[Mapping[str, int]]
    """Cores by family, as Azure has them."""

    def __init__(self, name: str, args: WorkspaceQuotasArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        # a plugin of Pulumi's own runs it: what loads that is imported where it is needed
        from groundplan.actions.quotas import Quotas

        quotas = Quotas(name, args.workspace_id, args.limits, self.child())
        self.limits = quotas.limits
        self.seal()
