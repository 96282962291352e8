# SPDX-License-Identifier: Apache-2.0
"""Every case of every rule, through the protocol that the engine speaks: bodies become inputs, marks the engine's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as wire

from groundplan_policies import catalog
from groundplan_policies.cases import Case, Expected, cases_of
from groundplan_policies.engine import conversion
from groundplan_policies.engine.analyzer import Analyzer
from groundplan_policies.packs import Active, Pack
from groundplan_policies.resource import Resource
from groundplan_policies.rule import Entry
from tests.policies.engine.as_program import analyze_request, inputs, stack_request, token

ENTRIES = [pytest.param(entry, id=entry.rule.id) for entry in catalog.load().entries.values()]
KINDS: tuple[Expected, ...] = ("good", "bad", "unknown")
NOT_DECLARED = {
    "GP-AML-019": "azure-native has no input for a workspace's list of addresses",
    "GP-GOV-006": "which API version is used is part of the type token, not of the body",
}
"""Rules whose cases no program can declare; templates and live groups have what they look at."""


@pytest.mark.parametrize("entry", ENTRIES)
def test_cases_through_the_protocol(entry: Entry) -> None:
    """What no program can declare (what Azure alone fills in) is left out; every kind of case has one that a program can."""
    asked: list[Expected] = []
    for case in cases_of(entry):
        resources = case.stack().resources
        if not all(_can_be_declared(each) for each in resources):
            continue
        asked.append(case.expected)
        _check(case, _diagnostics(case, resources))
    missing = [kind for kind in KINDS if kind not in asked]
    assert bool(missing) == (entry.rule.id in NOT_DECLARED), missing


def _check(case: Case, diagnostics: Sequence[wire.AnalyzeDiagnostic]) -> None:
    messages = [each.message for each in diagnostics]
    decided = [each for each in diagnostics if "can not be decided" not in each.message]
    match case.expected:
        case "good":
            assert messages == [], case.name
        case "bad":
            assert any(case.says in message for message in messages), (case.name, messages)
            assert {each.enforcementLevel for each in decided} == {wire.MANDATORY}
        case "unknown":
            assert decided == [], (case.name, messages)
            assert messages != [], case.name
    assert not any("s3cr3t" in message for message in messages)


def _diagnostics(case: Case, resources: Sequence[Resource]) -> list[wire.AnalyzeDiagnostic]:
    """What the pack answers about the case's first resource."""
    pack = Pack("cases", "Cases of one rule", [Active(case.rule, "mandatory", case.given or {})])
    analyzer = Analyzer(pack, "1.0.0")
    context: Any = None
    requests = [analyze_request(each) for each in resources]
    answers = [analyzer.Analyze(each, context) for each in requests]
    together = analyzer.AnalyzeStack(stack_request(resources), context)
    first = requests[0].urn
    # what is open is told of the stack, by the names of the resources
    return [
        each
        for answer in (*answers, together)
        for each in answer.diagnostics
        if each.urn == first or (not each.urn and resources[0].key in each.message)
    ]


def _can_be_declared(found: Resource) -> bool:
    """Whether azure-native has the type, and a program's inputs can say all of its body."""
    if not token(found).startswith("azure-native:") or found.scope == "/":
        return False
    back = conversion.resource(token(found), found.key, found.label, inputs(found))
    return _leaves(found.node) <= _leaves(back.node)


def _leaves(node: object, at: str = "") -> set[tuple[str, str]]:
    if isinstance(node, dict):
        return {leaf for key, each in node.items() for leaf in _leaves(each, f"{at}.{key}".casefold())}
    if isinstance(node, list):
        return {leaf for index, each in enumerate(node) for leaf in _leaves(each, f"{at}[{index}]")}
    return set() if node is None else {(at, repr(node))}
