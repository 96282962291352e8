# SPDX-License-Identifier: Apache-2.0
"""An outbound rule for a host names a host and nothing else: the ports are always 80 and 443.

Such a rule has no place for ports. What can go wrong is a port, a scheme or a path within the name, which Azure finds out half an
hour later.
"""

import re

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(rf"(?:\*\.|{_LABEL}\.)(?:{_LABEL}\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)


def check(resource: Resource) -> Found:
    """A rule by itself, or those in a workspace."""
    yield from check_rules(resource, "FQDN", _of_rule)


def _of_rule(rule: View) -> Found:
    host = rule.text("destination")
    if host != "*" and not _HOST.fullmatch(host):
        yield rule.wrong(
            "destination",
            "a host name such as 'example.com' or '*.example.com' is needed; traffic goes to ports 80 and 443",
        )


RULE = Rule(
    id="GP-AML-010",
    slug="outbound-fqdn-host",
    title="An outbound rule for a host names a host alone, without scheme, port or path",
    severity="low",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-fqdn-ports",),
    rationale=(
        "The firewall behind such rules opens ports 80 and 443 of names. A service on another port or under an address stays closed, "
        "and a job that needs it fails."
    ),
    remediation="Write the bare host in `FqdnRule(host=...)`; other ports need a `ServiceTagRule` or a `PrivateEndpointRule`.",
    absent="A violation for a rule of type 'FQDN' without a destination; other types and a workspace without rules pass.",
    check=check,
)


def _rule(destination: object, kind: str = "FQDN") -> dict[str, object]:
    return {"properties": {"type": kind, "destination": destination}}


_NEEDED = "a host name such as 'example.com' or '*.example.com' is needed; traffic goes to ports 80 and 443"
_WRONG = {
    "a port": "example.com:8443",
    "no domain": "localhost",
    "a scheme": "https://example.com",
    "a path": "example.com/simple",
    "an address": "192.0.2.1",
    "a star in the middle": "a.*.example.com",
    "a star in a name": "*a.example.com",
    "an underscore": "a_b.example.com",
    "an empty part": "a..example.com",
    "a dash in front": "-a.example.com",
    "a dash behind": "a-.example.com",
    "a full stop behind": "example.com.",
}
GOOD: GoodCases = {
    "a host": _rule("files.example.com"),
    "a domain": _rule("*.example.com"),
    "capital letters, digits and dashes": _rule("A-1.EXAMPLE.xn--p1ai"),
    "a single letter": _rule("x.c"),
    "a top-level domain is the business of another rule": _rule("*.com"),
    "all hosts are the business of another rule": _rule("*"),
    "a tag": _rule({"serviceTag": "DataFactory"}, "ServiceTag"),
}
BAD: BadCases = {
    **{name: Bad(_rule(host), says=f"properties.destination is {host!r}; {_NEEDED}") for name, host in _WRONG.items()},
    "no destination": Bad(_rule(None), says=f"properties.destination is absent; {_NEEDED}"),
    "in a workspace": Bad(
        {"type": WORKSPACE, "properties": {"managedNetwork": {"outboundRules": {"r": _rule("a:80")["properties"]}}}},
        says=f"properties.managedNetwork.outboundRules.r.destination is 'a:80'; {_NEEDED}",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _rule(UNKNOWN)}
