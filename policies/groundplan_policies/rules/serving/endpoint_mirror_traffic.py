# SPDX-License-Identifier: Apache-2.0
"""Requests are copied to one deployment that answers none, half of them at most."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.endpoints import ONLINE_ENDPOINT

MIRROR = "properties.mirrorTraffic"
MOST = 50
"""Azure's limit in percent. Source: learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints."""


def check(endpoint: Resource) -> Found:
    """Shares of 0 copy nothing."""
    copied = [(name, share) for name, share in endpoint.entries(MIRROR) if share.number() != 0]
    if len(copied) > 1:
        names = ", ".join(name for name, _ in copied)
        yield Violation(MIRROR, f"{MIRROR} names {names}; one deployment alone can get copies")
    answering = dict(endpoint.entries("properties.traffic")) if copied else {}
    for name, share in copied:
        number = share.number()
        if number is None or not 0 < number <= MOST:
            yield share.wrong("", f"a percentage of 0 to {MOST} is needed")
        if name in answering and answering[name].number():
            yield share.wrong("", "0 is needed for a deployment that answers requests")


RULE = Rule(
    id="GP-SRV-015",
    slug="endpoint-mirror-traffic",
    title="Requests are copied to one deployment that answers none, half of them at most",
    severity="low",
    types=(ONLINE_ENDPOINT,),
    controls=("srv-mirror-traffic",),
    rationale="Every copy costs bandwidth that requests need, so Azure refuses more; a model that answers already needs no copies.",
    remediation="Give `mirror_traffic` of `ManagedOnlineEndpoint` one deployment without `traffic`, with 50 at most.",
    absent="Passes: nothing is copied.",
    check=check,
)


def _endpoint(mirror: object, **traffic: object) -> dict[str, object]:
    return {"properties": {"mirrorTraffic": mirror, "traffic": traffic}}


GOOD: GoodCases = {
    "one percent": _endpoint({"green": 1}, blue=100, green=0),
    "half": _endpoint({"green": 50, "red": 0}, blue=100),
    "none": _endpoint(None, blue=100),
    "none of one that answers": _endpoint({"blue": 0}, blue=100),
}
BAD: BadCases = {
    "more than half": Bad(
        _endpoint({"green": 51}), says="properties.mirrorTraffic.green is 51; a percentage of 0 to 50 is needed"
    ),
    "less than nothing": Bad(
        _endpoint({"green": -1}), says="properties.mirrorTraffic.green is -1; a percentage of 0 to 50 is needed"
    ),
    "no number": Bad(
        _endpoint({"green": "half"}),
        says="properties.mirrorTraffic.green is 'half'; a percentage of 0 to 50 is needed",
    ),
    "two": Bad(
        _endpoint({"green": 10, "red": 10}),
        says="properties.mirrorTraffic names green, red; one deployment alone can get copies",
    ),
    "of one that answers": Bad(
        _endpoint({"green": 10}, blue=90, green=10),
        says="properties.mirrorTraffic.green is 10; 0 is needed for a deployment that answers requests",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a copy": _endpoint({"green": UNKNOWN}),
    "a share": _endpoint({"green": 10}, green=UNKNOWN),
}
