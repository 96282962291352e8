# SPDX-License-Identifier: Apache-2.0
"""A web or function app answers over HTTPS only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

HTTPS_ONLY = "properties.httpsOnly"


def check(app: Resource) -> Found:
    """Only an explicit true turns HTTP into a redirection."""
    if not app.equals(HTTPS_ONLY, True):
        yield app.wrong(HTTPS_ONLY, "true is needed")


RULE = Rule(
    id="GP-NET-023",
    slug="web-app-https",
    title="A web or function app answers over HTTPS only",
    severity="high",
    types=("Microsoft.Web/sites", "Microsoft.Web/sites/slots"),
    controls=("web-https",),
    rationale="Over HTTP function keys, tokens and inputs of models can be read by everybody on the way.",
    remediation="Set `httpsOnly` to true; `FunctionApp` always does.",
    absent="A violation: Azure answers over HTTP as well then.",
    check=check,
    remedy={"properties.httpsOnly": True},
)

GOOD: GoodCases = {"HTTPS": {"properties": {"httpsOnly": True}}}
BAD: BadCases = {
    "both": Bad({"properties": {"httpsOnly": False}}, says="properties.httpsOnly is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.httpsOnly is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"httpsOnly": UNKNOWN}}}
