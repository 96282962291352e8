# SPDX-License-Identifier: Apache-2.0
"""No table of a Log Analytics workspace loses its rows earlier than agreed."""

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

TOTAL = "properties.totalRetentionInDays"
OWN = "properties.retentionInDays"
INHERITED = -1
"""What Azure takes for "as long as the workspace" and "as long as without an archive"."""


def check(table: Resource, given: Mapping[str, Any]) -> Found:
    """With the archive where there is one; results of searches and restored logs are copies."""
    if table.given("properties.restoredLogs") or table.given("properties.searchResults"):
        return
    for path in (TOTAL, OWN):
        days = table.number(path)
        if days is not None and days != INHERITED:
            if days < given["minimumDays"]:
                yield table.wrong(path, f"at least {given['minimumDays']} days are needed")
            return


RULE = Rule(
    id="GP-MON-008",
    slug="log-table-retention",
    title="No table of a Log Analytics workspace loses its rows earlier than agreed",
    severity="medium",
    types=("Microsoft.OperationalInsights/workspaces/tables",),
    controls=("log-table-retention",),
    rationale="A table's own retention goes before the workspace's: one setting can empty the very table that an auditor asks for.",
    remediation="Raise `total_days` of the `LogTable`; days beyond `interactive_days` are archived at a lower price.",
    absent="Passes: the table keeps what the workspace keeps, which has a rule of its own.",
    parameters=(
        Parameter(
            name="minimumDays",
            default=30,
            description="Days that rows are kept at least, the archive included.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _kept(own: object = None, total: object = None) -> dict[str, object]:
    return {"properties": {"retentionInDays": own, "totalRetentionInDays": total}}


GOOD: GoodCases = {
    "as the workspace": _kept(),
    "as the workspace, in a number": _kept(own=-1, total=-1),
    "at the bound": _kept(own=30),
    "short, then archived": _kept(own=4, total=30),
    "short was agreed": Good(_kept(own=4), given={"minimumDays": 4}),
    "results of a search": {"properties": {"retentionInDays": 4, "searchResults": {"query": "Heartbeat"}}},
    "restored for a while": {"properties": {"retentionInDays": 4, "restoredLogs": {"sourceTable": "Heartbeat"}}},
}
BAD: BadCases = {
    "short": Bad(_kept(own=29), says="properties.retentionInDays is 29; at least 30 days are needed"),
    "short, and no archive": Bad(
        _kept(own=29, total=-1), says="properties.retentionInDays is 29; at least 30 days are needed"
    ),
    "short with its archive": Bad(
        _kept(own=4, total=29), says="properties.totalRetentionInDays is 29; at least 30 days are needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "archive decided later": _kept(own=4, total=UNKNOWN),
    "decided later": _kept(own=UNKNOWN),
}
