# SPDX-License-Identifier: Apache-2.0
"""What is sent of each type of resource."""

import pytest

from groundplan.diagnostics import SENDS, log_groups, sends
from groundplan.errors import ArgumentError


def test_types_are_found_whatever_their_case() -> None:
    """ARM answers types in more than one spelling."""
    assert sends("microsoft.keyvault/VAULTS").audit


@pytest.mark.parametrize("arm_type", SENDS)
def test_no_group_is_asked_for_that_a_type_lacks(arm_type: str) -> None:
    groups = log_groups(arm_type, ("audit", "allLogs"))

    assert bool(groups) == SENDS[arm_type].logs
    assert ("audit" in groups) == SENDS[arm_type].audit
    assert len(groups) == len(set(groups))


def test_audit_alone_becomes_all_logs() -> None:
    """Rather too much than nothing, where Azure keeps no audit logs apart."""
    assert log_groups("Microsoft.DataFactory/factories", ("audit",)) == ("allLogs",)
    assert log_groups("Microsoft.KeyVault/vaults", ("audit",)) == ("audit",)


def test_unknown_type() -> None:
    with pytest.raises(ArgumentError, match=r"did you mean .Microsoft\.KeyVault/vaults"):
        sends("Microsoft.KeyVault/vault")
