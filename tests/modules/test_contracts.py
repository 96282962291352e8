# SPDX-License-Identifier: Apache-2.0
"""What a stack exports is checked before another one builds on it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.contract import StackName
from groundplan.contracts import CONTRACTS, ComputeStage, Foundation, WorkspaceStage
from groundplan.errors import ContractError

ID = "/subscriptions/8a54a5d1-f66f-4406-8d71-b8d22503321f/resourceGroups/rg/providers/Microsoft.X/things/thing"
WHOLE = Foundation(
    project="vision",
    environment="dev",
    location="westeurope",
    virtual_network_id=ID,
    subnet_ids={"endpoints": ID},
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
        ("subnetIds", {}, "subnetIds is {}, not ARM ids by key"),
        ("dnsZoneIds", {"vault": "zone"}, "not ARM ids by key"),
        ("location", "", "location is '', not a text"),
        ("contract", "Foundation/0", "exports contract 'Foundation/0', but this program reads 'Foundation/2'"),
    ],
)
def test_malformed(key: str, value: Any, message: str) -> None:
    with pytest.raises(ContractError) as refused:
        Foundation.check("o/p/s", {**WHOLE.outputs(), key: value})

    assert message in str(refused.value)


def test_placement_has_the_zones_that_are_asked_for() -> None:
    """A stage that needs a zone which the foundation lacks says what to add where, before it declares anything."""
    foundation = Foundation.check("o/p/s", WHOLE.outputs())
    with pytest.raises(
        ContractError, match=r"no private DNS zone 'iot-hub', .*; it has: vault\. Add iot-hub, servicebus to"
    ):
        foundation.placement("vault", "iot-hub", "servicebus")

    assert foundation.placement("vault").subnet_id == ID
    assert foundation.placement().dns_zone_ids == {"vault": ID}
    without = Foundation.check("o/p/s", {**WHOLE.outputs(), "dnsZoneIds": {}})
    assert without.placement("iot-hub").dns_managed_elsewhere, "an Azure Policy writes the records"


def test_what_a_stack_does_not_have_is_left_out() -> None:
    """And is no missing output for who reads it; a malformed one is refused all the same."""
    outputs = WHOLE.outputs()

    assert "mlRegistryId" not in outputs
    assert Foundation.check("o/p/s", outputs).ml_registry_id is None
    with pytest.raises(ContractError, match="mlRegistryId is 'mine', not an ARM id"):
        Foundation.check("o/p/s", {**outputs, "mlRegistryId": "mine"})
    assert ComputeStage.check("o/p/s", {"contract": "ComputeStage/1", "workspaceName": "w"}).cluster_ids == {}


def test_a_subnet_that_the_network_does_not_have_is_named() -> None:
    """With those that it has, and what to do."""
    assert WHOLE.subnet("endpoints") == ID
    with pytest.raises(ContractError, match=r"no subnet 'training'; it has: endpoints\. Add `training`"):
        WHOLE.subnet("training")


@pytest.mark.parametrize(("name", "environment", "instance"), [("dev", "dev", ""), ("dev-team-a", "dev", "team-a")])
def test_a_stacks_name_says_environment_and_instance(name: str, environment: str, instance: str) -> None:
    """The first dash is between them."""
    assert StackName.parse(name) == StackName(environment=environment, instance=instance)


def test_every_contract_says_what_it_holds() -> None:
    """Known by its class name, of one Pulumi project each; GUIDs are texts, not ARM ids."""
    kinds = {term.output: term.kind for term in WorkspaceStage.terms()}

    assert all(name == contract.__name__ and contract.PROJECT and contract.KEY for name, contract in CONTRACTS.items())
    assert len({contract.PROJECT for contract in CONTRACTS.values()}) == len(CONTRACTS)
    assert (kinds["subscriptionId"], kinds["workspaceId"]) == ("a text", "an ARM id")
    assert {term.output for term in WorkspaceStage.terms() if term.optional} == {"clusterName", "mlRegistryId"}


def test_renamed_output_names_the_nearest() -> None:
    outputs = WHOLE.outputs()
    outputs["actionGroupIds"] = outputs.pop("actionGroupId")
    with pytest.raises(ContractError, match="actionGroupId is missing; there is 'actionGroupIds'"):
        Foundation.check("o/p/s", outputs)


def test_stack_that_was_never_deployed() -> None:
    with pytest.raises(ContractError, match="exports nothing; is it deployed"):
        Foundation.check("o/p/s", {})
