# SPDX-License-Identifier: Apache-2.0
"""A web or function app lets in private endpoints, or only the addresses that it lists."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.decisions import any_of

PUBLIC = "properties.publicNetworkAccess"
ACTION = "properties.siteConfig.ipSecurityRestrictionsDefaultAction"


def check(app: Resource) -> Found:
    """Closed, or with a list that nobody else is on."""
    if not any_of(lambda: app.equals(PUBLIC, "Disabled"), lambda: app.equals(ACTION, "Deny")):
        yield app.wrong(PUBLIC, f"'Disabled' is needed unless {ACTION} is 'Deny'")


RULE = Rule(
    id="GP-NET-027",
    slug="web-app-public-access",
    title="A web or function app lets in private endpoints, or only the addresses that it lists",
    severity="medium",
    types=("Microsoft.Web/sites", "Microsoft.Web/sites/slots"),
    controls=("web-public-access",),
    rationale=(
        "Functions of the platform call models and read queues with the app's identity. Open, they do so for whoever finds the "
        "key of one of them."
    ),
    remediation="Leave `public_network_access` of `FunctionApp` at False, or list who may come in with `allowed_sources`.",
    absent="A violation: Azure opens an app that does not say otherwise.",
    check=check,
)


def _app(public: object, action: object = None) -> dict[str, object]:
    return {
        "properties": {
            "publicNetworkAccess": public,
            "siteConfig": {"ipSecurityRestrictionsDefaultAction": action},
        }
    }


GOOD: GoodCases = {
    "closed": _app("Disabled"),
    "some are listed": _app("Enabled", "Deny"),
    "some are listed, whatever else": _app(UNKNOWN, "Deny"),
}
BAD: BadCases = {
    "open": Bad(
        _app("Enabled", "Allow"),
        says=(
            "properties.publicNetworkAccess is 'Enabled'; "
            "'Disabled' is needed unless properties.siteConfig.ipSecurityRestrictionsDefaultAction is 'Deny'"
        ),
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _app(UNKNOWN),
    "list decided later": _app("Enabled", UNKNOWN),
}
