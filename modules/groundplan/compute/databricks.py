# SPDX-License-Identifier: Apache-2.0
"""An Azure Databricks workspace as a compute of a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.compute.compute import ComputeArgs, declare_compute
from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class DatabricksComputeArgs(ComputeArgs):
    """Arguments of `DatabricksCompute`."""

    databricks_workspace_id: Input[str]
    """Required. ARM id of the Databricks workspace; a change replaces the compute."""
    workspace_url: Input[str]
    """Required. Host of the Databricks workspace, e.g. `adb-1234567890123456.7.azuredatabricks.net`."""
    access_token: Input[str] = field(repr=False)
    """Required. Databricks token that jobs sign in with; secret in the state, and Azure never gives it back. Take it
    from `pulumi.Config().require_secret`."""

    def __post_init__(self) -> None:
        if isinstance(self.workspace_url, str) and "/" in self.workspace_url:
            raise ArgumentError(
                f"databricks compute: workspace_url is {self.workspace_url!r}; expected is the host alone, "
                "e.g. 'adb-1234567890123456.7.azuredatabricks.net'"
            )
        if self.access_token == "":
            raise ArgumentError("databricks compute: access_token is empty; make one in Databricks' user settings")


class DatabricksCompute(Component):
    """An attached Databricks workspace, whose token is a secret from the program to Azure.

    Example:
        DatabricksCompute("databricks", DatabricksComputeArgs(
            resource_group_name=group.name, workspace_name=workspace.name, databricks_workspace_id=databricks.id,
            workspace_url=databricks.workspace_url, access_token=pulumi.Config().require_secret("databricks-token")))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: what jobs give as their compute."""

    def __init__(self, name: str, args: DatabricksComputeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        compute = declare_compute(
            self,
            name,
            args,
            ml.DatabricksArgs(
                compute_type="Databricks",
                description=args.description,
                resource_id=args.databricks_workspace_id,
                properties=ml.DatabricksPropertiesArgs(
                    workspace_url=args.workspace_url, databricks_access_token=Output.secret(args.access_token)
                ),
            ),
            fixed=["resourceId"],
        )
        self.id = compute.id
        self.name = compute.name
        self.seal()
