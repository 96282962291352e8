# SPDX-License-Identifier: Apache-2.0
"""An open cluster of cheap nodes, and a closed one in a subnet."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ComputeCluster(
        "full",
        gp.ComputeClusterArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            vm_size="Standard_NC6s_v3",
            max_nodes=8,
            min_nodes=1,
            idle_minutes=90,
            low_priority=True,
            workspace_managed_network=True,
            identity_ids=(here.identity.id,),
            location=LOCATION,
            compute_name="gpu-spot",
            description="Training that may be interrupted",
            tags=TAGS,
        ),
    )
    gp.ComputeCluster(
        "full-open",
        gp.ComputeClusterArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            vm_size="Standard_DS3_v2",
            max_nodes=1,
            node_public_ip=True,
            ssh=True,
            ssh_public_key="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 ml@example.com",
            local_authentication=True,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """No way in, no way out but through the subnet; jobs act as an identity that was given its roles on purpose."""
    gp.ComputeCluster(
        "locked-down",
        gp.ComputeClusterArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            vm_size="Standard_DS3_v2",
            max_nodes=4,
            subnet_id=here.network.subnet_ids["training"],
            identity_ids=(here.identity.id,),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    spot = found.one("machinelearningservices:Compute", "full")
    assert spot["computeName"] == "gpu-spot"
    assert spot["properties"]["properties"]["vmPriority"] == "LowPriority"
    assert spot["properties"]["properties"]["scaleSettings"] == {
        "maxNodeCount": 8,
        "minNodeCount": 1,
        "nodeIdleTimeBeforeScaleDown": "PT1H30M",
    }
    account = found.one("machinelearningservices:Compute", "full-open")["properties"]["properties"][
        "userAccountCredentials"
    ]
    assert account["adminUserName"] == "azureuser"
    assert "adminUserPassword" not in account
    closed = found.one("machinelearningservices:Compute", "locked-down")
    assert closed["properties"]["disableLocalAuth"] is True
    assert closed["properties"]["properties"]["remoteLoginPortPublicAccess"] == "Disabled"
    assert closed["properties"]["properties"]["subnet"]["id"].endswith("/subnets/training")
    assert closed["identity"]["type"] == "UserAssigned"
