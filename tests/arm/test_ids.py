# SPDX-License-Identifier: Apache-2.0
"""ARM ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_arm.ids import InvalidResourceId, ResourceId

GROUP = "/subscriptions/s-1/resourceGroups/rg"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/Hub/subnets/one"
LOCK = f"{SUBNET}/providers/Microsoft.Authorization/locks/keep"
SEGMENT = st.text(alphabet="abcXYZ019-_.()", min_size=1, max_size=12)


def test_a_child_resource() -> None:
    found = ResourceId.parse(SUBNET)
    assert found.type == "Microsoft.Network/virtualNetworks/subnets"
    assert found.names == ("Hub", "one")
    assert (found.name, found.namespace, found.subscription, found.resource_group) == (
        "one",
        "Microsoft.Network",
        "s-1",
        "rg",
    )
    assert found.parent_id == f"{GROUP}/providers/Microsoft.Network/virtualNetworks/Hub"
    assert found.scope == GROUP
    assert not found.is_extension


def test_an_extension_hangs_on_what_it_extends() -> None:
    found = ResourceId.parse(LOCK)
    assert found.type == "Microsoft.Authorization/locks"
    assert found.scope == found.parent_id == SUBNET
    assert found.is_extension
    assert found.resource_group == "rg"


@pytest.mark.parametrize(
    ("text", "type_", "parent"),
    [
        ("/", "Microsoft.Resources/tenants", "/"),
        ("/subscriptions/s-1", "Microsoft.Resources/subscriptions", "/"),
        (GROUP, "Microsoft.Resources/resourceGroups", "/subscriptions/s-1"),
        (GROUP.replace("resourceGroups", "resourcegroups"), "Microsoft.Resources/resourceGroups", "/subscriptions/s-1"),
        ("/providers/Microsoft.Portal/tenantConfigurations/default", "Microsoft.Portal/tenantConfigurations", "/"),
        (
            "/subscriptions/s-1/providers/Microsoft.Authorization/locks/keep",
            "Microsoft.Authorization/locks",
            "/subscriptions/s-1",
        ),
    ],
)
def test_containers_and_tenant_resources(text: str, type_: str, parent: str) -> None:
    found = ResourceId.parse(text)
    assert (found.type, found.parent_id) == (type_, parent)


def test_parents_end_at_the_tenant() -> None:
    seen: list[str] = []
    node: ResourceId | None = ResourceId.parse(LOCK)
    while node is not None:
        seen.append(node.type.rsplit("/", 1)[1])
        node = node.parent
    assert seen == ["locks", "subnets", "virtualNetworks", "resourceGroups", "subscriptions", "tenants"]


@given(st.lists(SEGMENT, min_size=2, max_size=2), st.lists(SEGMENT, min_size=1, max_size=3))
def test_formatting_gives_back_what_was_parsed(place: list[str], names: list[str]) -> None:
    types = ["virtualNetworks", "subnets", "rules"][: len(names)]
    scope = f"/subscriptions/{place[0]}/resourceGroups/{place[1]}"
    made = ResourceId.of(scope, f"Microsoft.Network/{'/'.join(types)}", *names)
    assert ResourceId.parse(made.format()) == made
    assert (made.scope, made.names, made.resource_group) == (scope, tuple(names), place[1])
    assert ResourceId.parse(made.format().upper()).key == made.key
    assert made.child("more", "x").parent == made


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("subscriptions/s", "does not start with '/'"),
        ("/subscriptions//resourceGroups/rg", "empty segment"),
        ("/subscriptions/s/resourceGroups", "names neither"),
        ("/nothing/of/ours", "names neither"),
        (f"{GROUP}/providers/Microsoft.Network", "pairs of type and name"),
        (f"{GROUP}/providers/Microsoft.Network/virtualNetworks", "pairs of type and name"),
    ],
)
def test_what_is_no_id_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(InvalidResourceId, match=why) as caught:
        ResourceId.parse(text)
    assert f"'{text}'" in str(caught.value)
    assert "Expected '/subscriptions/" in str(caught.value)


def test_names_must_match_the_type() -> None:
    with pytest.raises(ValueError, match="takes 2 names, 1 given"):
        ResourceId.of(GROUP, "Microsoft.Network/virtualNetworks/subnets", "only")
