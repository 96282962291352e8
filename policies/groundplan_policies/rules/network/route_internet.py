# SPDX-License-Identifier: Apache-2.0
"""No route sends everything straight to the internet.

Routes of single services, such as those of a service tag, have good reasons to. The subnet of an application gateway needs such a
default route where another one leads to a firewall: exempt its table.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.address_prefixes import prefix_length

SINGLE = "Microsoft.Network/routeTables/routes"
WIDE = 1
"""Two routes of half the internet each are a default route."""


def check(found: Resource) -> Found:
    """Routes in the body of their table, or one alone."""
    alone = found.is_a(SINGLE)
    yield from each_of([found] if alone else found.items("properties.routes"), _look)


def _look(route: View) -> Found:
    if not route.equals("properties.nextHopType", "Internet"):
        return
    length = prefix_length(route.text("properties.addressPrefix"))
    if length is not None and length <= WIDE:
        yield route.wrong(
            "properties.nextHopType",
            f"another is needed for {route.text('properties.addressPrefix')}, such as a firewall",
        )


RULE = Rule(
    id="GP-NET-015",
    slug="route-internet",
    title="No route sends everything straight to the internet",
    severity="medium",
    types=("Microsoft.Network/routeTables", "Microsoft.Network/routeTables/routes"),
    controls=("net-route-internet",),
    rationale="Such a route leads around the firewall that the others lead to, with no log of what left.",
    remediation='Give the `Route` to `0.0.0.0/0` the `address` of a firewall, or `next_hop="None"`.',
    absent="Passes: a table without routes changes nothing.",
    check=check,
)


def _route(prefix: object, hop: object = "Internet") -> dict[str, object]:
    return {"name": "one", "properties": {"addressPrefix": prefix, "nextHopType": hop}}


def _table(*routes: object) -> dict[str, object]:
    return {"properties": {"routes": [*routes]}}


GOOD: GoodCases = {
    "none": {"properties": {}},
    "through a firewall": _table(_route("0.0.0.0/0", "VirtualAppliance")),
    "one service": _table(_route("AzureMachineLearning")),
    "one block": _table(_route("64.0.0.0/2")),
    "nowhere, whatever it is": _table(_route(UNKNOWN, "None")),
}
BAD: BadCases = {
    "everything": Bad(
        _table(_route("10.0.0.0/8"), _route("0.0.0.0/0")),
        says=(
            "properties.routes[1].properties.nextHopType is 'Internet'; "
            "another is needed for 0.0.0.0/0, such as a firewall"
        ),
    ),
    "by halves": Bad(
        _table(_route(UNKNOWN), _route("128.0.0.0/1")), says="properties.routes[1].properties.nextHopType is 'Internet'"
    ),
    "alone": Bad(
        {"type": "Microsoft.Network/routeTables/routes", **_route("::/0")},
        says="properties.nextHopType is 'Internet'; another is needed for ::/0",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _table(_route(UNKNOWN)),
    "routes made later": {"properties": {"routes": UNKNOWN}},
}
