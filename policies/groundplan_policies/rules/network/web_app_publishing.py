# SPDX-License-Identifier: Apache-2.0
"""A web or function app takes no user name and password for deployments."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ALLOW = "properties.allow"


def check(policy: Resource) -> Found:
    """The policy for FTP and that for deployments have one shape."""
    if not policy.equals(ALLOW, False):
        yield policy.wrong(ALLOW, "false is needed")


RULE = Rule(
    id="GP-NET-026",
    slug="web-app-publishing",
    title="A web or function app takes no user name and password for deployments",
    severity="medium",
    types=("Microsoft.Web/sites/basicPublishingCredentialsPolicies",),
    controls=("web-publishing",),
    rationale="Each app has one such pair, in a file that portals hand out. It does not expire and lets anybody replace the code.",
    remediation="Set `allow` to false for `ftp` and for `scm`; `FunctionApp` always does.",
    absent="A violation: Azure wants the setting to be given.",
    check=check,
)

GOOD: GoodCases = {"off": {"name": "func/scm", "properties": {"allow": False}}}
BAD: BadCases = {
    "on": Bad({"name": "func/ftp", "properties": {"allow": True}}, says="properties.allow is true; false is needed"),
    "not said": Bad({"name": "func/scm", "properties": {}}, says="properties.allow is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"name": "func/scm", "properties": {"allow": UNKNOWN}}}
