# SPDX-License-Identifier: Apache-2.0
"""Exemptions of Azure Policy: what they cover, until when, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundplan_policies.azure_policy import Outcome
from groundplan_policies.resource import Resource
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.assigning import ANY, asked, member, problems
from tests.policies.azure_policy.making import (
    GROUP,
    STORAGE,
    assignment,
    initiative,
    policy,
    resource,
)


def _exemption(scope: str, name: str = "pause", **more: Any) -> dict[str, Any]:
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/policyExemptions/{name}",
        "name": name,
        "properties": {
            "policyAssignmentId": assignment("test-policy")["id"],
            "exemptionCategory": "Waiver",
            **more,
        },
    }


def _exempted(folder: Path, *exemptions: dict[str, Any], one: Resource | None = None) -> Outcome:
    (found,) = asked(folder, [policy(ANY), assignment("test-policy"), list(exemptions)], one or resource(STORAGE))
    return found


def test_exemptions(tmp_path: Path) -> None:
    itself = f"{GROUP}/providers/{STORAGE}/one"
    found = _exempted(tmp_path, _exemption(itself))
    assert (found.state, found.reasons) == ("not_applicable", ("exempt (waiver): pause",))
    later = _exempted(tmp_path, _exemption(GROUP, exemptionCategory="mitigated", expiresOn="2026-07-01T00:00:00Z"))
    assert later.reasons == ("exempt (mitigated) until 2026-07-01: pause",)
    over = _exempted(tmp_path, _exemption(GROUP, expiresOn="2026-06-01T12:00:00"))
    assert (over.state, over.reasons[-1]) == ("non_compliant", "the exemption 'pause' expired on 2026-06-01")
    assert _exempted(tmp_path, _exemption(f"{GROUP}-2")).state == "non_compliant"
    assert (
        _exempted(tmp_path, _exemption(GROUP, policyAssignmentId="/x/policyAssignments/other")).state == "non_compliant"
    )
    assert _exempted(tmp_path, _exemption(GROUP, policyAssignmentId="assigned")).state == "not_applicable"
    selecting = [{"selectors": [{"kind": "resourceLocation", "in": ["a"]}]}]
    somewhere = _exemption(GROUP, resourceSelectors=selecting)
    assert _exempted(tmp_path, somewhere, one=resource(STORAGE, {"location": "a"})).state == "not_applicable"
    assert _exempted(tmp_path, somewhere, one=resource(STORAGE, {"location": "b"})).state == "non_compliant"
    unsure = _exempted(tmp_path, somewhere, one=resource(STORAGE, {"location": UNKNOWN}))
    assert (unsure.state, unsure.reasons[0]) == (
        "undecided",
        "whether the exemption 'pause' covers it is not known before the update",
    )
    fine = resource(STORAGE, {"location": UNKNOWN, "tags": {"x": "1"}})
    assert _exempted(tmp_path, somewhere, one=fine).state == "compliant"


def test_exemptions_from_parts_of_an_initiative(tmp_path: Path) -> None:
    documents = [
        policy(ANY),
        initiative(member("test-policy", "a"), member("test-policy", "b")),
        assignment("test-set"),
    ]
    row = _exemption(GROUP, policyDefinitionReferenceIds=["B"])
    found = asked(tmp_path, [*documents, row], resource(STORAGE))
    assert [(each.reference, each.state) for each in found] == [("a", "non_compliant"), ("b", "not_applicable")]


def test_exemptions_that_are_wrong(tmp_path: Path) -> None:
    rows = [
        _exemption(GROUP, "a", exemptionCategory="wavier"),
        _exemption(GROUP, "b", expiresOn="soon"),
        _exemption(GROUP, "c", policyDefinitionReferenceIds=[1]),
        _exemption(GROUP, "d", policyAssignmentId=""),
    ]
    assert problems(tmp_path, policy(ANY), assignment("test-policy"), rows) == [
        ("exemptionCategory", "is 'wavier'; one of Waiver, Mitigated is needed; did you mean 'Waiver'?"),
        ("expiresOn", "is 'soon'; a time such as '2030-01-31T12:00:00Z' is needed"),
        ("policyDefinitionReferenceIds", "is [1]; an array of texts is needed"),
        ("policyAssignmentId", "is ''; the id of an assignment is needed"),
    ]
