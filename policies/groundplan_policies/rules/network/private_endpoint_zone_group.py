# SPDX-License-Identifier: Apache-2.0
"""Every private endpoint keeps its DNS records in a zone group."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.private_endpoints import ENDPOINT, ZONE_GROUP
from groundplan_policies.subjects.zone_records import CONFIGS


def check(endpoint: Resource, stack: Stack) -> Found:
    """A group that names a zone, whichever it is."""
    groups = stack.children(endpoint, ZONE_GROUP)
    if not any_of(*(lambda group=group: group.has(CONFIGS) for group in groups)):
        yield Violation("", "no zone group of the stack belongs to it; one with the zones of its service is needed")


RULE = Rule(
    id="GP-NET-007",
    slug="private-endpoint-zone-group",
    title="Every private endpoint keeps its DNS records in a zone group",
    severity="medium",
    types=(ENDPOINT,),
    controls=("net-pe-zone-group",),
    rationale=(
        "Without records the service's name leads to its public address, and records that somebody wrote by hand are wrong after "
        "the endpoint is made anew. Where a policy of the landing zone writes them, disable this rule."
    ),
    remediation="Give `PrivateEndpoint` its `dns_zone_ids` and leave `dns_managed_elsewhere` at False.",
    absent="A violation: no zone group of the stack belongs to the endpoint.",
    unknown="Decided by what the program passes to the zone group, where the ids are not known yet.",
    needs_stack=True,
    check=check,
)


def _group(configs: object, **more: object) -> dict[str, object]:
    return {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


_ONE = [{"name": "vault", "properties": {"privateDnsZoneId": UNKNOWN}}]
GOOD: GoodCases = {
    "a group": [{"name": "pe"}, _group(_ONE)],
    "both are new": [{"name": "pe", "new": True}, _group(_ONE, parent=Later("pe"))],
}
_SAYS = "no zone group of the stack belongs to it; one with the zones of its service is needed"
BAD: BadCases = {
    "none": Bad({"name": "pe"}, says=_SAYS),
    "without zones": Bad([{"name": "pe"}, _group([])], says=_SAYS),
    "of another endpoint": Bad(
        [{"name": "pe"}, {"type": ENDPOINT, "name": "other"}, _group(_ONE) | {"name": "other/default"}], says=_SAYS
    ),
}
UNKNOWN_CASES: UnknownCases = {"zones decided later": [{"name": "pe"}, _group(UNKNOWN)]}
