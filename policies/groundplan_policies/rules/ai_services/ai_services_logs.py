# SPDX-License-Identifier: Apache-2.0
"""An AI services account sends its logs somewhere."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged


def check(account: Resource, stack: Stack) -> Found:
    """All logs, the group for audit, or its category, which has the same name."""
    if not is_logged(account, stack, "allLogs", "audit"):
        yield Violation(
            "", "no diagnostic setting of the stack sends its audit log; one with 'allLogs' or 'audit' is needed"
        )


RULE = Rule(
    id="GP-AI-007",
    slug="ai-services-logs",
    title="An AI services account sends its audit log somewhere",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-logs",),
    rationale="Who asked which model, and who listed the keys, is kept nowhere unless the account sends it on.",
    remediation="Pass `diagnostics` to `AiServices`, such as `Monitoring.diagnostics`.",
    absent="A violation: no setting of the stack sends the log.",
    unknown="Undecided where the only settings that may do it are not known yet.",
    needs_stack=True,
    check=check,
)


def _setting(scope: object, workspace: object = "/w", **log: object) -> dict[str, object]:
    logs = [{"enabled": True, **log}]
    return {"type": SETTING, "name": "setting", "scope": scope, "properties": {"workspaceId": workspace, "logs": logs}}


GOOD: GoodCases = {
    "all logs": [{"name": "ais"}, _setting(Id("ais"), categoryGroup="allLogs")],
    "audit alone": [{"name": "ais"}, _setting(Id("ais"), categoryGroup="audit")],
    "the category": [{"name": "ais"}, _setting(Id("ais"), category="Audit")],
    "both are new": [{"name": "ais", "new": True}, _setting(Later("ais"), UNKNOWN, categoryGroup="allLogs")],
}
_SAYS = "no diagnostic setting of the stack sends its audit log; one with 'allLogs' or 'audit' is needed"
BAD: BadCases = {
    "none": Bad({"name": "ais"}, says=_SAYS),
    "requests only": Bad([{"name": "ais"}, _setting(Id("ais"), category="RequestResponse")], says=_SAYS),
    "to nowhere": Bad([{"name": "ais"}, _setting(Id("ais"), None, categoryGroup="allLogs")], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [{"name": "ais"}, _setting(Id("ais"), categoryGroup=UNKNOWN)],
}
