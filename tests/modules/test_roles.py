# SPDX-License-Identifier: Apache-2.0
"""Built-in roles and the names of their assignments."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.errors import ArgumentError
from groundplan.roles import ROLES, role_assignment_name, role_definition_id, role_guid

SCOPE = "/subscriptions/8a54a5d1-f66f-4406-8d71-b8d22503321f/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"


def test_table_is_sound() -> None:
    """Sorted, each GUID valid and used once."""
    assert sorted(ROLES) == list(ROLES)
    assert len(set(ROLES.values())) == len(ROLES)
    assert all(str(uuid.UUID(guid)) == guid for guid in ROLES.values())


def test_definition_lies_in_the_scopes_subscription() -> None:
    expected = (
        "/subscriptions/8a54a5d1-f66f-4406-8d71-b8d22503321f/providers/Microsoft.Authorization/roleDefinitions/"
        "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    )

    assert role_definition_id(SCOPE, "Reader") == expected
    assert role_definition_id("/providers/Microsoft.Management/managementGroups/mg", "Reader").startswith("/providers/")


@given(st.sampled_from(sorted(ROLES)), st.uuids().map(str))
def test_assignment_name_ignores_case_only(role: str, principal: str) -> None:
    """ARM ids have no case, so the same grant spelt differently is the same; another principal is another grant."""
    name = role_assignment_name(SCOPE, principal, role)

    assert role_assignment_name(SCOPE.upper() + "/", principal.upper(), role_guid(role)) == name
    assert role_assignment_name(SCOPE + "x", principal, role) != name
    assert role_assignment_name(SCOPE, str(uuid.uuid5(uuid.NAMESPACE_DNS, principal)), role) != name
    assert str(uuid.UUID(name)) == name


def test_misspelt_role_names_the_nearest() -> None:
    with pytest.raises(ArgumentError, match="did you mean 'Storage Blob Data Contributor'"):
        role_guid("Storage Blob Data Contributer")
