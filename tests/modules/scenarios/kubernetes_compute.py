# SPDX-License-Identifier: Apache-2.0
"""A compute with many instance types, and one that acts as an identity with roles given on purpose."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.KubernetesCompute(
        "full",
        gp.KubernetesComputeArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            cluster_id=here.extension.cluster_id,
            instance_types={
                "small": gp.InstanceType(cpu="1", memory="4Gi", cpu_request="500m", memory_request="2Gi"),
                "gpu": gp.InstanceType(cpu="4", memory="28Gi", gpus=1, node_selector={"agentpool": "gpu"}),
            },
            default_instance_type="small",
            namespace="vision",
            location=LOCATION,
            compute_name="k8s-full",
            description="Scoring near the data",
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """A namespace and an identity of its own."""
    gp.KubernetesCompute(
        "locked-down",
        gp.KubernetesComputeArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            cluster_id=here.extension.cluster_id,
            instance_types={"small": gp.InstanceType(cpu="1", memory="4Gi")},
            namespace="scoring",
            identity_id=here.identity.id,
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("machinelearningservices:Compute", "full")["properties"]["properties"]
    assert full["defaultInstanceType"] == "small"
    assert full["instanceTypes"]["small"]["resources"] == {
        "limits": {"cpu": "1", "memory": "4Gi"},
        "requests": {"cpu": "500m", "memory": "2Gi"},
    }
    assert full["instanceTypes"]["gpu"]["resources"]["limits"]["nvidia.com/gpu"] == "1"
    closed = found.one("machinelearningservices:Compute", "locked-down")
    assert closed["identity"]["type"] == "UserAssigned"
    assert closed["properties"]["properties"]["namespace"] == "scoring"
    assert closed["properties"]["properties"]["defaultInstanceType"] == "small"
