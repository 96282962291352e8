# SPDX-License-Identifier: Apache-2.0
"""An application gateway takes requests over HTTPS only; a listener for HTTP does nothing but redirect."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of


def check(gateway: Resource) -> Found:
    """Every listener by itself."""
    yield from each_of(gateway.items("properties.httpListeners"), lambda listener: _look(gateway, listener))


def _look(gateway: Resource, listener: View) -> Found:
    if listener.equals("properties.protocol", "Http") and not _redirects(gateway, listener.text("name")):
        yield listener.wrong("properties.protocol", "'Https' is needed, or a redirection to it")


def _redirects(gateway: Resource, name: str) -> bool:
    """Whether the listener has rules, and all of them redirect. Parts of a gateway name each other by ids below its own."""
    rules = [
        rule
        for rule in gateway.items("properties.requestRoutingRules")
        if rule.text("properties.httpListener.id").casefold().endswith(f"/httplisteners/{name.casefold()}")
    ]
    return rules != [] and all(rule.given("properties.redirectConfiguration") for rule in rules)


RULE = Rule(
    id="GP-NET-019",
    slug="application-gateway-https",
    title="An application gateway takes requests over HTTPS only",
    severity="high",
    types=("Microsoft.Network/applicationGateways",),
    controls=("net-appgw-https",),
    rationale="Over HTTP tokens, prompts and answers can be read by everybody on the way.",
    remediation="Set `protocol` of the listener to `Https`, or redirect all of its rules; `ApplicationGateway` listens to HTTPS alone.",
    absent="Passes: a gateway without listeners takes nothing.",
    unknown="Undecided where the rules of a listener for HTTP are not known yet.",
    check=check,
)

_AT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationGateways/agw/httpListeners/"


def _gateway(protocol: object, *rules: object) -> dict[str, object]:
    listeners = [{"name": "web", "properties": {"protocol": protocol}}]
    return {"properties": {"httpListeners": listeners, "requestRoutingRules": [*rules]}}


def _rule(listener: object, **more: object) -> dict[str, object]:
    return {"name": "one", "properties": {"httpListener": {"id": listener}, **more}}


_TO_HTTPS = {"redirectConfiguration": {"id": "/redirect"}}
GOOD: GoodCases = {
    "HTTPS": _gateway("Https", _rule(UNKNOWN)),
    "redirects": _gateway("Http", _rule(f"{_AT}WEB", **_TO_HTTPS), _rule(f"{_AT}other")),
    "no listeners": {"properties": {}},
}
BAD: BadCases = {
    "HTTP": Bad(
        _gateway("Http", _rule(f"{_AT}web")),
        says=("properties.httpListeners[0].properties.protocol is 'Http'; 'Https' is needed, or a redirection to it"),
    ),
    "no rule": Bad(_gateway("Http"), says="properties.protocol is 'Http'"),
    "redirects another": Bad(
        _gateway("Http", _rule(f"{_AT}my-web", **_TO_HTTPS)), says="properties.protocol is 'Http'"
    ),
    "redirects in part": Bad(
        _gateway("Http", _rule(f"{_AT}web", **_TO_HTTPS), _rule(f"{_AT}web")), says="properties.protocol is 'Http'"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _gateway(UNKNOWN),
    "rule decided later": _gateway("Http", _rule(UNKNOWN, **_TO_HTTPS)),
}
