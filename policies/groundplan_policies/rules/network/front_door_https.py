# SPDX-License-Identifier: Apache-2.0
"""A route of Front Door answers over HTTPS only, and asks its origins so."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import any_of, each_of

PROTOCOLS = "properties.supportedProtocols"
REDIRECT = "properties.httpsRedirect"
FORWARD = "properties.forwardingProtocol"


def check(route: Resource) -> Found:
    """Towards clients, then towards origins."""
    yield from each_of([route], _clients)
    if route.equals(FORWARD, "HttpOnly"):
        yield route.wrong(FORWARD, "'HttpsOnly' is needed")


def _clients(route: View) -> Found:
    if not any_of(lambda: route.equals(REDIRECT, "Enabled"), lambda: _https_alone(route)):
        yield route.wrong(PROTOCOLS, f"'Https' alone is needed, or {REDIRECT} 'Enabled'")


def _https_alone(route: View) -> bool:
    protocols = route.items(PROTOCOLS)
    return protocols != [] and not any(each.equals("", "Http") for each in protocols)


RULE = Rule(
    id="GP-NET-022",
    slug="front-door-https",
    title="A route of Front Door answers over HTTPS only, and asks its origins so",
    severity="high",
    types=("Microsoft.Cdn/profiles/afdEndpoints/routes",),
    controls=("net-afd-https",),
    rationale="Over HTTP tokens, prompts and answers can be read by everybody on the way, on either side of Front Door.",
    remediation="Set `supportedProtocols` to `Https` and `forwardingProtocol` to `HttpsOnly`; `FrontDoor` always does.",
    absent="A violation for the protocols: Azure takes both then. Origins are asked as the client asked.",
    check=check,
)


def _route(protocols: object, redirect: object = None, forward: object = None) -> dict[str, object]:
    return {
        "properties": {"supportedProtocols": protocols, "httpsRedirect": redirect, "forwardingProtocol": forward},
    }


GOOD: GoodCases = {
    "HTTPS": _route(["Https"], "Disabled", "HttpsOnly"),
    "redirects": _route(["Http", "Https"], "Enabled", "MatchRequest"),
    "redirects, whatever it takes": _route(UNKNOWN, "Enabled"),
    "HTTPS, whether it redirects or not": _route(["Https"], UNKNOWN),
}
_BOTH = (
    "properties.supportedProtocols is ['Http', 'Https']; 'Https' alone is needed, or properties.httpsRedirect 'Enabled'"
)
BAD: BadCases = {
    "both": Bad(_route(["Http", "Https"]), says=_BOTH),
    "both, not redirected": Bad(_route(["Http", "Https"], "Disabled"), says=_BOTH),
    "not said": Bad({"properties": {}}, says="properties.supportedProtocols is absent"),
    "origin over HTTP": Bad(
        _route(["Https"], None, "HttpOnly"), says="properties.forwardingProtocol is 'HttpOnly'; 'HttpsOnly' is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _route(UNKNOWN),
    "redirection decided later": _route(["Http"], UNKNOWN),
    "origin decided later": _route(["Https"], None, UNKNOWN),
}
