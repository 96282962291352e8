# SPDX-License-Identifier: Apache-2.0
"""The comparison itself: what counts as a difference, and what a table of explanations has to be like."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from groundplan_policies.resource import Resource, Violation
from groundplan_policies.rule import Found, Rule
from groundplan_policies.values import UNKNOWN
from tests.fixtures.checkov import Record
from tests.policies.checkov.opinions import Compared, Opinion, compared, opinions
from tests.policies.checkov.verdicts import Difference, Unlike, problems, unlike_problems

KIND = "Microsoft.Storage/storageAccounts"


def _check(found: Resource) -> Found:
    if found.get("properties.broken"):
        raise KeyError("owner")
    if found.get("properties.open"):
        yield Violation("properties.open", "it is open")


RULE = Rule(
    id="OWN-001",
    slug="closed",
    title="It is closed",
    severity="low",
    types=(KIND,),
    controls=("own",),
    rationale="Because.",
    remediation="Close it.",
    absent="Passes.",
    check=_check,
)
WANTED = Compared("own", (RULE,), ("CKV_1", "CKV_2"))
AGREED = [Opinion("own", "good", "pass", "pass"), Opinion("own", "bad", "fail", "fail")]


def _account(name: str, **properties: object) -> Resource:
    return Resource({"properties": properties}, type=KIND, name=name, key=name)


def _asked(resources: Sequence[Resource], *records: Record) -> list[tuple[str, str, str]]:
    return [(each.resource, each.ours, each.checkov) for each in opinions([WANTED], resources, records)]


def test_opinions() -> None:
    """Each resource of the rules' types, whatever Checkov says of it; one of Checkov's checks that fails is enough."""
    resources = [
        _account("later", open=UNKNOWN),
        _account("open", open=True),
        _account("shut"),
        Resource({}, type="Microsoft.KeyVault/vaults", name="vault", key="vault"),
    ]
    records = [
        Record("CKV_1", KIND, "open", "fail"),
        Record("CKV_2", KIND, "open", "pass"),
        Record("CKV_1", KIND, "shut", "pass"),
        Record("CKV_2", KIND, "shut", "fail"),
        Record("CKV_3", KIND, "later", "fail"),
    ]
    assert _asked(resources, *records) == [
        ("later", "undecided", "not asked"),
        ("open", "fail", "fail"),
        ("shut", "pass", "fail"),
    ]


def test_a_part_counts_for_its_owner() -> None:
    """Up to the nearest resource that our rules look at; what has none stands for itself."""
    parts = [
        Record("CKV_1", f"{KIND}/queueServices/providers/settings", "shut/default/Microsoft.Insights/logs", "fail"),
        Record("CKV_1", "Microsoft.Web/sites/config", "app/web", "pass"),
    ]
    assert _asked([_account("shut")], *parts) == [("app", "not asked", "pass"), ("shut", "pass", "fail")]


def test_names_of_another_template() -> None:
    found = list(opinions([WANTED], [_account("shut")], [], "other:"))
    assert found == [Opinion("own", "other:shut", "pass", "not asked")]


def test_a_broken_rule_is_no_opinion() -> None:
    with pytest.raises(ValueError, match=r"a rule is broken: .*rule OWN-001 .* raised KeyError"):
        _asked([_account("odd", broken=True)])


def test_compared_are_controls_that_both_know() -> None:
    """A control without a rule, and one whose checks are for Terraform alone, are not."""
    assert [(each.control, each.checks) for each in compared(["CKV_AZURE_110", "CKV_AZURE_42", "CKV_AZURE_999"])] == [
        ("kv-purge-protection", ["CKV_AZURE_110", "CKV_AZURE_42"])
    ]
    assert compared([]) == []


def _difference(*resources: str, ours: str = "pass", checkov: str = "fail") -> Difference:
    return Difference("own", resources, ours, checkov, "because")  # pyright: ignore[reportArgumentType]


STRANGE = Opinion("own", "strange", "pass", "fail")
SAID = "own, strange: our rules say pass, Checkov says fail"


@pytest.mark.parametrize(
    ("found", "explained", "expected"),
    [
        ([], [], []),
        ([STRANGE], [_difference("strange")], []),
        ([Opinion("own", "silent", "fail", "not asked")], [], []),
        ([STRANGE], [], [f"{SAID}: explain it in differences.toml"]),
        ([], [_difference("strange")], [f"{SAID}: this is explained, but not found"]),
        (
            [Opinion("own", "strange", "fail", "pass")],
            [_difference("strange")],
            [
                "own, strange: our rules say fail, Checkov says pass: explain it in differences.toml",
                f"{SAID}: this is explained, but not found",
            ],
        ),
        (
            [],
            [_difference("good", checkov="pass")],
            ["own, good: our rules say pass, Checkov says pass: this is no difference"],
        ),
        ([STRANGE], [_difference("strange", "strange")], ["own, strange: it is explained twice"]),
        ([AGREED[0]], [], ["own, good: two resources of one name are compared"]),
    ],
)
def test_problems(found: list[Opinion], explained: list[Difference], expected: list[str]) -> None:
    """Differences and explanations belong together one to one."""
    assert problems([WANTED], [*AGREED, *found], explained) == expected


@pytest.mark.parametrize(
    ("found", "missing"), [(AGREED[:1], ["fail"]), (AGREED[1:], ["pass"]), ([STRANGE], ["pass", "fail"])]
)
def test_every_control_is_compared_in_both_ways(found: list[Opinion], missing: list[str]) -> None:
    expected = [f"own (CKV_1, CKV_2): both say {each} of no resource; review one of which they do" for each in missing]
    assert problems([WANTED], found, [_difference("strange")] if STRANGE in found else []) == expected


def test_checks_that_ask_something_else() -> None:
    """They exist, their control exists, and it does not name them."""
    rows = [
        Unlike("CKV_1", "own", "because"),
        Unlike("CKV_9", "own", "because"),
        Unlike("CKV_1", "lost", "because"),
        Unlike("CKV_2", "own", "because"),
    ]
    assert unlike_problems(rows, {"CKV_1", "CKV_2"}, {"own": ["CKV_2"]}) == [
        "CKV_9, own: Checkov has no such check of ARM templates",
        "CKV_1, lost: there is no such control",
        "CKV_2, own: the catalog names it all the same",
    ]
