# SPDX-License-Identifier: Apache-2.0
"""Where devices report, and where a new one learns of it."""

from dataclasses import dataclass

from pulumi_azure_native import resources
from settings import DeviceProvisioningSettings, IotHubSettings

import groundplan as gp
from groundplan.contracts import Foundation

IOT_HUB_ZONES = ("iot-hub", "servicebus")
PROVISIONING_ZONES = ("iot-dps",)


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where this stage's services for devices go."""

    group: resources.ResourceGroup
    location: str
    foundation: Foundation
    tags: dict[str, str]

    def placement(self, public_access: bool, zones: tuple[str, ...]) -> gp.PrivateEndpoint | None:
        """In the foundation's subnet and zones, unless the service is open to the internet."""
        return None if public_access else self.foundation.placement(*zones)

    @property
    def diagnostics(self) -> gp.Diagnostics:
        """All logs and metrics go to the foundation's Log Analytics workspace."""
        return gp.Diagnostics(log_analytics_workspace_id=self.foundation.log_analytics_workspace_id)


def declare_hub(settings: IotHubSettings, site: Site, name: str, accepts_keys: bool) -> gp.IotHub:
    """The hub; `accepts_keys` lets the provisioning service sign in to it."""
    return gp.IotHub(
        "devices",
        gp.IotHubArgs(
            resource_group_name=site.group.name,
            location=site.location,
            hub_name=name,
            edition=settings.edition,
            units=settings.units,
            partitions=settings.partitions,
            retention_days=settings.retention_days,
            consumer_groups=tuple(settings.consumer_groups),
            public_network_access=settings.public_access,
            private_endpoint=site.placement(settings.public_access, IOT_HUB_ZONES),
            local_authentication=accepts_keys,
            diagnostics=site.diagnostics,
            tags=site.tags,
        ),
    )


def declare_provisioning(
    settings: DeviceProvisioningSettings, site: Site, name: str, hub: gp.IotHub
) -> gp.DeviceProvisioning:
    """The provisioning service, which assigns devices to the hub."""
    return gp.DeviceProvisioning(
        "enrolment",
        gp.DeviceProvisioningArgs(
            resource_group_name=site.group.name,
            location=site.location,
            service_name=name,
            hubs={"devices": gp.LinkedHub(hub_name=hub.name, host=hub.host, location=site.location)},
            allocation=settings.allocation,
            public_network_access=settings.public_access,
            private_endpoint=site.placement(settings.public_access, PROVISIONING_ZONES),
            diagnostics=site.diagnostics,
            tags=site.tags,
        ),
    )
