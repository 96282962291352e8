# SPDX-License-Identifier: Apache-2.0
"""Arguments that contradict each other or Azure's limits are refused before anything is declared."""

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp

PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_zone_ids={"vault": "/zone", "aml-api": "/zone"})
KEY = gp.CustomerKey(key_vault_id="/vault", key_identifier="https://kv.vault.azure.net/keys/k", identity_id="/identity")


def cluster(**changes: Any) -> gp.ComputeClusterArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "vm_size": "Standard_DS3_v2",
        "max_nodes": 2,
        "subnet_id": "/subnet",
    }
    return gp.ComputeClusterArgs(**(good | changes))


def budget(**changes: Any) -> gp.BudgetArgs:
    good: dict[str, Any] = {
        "scope": "/s",
        "amount": 5,
        "start_date": "2026-11-01",
        "contact_emails": ("a@example.com",),
    }
    return gp.BudgetArgs(**(good | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "endpoint without DNS": (lambda: gp.PrivateEndpoint(subnet_id="/s"), "dns_managed_elsewhere=True"),
    "diagnostics of nothing": (
        lambda: gp.Diagnostics(log_analytics_workspace_id="/l", log_category_groups=(), metrics=False),
        "nothing would be sent",
    ),
    "role unknown": (lambda: gp.RoleGrant(role="Raeder", principal_id="p"), "did you mean 'Reader'"),
    "role on unknown": (lambda: gp.RoleOn(role="Contributer", scope="/s"), "did you mean 'Contributor'"),
    "vault closed": (lambda: gp.KeyVaultArgs(resource_group_name="rg", tenant_id="t"), "public_network_access=True"),
    "vault retention": (
        lambda: gp.KeyVaultArgs(
            resource_group_name="rg", tenant_id="t", private_endpoint=PLACE, soft_delete_retention_days=6
        ),
        "is 6; allowed are 7 to 90",
    ),
    "storage closed": (lambda: gp.StorageArgs(resource_group_name="rg"), "public_network_access=True"),
    "storage retention": (
        lambda: gp.StorageArgs(resource_group_name="rg", private_endpoint=PLACE, delete_retention_days=0),
        "is 0; allowed are 1 to 365",
    ),
    "storage versions of directories": (
        lambda: gp.StorageArgs(
            resource_group_name="rg", private_endpoint=PLACE, hierarchical_namespace=True, blob_versioning=True
        ),
        "choose one",
    ),
    "registry anonymous": (
        lambda: gp.ContainerRegistryArgs(
            resource_group_name="rg", sku="Basic", public_network_access=True, anonymous_pull=True
        ),
        "anonymous_pull needs sku 'Standard' or 'Premium'",
    ),
    "registry closed": (lambda: gp.ContainerRegistryArgs(resource_group_name="rg"), "public_network_access=True"),
    "registry not premium": (
        lambda: gp.ContainerRegistryArgs(
            resource_group_name="rg", sku="Basic", private_endpoint=PLACE, zone_redundancy=True
        ),
        "private_endpoint, zone_redundancy needs sku 'Premium', but sku is 'Basic'",
    ),
    "registry key identity": (
        lambda: gp.ContainerRegistryArgs(resource_group_name="rg", private_endpoint=PLACE, customer_key=KEY),
        "identity_client_id",
    ),
    "monitoring retention": (lambda: gp.MonitoringArgs(resource_group_name="rg", retention_days=7), "allowed are 30"),
    "monitoring cap": (lambda: gp.MonitoringArgs(resource_group_name="rg", daily_cap_gb=0), "more than 0"),
    "monitoring sender": (
        lambda: gp.MonitoringArgs(resource_group_name="rg", alert_short_name="thirteen-char"),
        "1 to 12 characters",
    ),
    "cluster too big": (lambda: cluster(max_nodes=65001), "is 65001; allowed are 1 to 65000"),
    "cluster upside down": (lambda: cluster(min_nodes=3), "is 3; allowed are 0 to max_nodes"),
    "cluster never idle": (lambda: cluster(idle_minutes=0), "is 0; allowed are 1 and more"),
    "cluster in two networks": (
        lambda: cluster(workspace_managed_network=True),
        "one of them",
    ),
    "cluster nowhere": (lambda: cluster(subnet_id=None), "node_public_ip=True"),
    "budget of nothing": (lambda: budget(amount=0), "more than 0"),
    "budget in mid-month": (lambda: budget(start_date="2026-11-02"), "first of a month"),
    "budget no date": (lambda: budget(start_date="soon"), "YYYY-MM-DD"),
    "budget backwards": (lambda: budget(end_date="2026-10-31"), "is not after start_date"),
    "budget silent": (lambda: budget(contact_emails=()), "nobody would be told"),
    "budget of many alerts": (
        lambda: budget(alerts={str(n): gp.Alert(percent=n) for n in range(1, 7)}),
        "one to five",
    ),
    "alert at nothing": (lambda: gp.Alert(percent=0), "more than 0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right; Pulumi shows it without a traceback."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()
