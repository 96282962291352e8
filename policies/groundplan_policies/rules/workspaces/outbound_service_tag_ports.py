# SPDX-License-Identifier: Apache-2.0
"""An outbound rule for a service tag names protocol and ports."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules

PROTOCOL, PORTS = "destination.protocol", "destination.portRanges"
ALL_PORTS = ("*", "0-65535", "1-65535")


def check(resource: Resource) -> Found:
    """A rule by itself, or those in a workspace."""
    yield from check_rules(resource, "ServiceTag", _of_rule)


def _of_rule(rule: View) -> Found:
    if rule.equals("destination.action", "Deny") or rule.equals(PROTOCOL, "ICMP"):
        return
    if not rule.equals(PROTOCOL, "TCP", "UDP"):
        yield rule.wrong(PROTOCOL, "one protocol is needed")
    ports = [each.strip() for each in rule.text(PORTS).split(",")]
    if any(each in ALL_PORTS for each in ports) or ports == [""]:
        yield rule.wrong(PORTS, "the ports of the service are needed, such as '443'")


RULE = Rule(
    id="GP-AML-013",
    slug="outbound-service-tag-ports",
    title="An outbound rule for a service tag opens the service's ports alone",
    severity="low",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-service-tag-ports",),
    rationale="A tag covers many machines, some of them other customers'; with all ports open a job reaches whatever they run.",
    remediation="Set `protocol` and `ports` of `ServiceTagRule`; TCP on 443 is what it opens by itself.",
    absent="A violation for a rule that opens: nothing said is taken for everything. Other types and a workspace without rules pass.",
    check=check,
)


def _rule(protocol: object, ports: object, action: object = "Allow") -> dict[str, object]:
    destination = {"serviceTag": "DataFactory", "protocol": protocol, "portRanges": ports, "action": action}
    return {"properties": {"type": "ServiceTag", "destination": destination}}


_PROTOCOL, _PORTS = "one protocol is needed", "the ports of the service are needed, such as '443'"
GOOD: GoodCases = {
    "one port": _rule("TCP", "443"),
    "several": _rule("udp", "80, 8080-8089"),
    "a protocol without ports": _rule("ICMP", "*"),
    "closed": _rule("*", "*", "Deny"),
    "a host": {"properties": {"type": "FQDN", "destination": "example.com"}},
}
BAD: BadCases = {
    "every protocol": Bad(_rule("*", "443"), says=f"properties.destination.protocol is '*'; {_PROTOCOL}"),
    "no protocol": Bad(_rule(None, "443"), says=f"properties.destination.protocol is absent; {_PROTOCOL}"),
    "every port": Bad(_rule("TCP", "*"), says=f"properties.destination.portRanges is '*'; {_PORTS}"),
    "every port by numbers": Bad(_rule("TCP", "443, 0-65535"), says=f"portRanges is '443, 0-65535'; {_PORTS}"),
    "every port but none": Bad(_rule("TCP", "1-65535"), says=f"portRanges is '1-65535'; {_PORTS}"),
    "no ports": Bad(_rule("TCP", None), says=f"portRanges is absent; {_PORTS}"),
    "in a workspace": Bad(
        {"type": WORKSPACE, "properties": {"managedNetwork": {"outboundRules": {"r": _rule("*", "1")["properties"]}}}},
        says=f"properties.managedNetwork.outboundRules.r.destination.protocol is '*'; {_PROTOCOL}",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _rule("TCP", UNKNOWN)}
