# SPDX-License-Identifier: Apache-2.0
"""Application Insights does not keep the addresses of users."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

MASKING = "properties.DisableIpMasking"


def check(insights: Resource) -> Found:
    """Azure masks unless it is told not to."""
    if insights.equals(MASKING, True):
        yield insights.wrong(MASKING, "false is needed")


RULE = Rule(
    id="GP-MON-004",
    slug="insights-ip-masking",
    title="Application Insights does not keep the addresses of users",
    severity="low",
    types=("Microsoft.Insights/components",),
    controls=("appi-ip-masking",),
    rationale="A client's address is personal data. Kept beside each trace it puts the whole log under the law on such data.",
    remediation="Leave `disable_ip_masking` out; `Monitoring` never sets it.",
    absent="Passes: Azure stores 0.0.0.0 in place of the address.",
    check=check,
)

GOOD: GoodCases = {
    "not said": {"properties": {}},
    "masked": {"properties": {"DisableIpMasking": False}},
}
BAD: BadCases = {
    "kept": Bad({"properties": {"DisableIpMasking": True}}, says="properties.DisableIpMasking is true; false is needed")
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"DisableIpMasking": UNKNOWN}}}
