# SPDX-License-Identifier: Apache-2.0
"""The platform that `preview_speed` previews: teams with a workspace, what it needs, and many compute clusters."""

import os

from pulumi_azure_native import resources

import groundplan as gp

LOCATION = "westeurope"
SUBNET = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub"
    "/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints"
)

placement = gp.PrivateEndpoint(subnet_id=SUBNET, dns_managed_elsewhere=True)
teams: list[tuple[resources.ResourceGroup, gp.Workspace]] = []
for number in range(int(os.environ["TEAMS"])):
    team = f"team{number:02}"
    tags = {"team": team, "env": "prod"}
    group = resources.ResourceGroup(team, resource_group_name=f"rg-{team}", location=LOCATION, tags=tags)
    identity = gp.Identity(f"id-{team}", gp.IdentityArgs(resource_group_name=group.name, location=LOCATION, tags=tags))
    vault = gp.KeyVault(
        f"kv-{team}",
        gp.KeyVaultArgs(
            resource_group_name=group.name,
            location=LOCATION,
            tenant_id="00000000-0000-0000-0000-000000000001",
            private_endpoint=placement,
            tags=tags,
        ),
    )
    storage = gp.Storage(
        f"st{team}",
        gp.StorageArgs(
            resource_group_name=group.name,
            location=LOCATION,
            private_endpoint=placement,
            containers=("datasets", "models"),
            tags=tags,
        ),
    )
    workspace = gp.Workspace(
        f"mlw-{team}",
        gp.WorkspaceArgs(
            resource_group_name=group.name,
            location=LOCATION,
            key_vault_id=vault.id,
            storage_account_id=storage.id,
            private_endpoint=placement,
            tags=tags,
        ),
    )
    teams.append((group, workspace))

for number in range(int(os.environ["CLUSTERS"])):
    group, workspace = teams[number % len(teams)]
    gp.ComputeCluster(
        f"cpu{number:03}n",
        gp.ComputeClusterArgs(
            resource_group_name=group.name,
            workspace_name=workspace.name,
            location=LOCATION,
            subnet_id=SUBNET,
            vm_size="Standard_DS3_v2",
            max_nodes=4,
            tags={"env": "prod"},
        ),
    )
