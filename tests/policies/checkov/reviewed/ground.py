# SPDX-License-Identifier: Apache-2.0
"""What everything under review stands on."""

from dataclasses import dataclass

import pulumi

import groundplan as gp


@dataclass(frozen=True)
class Ground:
    """The resource group, and where components put their private endpoints and logs."""

    group_name: pulumi.Output[str]
    group_id: pulumi.Output[str]
    tenant_id: pulumi.Output[str]
    placement: gp.PrivateEndpoint
    monitoring: gp.Monitoring
