# SPDX-License-Identifier: Apache-2.0
"""Application Insights takes telemetry from identities only.

Whether Azure Machine Learning sends its own telemetry with an identity is not documented for all of its parts: where it does not,
set the level of this rule to `advisory`.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.DisableLocalAuth"


def check(insights: Resource) -> Found:
    """Only an explicit true turns the key off."""
    if not insights.equals(LOCAL_AUTH, True):
        yield insights.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-MON-002",
    slug="insights-local-auth",
    title="Application Insights takes telemetry from identities only",
    severity="medium",
    types=("Microsoft.Insights/components",),
    controls=("appi-local-auth",),
    rationale=(
        "The instrumentation key stands in configurations and in the pages of browsers. Whoever has it can fill the logs with "
        "false traces, set off alerts and run up the bill."
    ),
    remediation="Leave `local_authentication` of `Monitoring` at False and give senders the role `Monitoring Metrics Publisher`.",
    absent="A violation: Azure takes the key unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"DisableLocalAuth": True}}}
BAD: BadCases = {
    "on": Bad({"properties": {"DisableLocalAuth": False}}, says="properties.DisableLocalAuth is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.DisableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"DisableLocalAuth": UNKNOWN}}}
