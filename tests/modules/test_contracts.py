# SPDX-License-Identifier: Apache-2.0
"""What a stack exports is checked before another one builds on it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.contracts import Foundation
from groundplan.errors import ContractError

ID = "/subscriptions/8a54a5d1-f66f-4406-8d71-b8d22503321f/resourceGroups/rg/providers/Microsoft.X/things/thing"
WHOLE = Foundation(
    project="vision",
    environment="dev",
    location="westeurope",
    endpoints_subnet_id=ID,
    training_subnet_id=ID,
    dns_zone_ids={"vault": ID},
    log_analytics_workspace_id=ID,
    application_insights_id=ID,
    action_group_id=ID,
)
KEYS = sorted(WHOLE.outputs())


def test_round_trip() -> None:
    """What one program exports is what the other reads."""
    assert Foundation.check("o/p/s", WHOLE.outputs()) == WHOLE


@given(st.sets(st.sampled_from(KEYS), min_size=1, max_size=len(KEYS) - 1))
def test_missing_outputs_are_all_named(missing: set[str]) -> None:
    outputs = {key: value for key, value in WHOLE.outputs().items() if key not in missing}
    with pytest.raises(ContractError, match="o/p/s") as refused:
        Foundation.check("o/p/s", outputs)

    expected = {"contract"} if "contract" in missing else missing
    assert all(key in str(refused.value) for key in expected)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("actionGroupId", "ag-vision-dev", "actionGroupId is 'ag-vision-dev', not an ARM id"),
        ("actionGroupId", None, "actionGroupId is None, not an ARM id"),
        ("dnsZoneIds", {}, "dnsZoneIds is {}, not ARM ids by key"),
        ("dnsZoneIds", {"vault": "zone"}, "not ARM ids by key"),
        ("location", "", "location is '', not a text"),
        ("contract", "Foundation/0", "exports contract 'Foundation/0', but this program reads 'Foundation/1'"),
    ],
)
def test_malformed(key: str, value: Any, message: str) -> None:
    with pytest.raises(ContractError) as refused:
        Foundation.check("o/p/s", {**WHOLE.outputs(), key: value})

    assert message in str(refused.value)


def test_renamed_output_names_the_nearest() -> None:
    outputs = WHOLE.outputs()
    outputs["actionGroupIds"] = outputs.pop("actionGroupId")
    with pytest.raises(ContractError, match="actionGroupId is missing; there is 'actionGroupIds'"):
        Foundation.check("o/p/s", outputs)


def test_stack_that_was_never_deployed() -> None:
    with pytest.raises(ContractError, match="exports nothing; is it deployed"):
        Foundation.check("o/p/s", {})
