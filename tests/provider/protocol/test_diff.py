# SPDX-License-Identifier: Apache-2.0
"""What the provider says changes, and what of it replaces."""

import pytest
from pulumi.runtime.proto import provider_pb2

from groundplan_provider.values import COMPUTED, Properties, Secret
from tests.provider.plugin import Plugin, entries
from tests.provider.protocol.resources import ACCOUNT, ACCOUNT_INPUTS


def account(**more: object) -> Properties:
    return {**ACCOUNT_INPUTS, "accountName": "a", "location": "westeurope", "azureApiVersion": "2024-01-01", **more}


def test_diff_is_by_property(provider: Plugin) -> None:
    """Additions, updates and removals, each with its path; nothing is replaced."""
    answer = provider.diff(
        ACCOUNT,
        account(tags={"a": "1", "b.c": "2"}, accessTier="Hot"),
        account(tags={"a": "2"}, sku={"name": "Standard_GRS"}, minimumTlsVersion="TLS1_2", accessTier="Hot"),
        {},
    )

    assert entries(answer) == {
        "tags.a": "UPDATE",
        'tags["b.c"]': "DELETE",
        "sku.name": "UPDATE",
        "minimumTlsVersion": "ADD",
    }
    assert not answer.replaces


def test_diff_ignores_what_azure_ignores(provider: Plugin) -> None:
    """Case of regions and group names, the API version, and what Azure filled in."""
    answer = provider.diff(
        ACCOUNT,
        account(),
        account(location="West Europe", resourceGroupName="PROTOCOL", azureApiVersion="2023-01-01"),
        {"accessTier": "Hot", "creationTime": "now"},
    )

    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        ({"accountName": "b"}, ["accountName"]),
        ({"resourceGroupName": "other"}, ["resourceGroupName"]),
        ({"location": "northeurope"}, ["location"]),
        ({"isHnsEnabled": True}, ["isHnsEnabled"]),
        ({"accountName": COMPUTED}, ["accountName"]),
        ({"accessTier": COMPUTED}, []),
    ],
)
def test_diff_replaces_for_ids_and_create_only_properties(
    provider: Plugin, change: Properties, replaced: list[str]
) -> None:
    """Also when the new value is not known yet; a name of one's own can not stand beside the old one."""
    answer = provider.diff(ACCOUNT, account(), account(**change), {})

    assert replaced == list(answer.replaces)
    assert bool(replaced) == answer.deleteBeforeReplace


def test_diff_replaces_beside_when_the_name_is_automatic(provider: Plugin) -> None:
    """Create first, then delete: the new one has another name."""
    automatic = {"__createBeforeDelete": True}
    answer = provider.diff(ACCOUNT, account(**automatic), account(location="northeurope", **automatic), {})

    assert list(answer.replaces) == ["location"]
    assert not answer.deleteBeforeReplace


def test_diff_does_not_replace_for_what_is_already_so(provider: Plugin) -> None:
    """Spelling out a create-only default is an update."""
    answer = provider.diff(ACCOUNT, account(), account(isHnsEnabled=False), {"isHnsEnabled": False})

    assert entries(answer) == {"isHnsEnabled": "ADD"}


def test_diff_respects_ignore_changes(provider: Plugin) -> None:
    """Whole subtrees and wildcards."""
    new = account(tags={"a": "2", "b": "3"}, isHnsEnabled=True, sku={"name": "Standard_GRS"})
    answer = provider.diff(ACCOUNT, account(tags={"a": "1", "b": "1"}), new, {}, ("tags.*", "isHnsEnabled"))

    assert entries(answer) == {"sku.name": "UPDATE"}


def test_diff_sees_through_secrets(provider: Plugin) -> None:
    """A value that only became secret is the same value."""
    answer = provider.diff(ACCOUNT, account(accessTier="Hot"), account(accessTier=Secret("Hot")), {})

    assert entries(answer) == {}
