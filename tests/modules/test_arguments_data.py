# SPDX-License-Identifier: Apache-2.0
"""Arguments of data services that contradict each other or Azure's limits are refused before anything is declared."""

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp
from groundplan.data.keys import key_parts

PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_zone_ids={"vault": "/zone"})
KEY = gp.CustomerKey(key_vault_id="/vault", key_identifier="https://kv.vault.azure.net/keys/k", identity_id="/identity")


def storage(**changes: Any) -> gp.StorageArgs:
    return gp.StorageArgs(**({"resource_group_name": "rg", "private_endpoint": PLACE} | changes))


def registry(**changes: Any) -> gp.ContainerRegistryArgs:
    return gp.ContainerRegistryArgs(**({"resource_group_name": "rg", "private_endpoint": PLACE} | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "storage firewall shut": (lambda: storage(allowed_ip_ranges=("203.0.113.1",)), "lets in only them"),
    "storage resource tenant": (lambda: storage(allowed_resource_ids=("/w",)), "needs allowed_tenant_id"),
    "storage SAS": (lambda: storage(sas_days=0), "sas_days is 0; allowed are 1 to 365"),
    "storage feed": (lambda: storage(change_feed_days=-1), "change_feed_days is -1"),
    "storage restore alone": (lambda: storage(restore_days=3), "needs blob_versioning=True and change_feed_days"),
    "storage restore too far": (
        lambda: storage(restore_days=7, blob_versioning=True, change_feed_days=7),
        "is 7; allowed are 1 to 6",
    ),
    "storage archive in zones": (
        lambda: storage(lifecycle={"old": gp.LifecycleRule(archive_after_days=1)}),
        "no archive tier in accounts of redundancy 'Standard_ZRS'",
    ),
    "storage many rules": (
        lambda: storage(lifecycle={str(n): gp.LifecycleRule(delete_after_days=1) for n in range(101)}),
        "101 rules; an account has at most 100",
    ),
    "storage immutable nowhere": (lambda: storage(immutable_days={"raw": 1}), "not one of containers: none"),
    "storage immutable for no time": (
        lambda: storage(containers=("raw",), immutable_days={"raw": 0}),
        "of 'raw' is 0; allowed are 1 to 146000",
    ),
    "storage share": (lambda: storage(file_shares={"big": 102401}), "102401 GiB; allowed are 1 to 102400"),
    "storage container name": (lambda: storage(containers=("Raw",)), "'Raw'"),
    "lifecycle of nothing": (lambda: gp.LifecycleRule(), "nothing would happen; give one of cool_after_days"),
    "lifecycle before birth": (lambda: gp.LifecycleRule(delete_after_days=-1), "delete_after_days is -1"),
    "lifecycle backwards": (
        lambda: gp.LifecycleRule(cool_after_days=30, archive_after_days=30),
        r"archive_after_days is 30, not after cool_after_days \(30\)",
    ),
    "registry firewall shut": (lambda: registry(allowed_ip_ranges=("203.0.113.1",)), "lets in only them"),
    "registry soft delete": (lambda: registry(soft_delete_days=91), "is 91; allowed are 0 to 90"),
    "registry two retentions": (lambda: registry(soft_delete_days=7), "which is 7; set it to 0"),
    "registry soft delete of replicas": (
        lambda: registry(soft_delete_days=7, untagged_retention_days=0, replicas={"northeurope": gp.Replica()}),
        "choose one",
    ),
    "registry replicas not premium": (
        lambda: gp.ContainerRegistryArgs(
            resource_group_name="rg",
            sku="Standard",
            public_network_access=True,
            replicas={"northeurope": gp.Replica()},
        ),
        "replicas needs sku 'Premium'",
    ),
    "cache rule half open": (
        lambda: gp.CacheRule(source="mcr.microsoft.com/azureml/*", target="azureml"),
        "both end in",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("https://kv.vault.azure.net/keys/k", ("https://kv.vault.azure.net", "k", "")),
        ("https://kv.vault.azure.net/keys/k/0a1b", ("https://kv.vault.azure.net", "k", "0a1b")),
    ],
)
def test_key_identifier(identifier: str, parts: tuple[str, str, str]) -> None:
    """Without a version the key's rotation is followed."""
    assert key_parts(identifier) == parts


def test_key_identifier_of_another_form() -> None:
    with pytest.raises(gp.ArgumentError, match="https://<vault>/keys/<name>"):
        key_parts("https://kv.vault.azure.net/secrets/k")
