# SPDX-License-Identifier: Apache-2.0
"""Through a private link scope logs go only to the scope's own workspaces."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

SETTINGS = "properties.accessModeSettings"
MODES = ("ingestionAccessMode", "queryAccessMode")


def check(scope: Resource) -> Found:
    """The modes of the scope, then the exceptions for single endpoints."""
    settings = scope.view(SETTINGS)
    yield from each_of([settings.view(mode) for mode in MODES], _must_close)
    exclusions = [exclusion.view(mode) for exclusion in scope.items(f"{SETTINGS}.exclusions") for mode in MODES]
    yield from each_of(exclusions, _must_not_open)


def _must_close(mode: View) -> Found:
    if not mode.equals("", "PrivateOnly"):
        yield mode.wrong("", "'PrivateOnly' is needed")


def _must_not_open(mode: View) -> Found:
    if mode.equals("", "Open"):
        yield mode.wrong("", "'PrivateOnly' is needed")


RULE = Rule(
    id="GP-MON-010",
    slug="monitor-scope-mode",
    title="Through a private link scope logs go only to the scope's own workspaces",
    severity="medium",
    types=("Microsoft.Insights/privateLinkScopes",),
    controls=("ampls-mode",),
    rationale=(
        "Open, the endpoint also leads to workspaces of other tenants: whatever runs in the closed network can carry data out as "
        "logs."
    ),
    remediation="Leave `open_ingestion` and `open_query` of `MonitorPrivateLinkScope` at False and list its `resources`.",
    absent="A violation for the scope's modes; an exception without a mode follows the scope.",
    check=check,
)


def _scope(ingestion: object, query: object, *exclusions: object) -> dict[str, object]:
    modes = {"ingestionAccessMode": ingestion, "queryAccessMode": query, "exclusions": [*exclusions]}
    return {"properties": {"accessModeSettings": modes}}


GOOD: GoodCases = {
    "private": _scope("PrivateOnly", "PrivateOnly"),
    "exception that is none": _scope(
        "PrivateOnly", "PrivateOnly", {"queryAccessMode": "PrivateOnly", "privateEndpointConnectionName": "pe"}
    ),
}
BAD: BadCases = {
    "open for logs": Bad(
        _scope("Open", "PrivateOnly"),
        says="properties.accessModeSettings.ingestionAccessMode is 'Open'; 'PrivateOnly' is needed",
    ),
    "open for queries": Bad(
        _scope("PrivateOnly", "Open"),
        says="properties.accessModeSettings.queryAccessMode is 'Open'; 'PrivateOnly' is needed",
    ),
    "nothing said": Bad({"properties": {}}, says="properties.accessModeSettings.ingestionAccessMode is absent"),
    "exception for queries": Bad(
        _scope("PrivateOnly", "PrivateOnly", {"ingestionAccessMode": UNKNOWN}, {"queryAccessMode": "Open"}),
        says="properties.accessModeSettings.exclusions[1].queryAccessMode is 'Open'; 'PrivateOnly' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _scope(UNKNOWN, "PrivateOnly"),
    "exceptions decided later": {
        "properties": {
            "accessModeSettings": {
                "ingestionAccessMode": "PrivateOnly",
                "queryAccessMode": "PrivateOnly",
                "exclusions": UNKNOWN,
            }
        }
    },
}
