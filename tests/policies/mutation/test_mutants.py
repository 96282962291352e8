# SPDX-License-Identifier: Apache-2.0
"""What `make mutants` runs for each changed version of a rule: the cases that stand beside it."""

import os

from groundplan_policies import catalog
from groundplan_policies.cases import Case, cases_of
from groundplan_policies.evaluate import Finding

MUTANT = "MUTANT_UNDER_TEST"
"""What mutmut has changed, by module and function; other words while it looks around."""
ENTRIES = list(catalog.load().entries.values())


CASES = [case for entry in ENTRIES for case in cases_of(entry)]
WHOLE = {
    id(case): any(case.says == each.message for each in case.findings()) for case in CASES if case.expected == "bad"
}
"""Whether a case gives the whole message: then no word of it may change."""


def test_cases_of_the_mutant() -> None:
    assert [problem for case in _asked() if (problem := _problem(case))] == []


def _problem(case: Case) -> str:
    findings = case.findings()
    wrong = [each for each in findings if each.verdict == "violation"]
    if WHOLE.get(id(case)) and case.says not in {each.message for each in wrong}:
        return f"the message {case.says!r} is expected"
    if not all(map(_points, wrong)):
        return "a path of the resource is expected"
    return case.problem(findings)


def _points(found: Finding) -> bool:
    """Whether a finding is about all of a resource, something in it, or something that its message says is missing."""
    path = found.path
    try:
        return path == "" or path.casefold() in found.message.casefold() or found.resource.given(path)
    except AttributeError:  # a changed rule may give anything
        return False


def _asked() -> list[Case]:
    """The cases of the rule that was changed, or all of them for what many share."""
    changed = os.environ.get(MUTANT, "")
    own = {each.rule.id for each in ENTRIES if f".rules.{each.area}.{each.rule.slug.replace('-', '_')}." in changed}
    return [case for case in CASES if not own or case.rule.id in own]
