# SPDX-License-Identifier: Apache-2.0
"""A virtual network has a flow log."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of

LOG = "Microsoft.Network/networkWatchers/flowLogs"


def check(network: Resource, stack: Stack) -> Found:
    """A log that is not switched off; Azure switches it on unless told otherwise."""
    logs = stack.referring(network, LOG, "properties.targetResourceId")
    if not any_of(*(lambda log=log: not log.equals("properties.enabled", False) for log in logs)):
        yield Violation("", "no flow log of the stack records its traffic; an enabled one is needed")


RULE = Rule(
    id="GP-NET-006",
    slug="network-flow-logs",
    title="A virtual network has a flow log",
    severity="low",
    types=("Microsoft.Network/virtualNetworks",),
    controls=("net-vnet-flowlogs",),
    rationale="After an intrusion the question is what the machine talked to. Only the flow log knows, and only from the day it is on.",
    remediation="Pass `flow_logs` to `Network`.",
    absent="A violation: no log of the stack names the network.",
    unknown="Decided by what the program passes to the log, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _log(target: object, **more: object) -> dict[str, object]:
    return {
        "type": "Microsoft.Network/networkWatchers/flowLogs",
        "name": "watcher/flow",
        "properties": {"targetResourceId": target, **more},
    }


GOOD: GoodCases = {
    "a log": [{"name": "vnet"}, _log(Id("vnet"), enabled=True)],
    "on unless said otherwise": [{"name": "vnet"}, _log(Id("vnet"))],
    "both are new": [{"name": "vnet", "new": True}, _log(Later("vnet"))],
}
_SAYS = "no flow log of the stack records its traffic; an enabled one is needed"
BAD: BadCases = {
    "none": Bad({"name": "vnet"}, says=_SAYS),
    "off": Bad([{"name": "vnet"}, _log(Id("vnet"), enabled=False)], says=_SAYS),
    "of a subnet": Bad(
        [
            {"name": "vnet"},
            {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "vnet/one"},
            _log(Id("vnet/one")),
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [{"name": "vnet"}, _log(Id("vnet"), enabled=UNKNOWN)],
}
