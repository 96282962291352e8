# SPDX-License-Identifier: Apache-2.0
"""Group ids, members and names of private link targets."""

from __future__ import annotations

import re

import pytest

from groundplan.networking.dns_zones import GROUP_ZONES, zone_name
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import private_link_targets, record_sets
from groundplan_emulator.types.network.private_link_targets import GROUPS, Group

NAMED = [group for group in GROUPS if group.id]


def target(type_: str) -> Resource:
    return Resource("/subscriptions/s/x", type_, "Thing1", {"location": "westeurope", "properties": {}})


@pytest.mark.azure_assumed
@pytest.mark.parametrize("group", NAMED, ids=lambda group: f"{group.type}-{group.id}")
def test_every_name_is_a_record_of_its_zone(group: Group):
    members = private_link_targets.members(target(group.type), group)

    assert len({member.name for member in members}) == len(members) > 0
    for member in members:
        assert "{" not in member.name
        for host in member.hosts:
            assert re.fullmatch(record_sets.NAME.pattern, host.label), host.label
            assert host.zone.startswith("privatelink.")
            assert "{" not in host.fqdn + host.zone


@pytest.mark.azure_assumed
@pytest.mark.parametrize("group_id", GROUP_ZONES)
def test_a_component_asks_for_exactly_the_zones_that_get_records(group_id: str):
    wanted = {zone_name(key, region="westeurope") for key in GROUP_ZONES[group_id]}
    group = next(  # a few ids are those of two services, one of which a component names its zones for
        group
        for group in GROUPS
        if group.id == group_id and not group.type.startswith(("Microsoft.DocumentDB", "Microsoft.Purview"))
    )

    members = private_link_targets.members(target(group.type), group)

    assert {host.zone for member in members for host in member.hosts} == wanted
