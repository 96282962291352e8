# SPDX-License-Identifier: Apache-2.0
"""An open service that spreads devices over a hub, and a closed one."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.DeviceProvisioning(
        "full",
        gp.DeviceProvisioningArgs(
            resource_group_name=here.group.name,
            service_name=here.names("device_provisioning", "full"),
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            public_network_access=True,
            allocation="GeoLatency",
            hubs={
                "base": gp.LinkedHub(
                    hub_name=here.hub.name,
                    host=here.hub.host,
                    location=LOCATION,
                    resource_group_name=here.group.name,
                    policy="iothubowner",
                    weight=5,
                    assigns=False,
                )
            },
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Through the private endpoint only; logged, locked."""
    gp.DeviceProvisioning(
        "locked-down",
        gp.DeviceProvisioningArgs(
            resource_group_name=here.group.name,
            service_name=here.names("device_provisioning", "locked"),
            private_endpoint=here.placement,
            hubs={"base": gp.LinkedHub(hub_name=here.hub.name, host=here.hub.host, location=LOCATION)},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; no key is readable in the state."""
    opened = found.one("deviceprovisioningservices:IotDpsResource", "full")["properties"]
    assert opened["allocationPolicy"] == "GeoLatency"
    assert "SharedAccessKey=" not in str(found.rows).replace("SharedAccessKey=****", "")
    live = found.outputs("deviceprovisioningservices:IotDpsResource", "locked-down")["properties"]
    assert live["idScope"].startswith("0ne")
