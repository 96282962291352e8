# SPDX-License-Identifier: Apache-2.0
"""The shares of an endpoint's traffic add up."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.subjects.endpoints import ONLINE_ENDPOINT
from groundplan_policies.subjects.environments import PARAMETERS, is_production

TRAFFIC = "properties.traffic"


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Shares that the program gives; 0 in sum is an endpoint that does not answer yet."""
    shares = [share for _, share in endpoint.entries(TRAFFIC)]
    wrong = [share for share in shares if not _is_share(share)]
    for share in wrong:
        yield share.wrong("", "a percentage of 0 to 100 is needed")
    total = sum(share.number() or 0 for share in shares)
    if not shares or wrong or total == 100:
        return
    if total != 0 or is_production(endpoint, stack, given):
        yield Violation(TRAFFIC, f"{TRAFFIC} is {total:g} percent in sum; 100 is needed")


def _is_share(share: View) -> bool:
    number = share.number()
    return number is not None and 0 <= number <= 100


RULE = Rule(
    id="GP-SRV-014",
    slug="endpoint-traffic",
    title="The shares of an endpoint's traffic add up to 100 percent",
    severity="medium",
    types=(ONLINE_ENDPOINT,),
    controls=("srv-traffic",),
    rationale="Azure refuses other sums in the middle of an update; with 0 in sum an endpoint in production answers nobody.",
    remediation="Let the shares in `traffic` of the endpoint add up to 100.",
    absent="Passes: whoever releases shifts the traffic.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _endpoint(environment: object = None, **traffic: object) -> dict[str, object]:
    return {"name": "mlw/scoring", "tags": {"environment": environment}, "properties": {"traffic": traffic}}


GOOD: GoodCases = {
    "all to one": _endpoint(blue=100, green=0),
    "in shares, in production": _endpoint("prod", blue=90, green=10),
    "none yet": _endpoint(blue=0),
    "not said, in production": _endpoint("prod"),
}
BAD: BadCases = {
    "too little": Bad(_endpoint(blue=90, green=5), says="properties.traffic is 95 percent in sum; 100 is needed"),
    "too much": Bad(_endpoint(blue=100, green=1), says="properties.traffic is 101 percent in sum; 100 is needed"),
    "none in production": Bad(_endpoint("prod", blue=0), says="properties.traffic is 0 percent in sum; 100 is needed"),
    "more than all": Bad(
        _endpoint(blue=101, green=-1), says="properties.traffic.blue is 101; a percentage of 0 to 100 is needed"
    ),
    "less than nothing": Bad(
        _endpoint(blue=101, green=-1), says="properties.traffic.green is -1; a percentage of 0 to 100 is needed"
    ),
    "no number": Bad(
        _endpoint(blue="all"), says="properties.traffic.blue is 'all'; a percentage of 0 to 100 is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a share": _endpoint(blue=UNKNOWN, green=10),
    "where": _endpoint(UNKNOWN, blue=0),
}
