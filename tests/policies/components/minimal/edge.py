# SPDX-License-Identifier: Apache-2.0
"""Devices and what runs on them with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import LOCATION, Surroundings


def iot_hub(here: Surroundings) -> None:
    """Without routes."""
    gp.IotHub("minimal", gp.IotHubArgs(resource_group_name=here.group.name, private_endpoint=here.placement))


def device_provisioning(here: Surroundings) -> None:
    """One hub."""
    args = gp.DeviceProvisioningArgs(
        resource_group_name=here.group.name,
        hubs={"base": gp.LinkedHub(hub_name=here.hub.name, host=here.hub.host, location=LOCATION)},
        private_endpoint=here.placement,
    )
    gp.DeviceProvisioning("minimal", args)


def edge_deployment(here: Surroundings) -> None:
    """One module."""
    args = gp.EdgeDeploymentArgs(
        hub_name=here.hub.name,
        modules={"model": gp.EdgeModule(image="crvision.azurecr.io/weld:3")},
        target_condition="deviceId='press-7'",
    )
    gp.EdgeDeployment("minimal", args)
