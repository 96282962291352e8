# SPDX-License-Identifier: Apache-2.0
"""A deployment of two modules with every setting, and one for devices that pull from a private registry."""

import json

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.EdgeDeployment(
        "full",
        gp.EdgeDeploymentArgs(
            hub_name=here.hub.name,
            modules={
                "model": gp.EdgeModule(
                    image="ghcr.io/example/model@sha256:" + "a" * 64,
                    create_options={"HostConfig": {"Binds": ["/data:/data"], "Memory": 2**31}},
                    environment={"API_TOKEN": "${API_TOKEN}", "LEVEL": "3"},
                    desired_properties={"threshold": 0.5},
                    restart="on-unhealthy",
                    startup_order=1,
                    stopped=True,
                )
            },
            target_condition="tags.plant='delft'",
            routes={"all": "FROM /messages/* INTO $upstream"},
            registries={
                "vision": gp.EdgeRegistry(
                    address="crvision.azurecr.io", username_variable="ACR_USER", password_variable="ACR_PASSWORD"
                )
            },
            runtime="1.5.19",
            keep_seconds=86400,
            priority=20,
            deployment_name="model-7",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Two lines of code: one image, all messages to the hub."""
    gp.EdgeDeployment(
        "locked-down",
        gp.EdgeDeploymentArgs(
            hub_name=here.hub.name,
            modules={"model": gp.EdgeModule(image="crvision.azurecr.io/weld:3")},
            target_condition="deviceId='press-7'",
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became: outputs, as there is no resource."""
    component = next(row for row in found.rows if row["urn"].endswith("EdgeDeployment::full"))
    agent = json.loads(component["outputs"]["manifest"])["modulesContent"]["$edgeAgent"]["properties.desired"]
    assert agent["modules"]["model"]["status"] == "stopped"
    assert agent["runtime"]["settings"]["registryCredentials"]["vision"]["password"] == "${ACR_PASSWORD}"
    assert json.loads(agent["modules"]["model"]["settings"]["createOptions"])["HostConfig"]["Memory"] == 2**31
    assert "--deployment-id model-7" in component["outputs"]["command"]
