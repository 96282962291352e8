# SPDX-License-Identifier: Apache-2.0
"""Services of the platform send their logs somewhere.

Workspaces, vaults, storage accounts, clusters and AI services have rules of their own. What the category groups `allLogs` and
`audit` are for a type is in `groundplan.diagnostics.SENDS`; here any log will do.
"""

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

DATABRICKS = "Microsoft.Databricks/workspaces"


def check(found: Resource, stack: Stack) -> Found:
    """Databricks has logs on its premium tier only."""
    if found.is_a(DATABRICKS) and not found.equals("sku.name", "premium"):
        return
    if not is_logged(found, stack):
        yield Violation(
            "", "no diagnostic setting of the stack sends logs of it; one with the category group 'allLogs' is needed"
        )


RULE = Rule(
    id="GP-MON-016",
    slug="resource-logs",
    title="Services of the platform send their logs somewhere",
    severity="low",
    types=(
        "Microsoft.Search/searchServices",
        "Microsoft.EventHub/namespaces",
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.DataFactory/factories",
        "Microsoft.Databricks/workspaces",
        "Microsoft.DocumentDB/databaseAccounts",
        "Microsoft.Synapse/workspaces",
        "Microsoft.Purview/accounts",
        "Microsoft.Devices/IotHubs",
        "Microsoft.Devices/provisioningServices",
        "Microsoft.Dashboard/grafana",
        "Microsoft.Network/applicationGateways",
        "Microsoft.Network/azureFirewalls",
        "Microsoft.Network/bastionHosts",
        "Microsoft.Cdn/profiles",
        "Microsoft.OperationalInsights/workspaces",
    ),
    controls=("resource-logs",),
    rationale="Azure keeps none of a service's logs by itself. After an incident there is nothing to look at, and it can not be had later.",
    remediation="Pass `diagnostics` to the component, such as `Monitoring.diagnostics`.",
    absent="A violation: no setting of the stack sends logs of the resource.",
    unknown="Undecided where the only settings that may do it are not known yet.",
    needs_stack=True,
    check=check,
)


def _setting(scope: object, workspace: object = "/w", enabled: object = True) -> dict[str, object]:
    logs = [{"categoryGroup": "allLogs", "enabled": enabled}]
    return {
        "type": SETTING,
        "name": "setting",
        "scope": scope,
        "properties": {"workspaceId": workspace, "logs": logs},
    }


_BRICKS = "Microsoft.Databricks/workspaces"
GOOD: GoodCases = {
    "known": [{"name": "srch"}, _setting(Id("srch"))],
    "both are new": [{"name": "srch", "new": True}, _setting(Later("srch"), UNKNOWN)],
    "standard Databricks has none": {"type": _BRICKS, "sku": {"name": "standard"}},
    "premium Databricks": [
        {"type": _BRICKS, "name": "dbw", "sku": {"name": "premium"}},
        _setting(Id("dbw")),
    ],
}
_SAYS = "no diagnostic setting of the stack sends logs of it; one with the category group 'allLogs' is needed"
BAD: BadCases = {
    "none": Bad({"name": "srch"}, says=_SAYS),
    "off": Bad([{"name": "srch"}, _setting(Id("srch"), enabled=False)], says=_SAYS),
    "to nowhere": Bad([{"name": "srch"}, _setting(Id("srch"), None)], says=_SAYS),
    "premium Databricks": Bad({"type": _BRICKS, "sku": {"name": "premium"}}, says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [{"name": "srch"}, _setting(Id("srch"), enabled=UNKNOWN)],
    "tier decided later": {"type": _BRICKS, "sku": {"name": UNKNOWN}},
}
