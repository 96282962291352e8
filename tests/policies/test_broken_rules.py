# SPDX-License-Identifier: Apache-2.0
"""A rule that raises, whatever it is, is an error with its place: it neither passes nor ends the check."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from groundplan_policies import catalog
from groundplan_policies.engine.analyzer import Analyzer
from groundplan_policies.engine.protocol import wire
from groundplan_policies.evaluate import ask
from groundplan_policies.examine import examine
from groundplan_policies.packs import Active, Pack
from groundplan_policies.resource import Resource, Violation
from groundplan_policies.rule import Rule, RuleError
from groundplan_policies.stack import Stack

VAULT = Resource({}, type="Microsoft.KeyVault/vaults", name="kv", key="kv", label="kv")
RAISED = [SystemExit(0), SystemExit(), GeneratorExit(), BaseException("odd"), KeyError("owner")]
NAMED = ["SystemExit: 0", "SystemExit", "GeneratorExit", "BaseException: odd", "KeyError: 'owner'"]


def rule(check: Callable[..., Any], **other: Any) -> Rule:
    given: dict[str, Any] = {
        "id": "OWN-001",
        "slug": "broken",
        "title": "It holds",
        "severity": "high",
        "types": ("*",),
        "controls": (),
        "rationale": "Why.",
        "remediation": "How.",
        "absent": "A violation.",
    }
    given |= {"check": check, **other}
    return Rule(**given)


def raising(error: BaseException) -> Callable[..., Any]:
    def check(found: Resource, stack: Stack | None = None) -> Any:
        yield Violation("tags", "tags are wrong")
        raise error

    return check


LINE = inspect.getsourcelines(raising)[1] + 3


@pytest.mark.parametrize(("error", "named"), list(zip(RAISED, NAMED, strict=True)), ids=NAMED)
@pytest.mark.parametrize("needs_stack", [False, True])
def test_whatever_a_rule_raises_is_an_error(error: BaseException, named: str, needs_stack: bool) -> None:
    """It stands beside what the rule had found before, with file and line."""
    broken = rule(raising(error), needs_stack=needs_stack)
    pack = Pack("own", "Ours", [Active(broken, "mandatory", {})])

    wrong, told = ask(broken, VAULT, Stack([VAULT]))

    assert (wrong.verdict, told.verdict) == ("violation", "error")
    assert told.message.startswith(
        f"rule OWN-001 (broken) raised {named} in policies/test_broken_rules.py, line {LINE}; "
    )
    assert [(each["verdict"], each["level"]) for each in examine(pack, [VAULT])] == [
        ("violation", "mandatory"),
        ("error", "mandatory"),
    ]


def test_who_interrupts_is_heard() -> None:
    with pytest.raises(KeyboardInterrupt):
        ask(rule(raising(KeyboardInterrupt())), VAULT)


def test_the_engine_gets_an_answer() -> None:
    """What the rule had found before is mended."""
    pack = Pack("own", "Ours", [Active(rule(raising(SystemExit(0)), remedy={"tags": {}}), "remediate", {})])
    analyzer = Analyzer(pack, "1")
    request = wire.AnalyzeRequest(type="azure-native:keyvault:Vault", urn="urn:vault", name="vault")

    told = [each.message for each in analyzer.Analyze(request, cast("Any", None)).diagnostics]

    assert "raised SystemExit: 0 in policies/test_broken_rules.py" in told[1]
    assert len(analyzer.Remediate(request, cast("Any", None)).remediations) == 1


@pytest.mark.parametrize(
    ("text", "named"), [("raise SystemExit(0)", "SystemExit: 0"), ("import sys; sys.exit()", "SystemExit")]
)
def test_a_file_that_ends_the_program_can_not_be_loaded(text: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(text)

    with pytest.raises(RuleError, match=rf"broken\.py can not be loaded: {named}$"):
        catalog.load_folder(tmp_path)
