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
    """A log that is switched on."""
    logs = stack.referring(network, LOG, "properties.targetResourceId")
    if not any_of(*(lambda log=log: log.equals("properties.enabled", True) for log in logs)):
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
    absent="A violation: no log of the stack names the network, or none says that it is on.",
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
    "both are new": [{"name": "vnet", "new": True}, _log(Later("vnet"), enabled=True)],
}
_SAYS = "no flow log of the stack records its traffic; an enabled one is needed"
BAD: BadCases = {
    "none": Bad({"name": "vnet"}, says=_SAYS),
    "off": Bad([{"name": "vnet"}, _log(Id("vnet"), enabled=False)], says=_SAYS),
    "not said to be on": Bad([{"name": "vnet"}, _log(Id("vnet"))], says=_SAYS),
    "of a subnet": Bad(
        [
            {"name": "vnet"},
            {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "vnet/one"},
            _log(Id("vnet/one"), enabled=True),
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [{"name": "vnet"}, _log(Id("vnet"), enabled=UNKNOWN)],
}
