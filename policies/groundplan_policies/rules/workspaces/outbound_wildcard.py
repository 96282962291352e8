# SPDX-License-Identifier: Apache-2.0
"""No outbound rule opens a domain under which anybody can have a host."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    View,
)
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules

SHARED = [
    "amazonaws.com",
    "azure.com",
    "azure.net",
    "azureedge.net",
    "azurefd.net",
    "azurewebsites.net",
    "cloudapp.azure.com",
    "cloudfront.net",
    "github.io",
    "githubusercontent.com",
    "googleapis.com",
    "herokuapp.com",
    "pages.dev",
    "s3.amazonaws.com",
    "trafficmanager.net",
    "windows.net",
    "workers.dev",
    "co.uk",
    "com.au",
    "com.br",
    "com.cn",
    "co.jp",
]
"""Domains that hosts of strangers are under."""


def check(resource: Resource, given: Mapping[str, Any]) -> Found:
    """A rule by itself, or those in a workspace."""
    shared = {domain.casefold() for domain in given["domains"]}

    def of_rule(rule: View) -> Found:
        host = rule.text("destination").casefold()
        domain = host.removeprefix("*").removeprefix(".")
        if host.startswith("*") and ("." not in domain or domain in shared):
            yield rule.wrong("destination", "a host is needed, or '*.' and a domain whose hosts are all of one owner")

    yield from check_rules(resource, "FQDN", of_rule)


RULE = Rule(
    id="GP-AML-009",
    slug="outbound-wildcard",
    title="An outbound rule for hosts opens no domain that strangers have hosts under",
    severity="medium",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-wildcard",),
    rationale="Under a top-level domain or that of a cloud anybody can have a host; a rule for all of it approves the whole internet.",
    remediation="Name the hosts that are needed in `FqdnRule(host=...)`; `outbound_preset` has those of common purposes.",
    absent="Passes: a workspace without outbound rules, and rules of other types.",
    parameters=(
        Parameter(
            name="domains",
            default=SHARED,
            description="Domains below which '*.' is too much, beside all top-level ones.",
            schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _rule(destination: object, kind: str = "FQDN") -> dict[str, object]:
    return {"properties": {"type": kind, "destination": destination}}


_NEEDED = "a host is needed, or '*.' and a domain whose hosts are all of one owner"
_SHARED = [
    "amazonaws.com",
    "azure.com",
    "azure.net",
    "azureedge.net",
    "azurefd.net",
    "azurewebsites.net",
    "cloudapp.azure.com",
    "cloudfront.net",
    "github.io",
    "githubusercontent.com",
    "googleapis.com",
    "herokuapp.com",
    "pages.dev",
    "s3.amazonaws.com",
    "trafficmanager.net",
    "windows.net",
    "workers.dev",
    "co.uk",
    "com.au",
    "com.br",
    "com.cn",
    "co.jp",
]
_AZURE = _rule("*.Windows.Net")
GOOD: GoodCases = {
    "a host": _rule("example.com"),
    "a domain of one owner": _rule("*.pytorch.org"),
    "a host under a shared domain": _rule("raw.githubusercontent.com"),
    "a shared domain's own host": _rule("github.io"),
    "a domain of one owner under a shared one": _rule("*.vscodeexperiments.azureedge.net"),
    "agreed": Good(_AZURE, given={"domains": []}),
    "a tag": _rule({"serviceTag": "*"}, "ServiceTag"),
}
BAD: BadCases = {
    "all hosts": Bad(_rule("*"), says=f"properties.destination is '*'; {_NEEDED}"),
    "a top-level domain": Bad(_rule("*.com"), says=f"properties.destination is '*.com'; {_NEEDED}"),
    "a cloud": Bad(_AZURE, says=f"properties.destination is '*.Windows.Net'; {_NEEDED}"),
    **{f"all of {domain}": Bad(_rule(f"*.{domain}"), says=f"'*.{domain}'; {_NEEDED}") for domain in _SHARED},
    "one of the platform's own": Bad(_rule("*.example.org"), says=_NEEDED, given={"domains": ["Example.org"]}),
    "in a workspace": Bad(
        {"type": WORKSPACE, "properties": {"managedNetwork": {"outboundRules": {"all": _rule("*")["properties"]}}}},
        says=f"properties.managedNetwork.outboundRules.all.destination is '*'; {_NEEDED}",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _rule(UNKNOWN)}
