# SPDX-License-Identifier: Apache-2.0
"""A public API server of a Kubernetes cluster answers listed addresses only."""

from collections.abc import Mapping
from ipaddress import ip_network
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
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER

PRIVATE = "properties.apiServerAccessProfile.enablePrivateCluster"
RANGES = "properties.apiServerAccessProfile.authorizedIPRanges"


def check(cluster: Resource, given: Mapping[str, Any]) -> Found:
    """A private API server needs no list. A list that lets in half of the internet is none."""
    if cluster.equals(PRIVATE, True):
        return
    if not cluster.has(RANGES):
        yield cluster.wrong(RANGES, f"a list of addresses is needed unless {PRIVATE} is true")
    yield from each_of(cluster.items(RANGES), lambda block: _look(block, given["minimumPrefix"]))


def _look(block: View, least: int) -> Found:
    try:
        narrow = ip_network(block.text(), strict=False).prefixlen >= least
    except ValueError:
        narrow = False
    if not narrow:
        yield block.wrong("", f"a CIDR block of /{least} or narrower is needed")


RULE = Rule(
    id="GP-AKS-003",
    slug="aks-authorized-ips",
    title="A public API server of a Kubernetes cluster answers listed addresses only",
    severity="high",
    types=(CLUSTER,),
    controls=("aks-authorized-ips",),
    rationale="Without a list the whole internet can try stolen tokens and fresh holes on the API server.",
    remediation="Leave `public_api_server` of `AksCluster` at False, or pass `authorized_ip_ranges` with it.",
    absent="A violation for public API servers: Azure lets everybody in without a list.",
    parameters=(
        Parameter(
            name="minimumPrefix",
            default=8,
            description="The fewest bits of prefix that a block of the list may have: the widest block.",
            schema={"type": "integer", "minimum": 1, "maximum": 32},
        ),
    ),
    check=check,
)


def _cluster(private: object, *ranges: object) -> dict[str, object]:
    profile = {"enablePrivateCluster": private, "authorizedIPRanges": [*ranges]}
    return {"properties": {"apiServerAccessProfile": profile}}


GOOD: GoodCases = {
    "private": _cluster(True),
    "office": _cluster(False, "203.0.113.9/24", "198.51.100.7"),
    "widest": _cluster(False, "10.0.0.0/8"),
    "wider was agreed": Good(_cluster(False, "10.0.0.0/7"), given={"minimumPrefix": 7}),
}
_SAYS = (
    "properties.apiServerAccessProfile.authorizedIPRanges is {}; "
    "a list of addresses is needed unless properties.apiServerAccessProfile.enablePrivateCluster is true"
)
BAD: BadCases = {
    "empty": Bad(_cluster(False), says=_SAYS.format("[]")),
    "not said": Bad({"properties": {}}, says=_SAYS.format("absent")),
    "everybody": Bad(
        _cluster(False, "203.0.113.0/24", "0.0.0.0/0"),
        says="properties.apiServerAccessProfile.authorizedIPRanges[1] is '0.0.0.0/0'; "
        "a CIDR block of /8 or narrower is needed",
    ),
    "a bit too wide": Bad(_cluster(False, "10.0.0.0/7"), says="[0] is '10.0.0.0/7'; a CIDR block of /8"),
    "no block": Bad(_cluster(False, "office"), says="[0] is 'office'; a CIDR block of /8 or narrower is needed"),
    "beside one that is known later": Bad(_cluster(False, UNKNOWN, "0.0.0.0/0"), says="[1] is '0.0.0.0/0'"),
}
UNKNOWN_CASES: UnknownCases = {
    "private or not": _cluster(UNKNOWN),
    "address known later": _cluster(False, UNKNOWN),
    "list known later": {"properties": {"apiServerAccessProfile": {"authorizedIPRanges": UNKNOWN}}},
}
