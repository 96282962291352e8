# SPDX-License-Identifier: Apache-2.0
"""The zones that rules ask of endpoints are those that components register endpoints in."""

from __future__ import annotations

import pytest

from groundplan.networking import dns_zones
from groundplan_policies.subjects.endpoint_services import ZONES

COMPONENTS = {group.casefold(): keys for group, keys in dns_zones.GROUP_ZONES.items()}
SHARED = {
    "account": {"purview"},
    "portal": {"purview-portal"},
    "sql": {"cosmos-sql"},
    "mongodb": {"cosmos-mongo"},
    "cassandra": {"cosmos-cassandra"},
    "gremlin": {"cosmos-gremlin"},
}
"""Zones of services that name theirs themselves, because another service has the same group id, or none of ours."""
ANY_OF = {"account"}
"""Groups of which the kind of the service decides which of the zones it needs."""


@pytest.mark.parametrize("group", sorted(ZONES))
def test_zones_are_those_of_the_components(group: str) -> None:
    keys = {*COMPONENTS.get(group, ()), *SHARED.get(group, ())}
    expected = {name for key in keys for name in dns_zones.ZONES[key].values()}
    known = {name for names in ZONES[group] for name in names}
    assert expected <= known
    assert known - expected <= {"privatelink.search.windows.us"}, "an older name of a zone"


@pytest.mark.parametrize("group", sorted(set(ZONES) & set(COMPONENTS) - ANY_OF))
def test_each_zone_is_needed(group: str) -> None:
    firsts = [names[0] for names in ZONES[group]]
    assert sorted(firsts) == sorted(dns_zones.ZONES[key]["public"] for key in COMPONENTS[group])


def test_groups_without_rules_of_their_own_are_known() -> None:
    elsewhere = {"amlworkspace", "amlregistry", "vault", "managedhsm", "registry", "management"}
    elsewhere |= {
        f"{service}{side}"
        for service in ("blob", "file", "queue", "table", "dfs", "web")
        for side in ("", "_secondary")
    }
    regional = {"prometheusmetrics"}
    foreign = {"hybridcompute", "resourcemanagement", "postgresqlserver", "sqlserver", "configurationstores"}
    assert set(COMPONENTS) - elsewhere - regional - foreign <= set(ZONES)
