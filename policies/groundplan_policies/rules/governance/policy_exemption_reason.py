# SPDX-License-Identifier: Apache-2.0
"""An exemption from a policy says why, and a waiver ends where that is asked for."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.decisions import all_of

REASON = "properties.description"
END = "properties.expiresOn"


def check(exemption: Resource, given: Mapping[str, Any]) -> Found:
    """What is mitigated in another way may stay so for ever."""
    if not exemption.has(REASON):
        yield exemption.wrong(REASON, "why, and who agreed, is needed")
    if given["waiversEnd"] and all_of(
        lambda: exemption.equals("properties.exemptionCategory", "Waiver"),
        lambda: not exemption.has(END),
    ):
        yield exemption.wrong(END, "the day on which the waiver ends is needed")


RULE = Rule(
    id="GP-GOV-012",
    slug="policy-exemption-reason",
    title="An exemption from a policy says why",
    severity="low",
    types=("Microsoft.Authorization/policyExemptions",),
    controls=("gov-policy-exemption",),
    rationale="An exemption without a reason is a hole that nobody dares to close; one without an end outlives who asked for it.",
    remediation="Set `reason`, and `expires`, of `Exemption`.",
    absent="A violation where there is no description; and, with `waiversEnd`, where a waiver has no end.",
    parameters=(
        Parameter(
            name="waiversEnd",
            default=False,
            description="A waiver needs an end.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)

_END = {"waiversEnd": True}


def _exemption(reason: object = "Agreed", category: object = "Waiver", end: object = None) -> dict[str, object]:
    return {"properties": {"description": reason, "exemptionCategory": category, "expiresOn": end}}


GOOD: GoodCases = {
    "reason": _exemption(),
    "reason and end": Good(_exemption(end="2027-01-31T23:59:59Z"), given=_END),
    "mitigated": Good(_exemption(category="Mitigated"), given=_END),
    "mitigated, end decided later": Good(_exemption(category="Mitigated", end=UNKNOWN), given=_END),
}
BAD: BadCases = {
    "no reason": Bad(_exemption(None), says="properties.description is absent; why, and who agreed, is needed"),
    "no end": Bad(
        _exemption(), says="properties.expiresOn is absent; the day on which the waiver ends is needed", given=_END
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "reason decided later": _exemption(UNKNOWN),
    "end decided later": Good(_exemption(end=UNKNOWN), given=_END),
}
