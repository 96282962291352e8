# SPDX-License-Identifier: Apache-2.0
"""SARIF 2.1.0, which code hosts show beside the lines of a program.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from groundplan_policies import controls

if TYPE_CHECKING:
    from groundplan_policies.rule import Rule, Severity
    from groundplan_workflows.policy.report import Finding, PolicyReport

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SCORES: dict[Severity, str] = {"low": "3.0", "medium": "5.5", "high": "8.0", "critical": "9.5"}
"""What GitHub reads as `security-severity`: below 4 low, below 7 medium, below 9 high."""
_KINDS = {"violation": "fail", "error": "fail", "undecided": "open"}


def write(report: PolicyReport, folder: Path) -> str:
    """One run with all rules and findings; lines are those of the program, relative to `folder`."""
    rules = {each.id: each for each in report.rules}
    rules |= {each.rule.id: each.rule for each in report.findings if each.rule}
    order = {name: index for index, name in enumerate(sorted(rules))}
    driver: dict[str, Any] = {
        "name": "groundplan policy",
        "semanticVersion": version("groundplan"),
        "rules": [_rule(rules[name]) for name in order],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {"ROOT": {"uri": folder.resolve().as_uri() + "/"}},
        "results": [_result(each, order, folder) for each in report.findings],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": f"{stack} was not checked: {why}"}}
                    for stack, why in report.unchecked.items()
                ],
            }
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    known = controls.load()
    sources = [said for key in rule.controls if key in known for said in known[key].sources()]
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": rule.remediation},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {
            "security-severity": _SCORES[rule.severity],
            "tags": ["policy", *rule.controls],
            "sources": sources,
        },
    }


def _result(each: Finding, order: dict[str, int], folder: Path) -> dict[str, Any]:
    kind = _KINDS.get(each.verdict, "review")
    result: dict[str, Any] = {
        "ruleId": each.rule_id,
        "kind": kind,
        # a result that is no failure has no level
        "level": _level(each.severity) if kind == "fail" else "none",
        "message": {"text": _text(each)},
        "locations": [_location(each, folder)],
        "partialFingerprints": {"groundplan/v1": _fingerprint(each)},
        "properties": {"pack": each.pack, "enforcement": each.level, "stack": each.stack},
    }
    if each.rule_id in order:
        result["ruleIndex"] = order[each.rule_id]
    if each.exemption is not None:
        said = (
            f"{each.exemption['reason']} (approved by {each.exemption['approver']} until {each.exemption['expires']})"
        )
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    return result


def _text(each: Finding) -> str:
    about = f"{each.label}: " if each.label else ""
    fix = f" {each.rule.remediation}" if each.rule and each.verdict == "violation" else ""
    return f"{about}{each.message}.{fix}" if fix else f"{about}{each.message}"


def _location(each: Finding, folder: Path) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if each.place is not None:
        path = each.place.relative(folder)
        place = {"uri": Path(path).as_uri()} if Path(path).is_absolute() else {"uri": quote(path), "uriBaseId": "ROOT"}
        region = {"startLine": each.place.line, "startColumn": each.place.column}
        location["physicalLocation"] = {"artifactLocation": place, "region": region}
    if each.resource:
        logical = {"fullyQualifiedName": each.resource, "name": each.label, "kind": "resource"}
        location["logicalLocations"] = [logical]
    return location


def _level(severity: Severity) -> str:
    return {"low": "note", "medium": "warning"}.get(severity, "error")


def _fingerprint(each: Finding) -> str:
    """The same for one finding from run to run, whatever line it has moved to."""
    text = "\n".join((each.rule_id, each.stack, each.resource, each.path))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
