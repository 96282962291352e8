# SPDX-License-Identifier: Apache-2.0
"""A web or function app speaks no TLS older than 1.2, for requests and for deployments."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

PATHS = ("properties.siteConfig.minTlsVersion", "properties.siteConfig.scmMinTlsVersion")


def check(app: Resource) -> Found:
    """Both hosts, each by itself."""
    yield from each_of([app.view(path) for path in PATHS], _old)


def _old(version: View) -> Found:
    if version.equals("", "1.0", "1.1"):
        yield version.wrong("", "'1.2' is needed")


RULE = Rule(
    id="GP-NET-024",
    slug="web-app-tls",
    title="A web or function app speaks no TLS older than 1.2, for requests and for deployments",
    severity="medium",
    types=("Microsoft.Web/sites", "Microsoft.Web/sites/slots"),
    controls=("web-tls",),
    rationale="What is sent with TLS 1.0 or 1.1 can be read and changed on its way.",
    remediation="Set `siteConfig.minTlsVersion` and `scmMinTlsVersion` to `1.2`; `FunctionApp` always does.",
    absent="Passes: Azure asks for 1.2 of new apps.",
    check=check,
)


def _app(requests: object, deployments: object) -> dict[str, object]:
    return {"properties": {"siteConfig": {"minTlsVersion": requests, "scmMinTlsVersion": deployments}}}


GOOD: GoodCases = {"1.2 and newer": _app("1.2", "1.3"), "not said": {"properties": {}}}
BAD: BadCases = {
    "requests": Bad(_app("1.1", "1.2"), says="properties.siteConfig.minTlsVersion is '1.1'; '1.2' is needed"),
    "deployments": Bad(_app(UNKNOWN, "1.0"), says="properties.siteConfig.scmMinTlsVersion is '1.0'; '1.2' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _app("1.2", UNKNOWN)}
