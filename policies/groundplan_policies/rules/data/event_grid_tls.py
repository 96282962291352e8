# SPDX-License-Identifier: Apache-2.0
"""An Event Grid topic, domain or namespace speaks no TLS older than 1.2."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TLS = "properties.minimumTlsVersionAllowed"


def check(topic: Resource) -> Found:
    """1.2, or a later one once Azure has it."""
    if not topic.equals(TLS, "1.2", "1.3"):
        yield topic.wrong(TLS, "'1.2' is needed")


RULE = Rule(
    id="GP-DAT-014",
    slug="event-grid-tls",
    title="An Event Grid topic, domain or namespace speaks no TLS older than 1.2",
    severity="medium",
    types=(
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.EventGrid/namespaces",
        "Microsoft.EventGrid/partnerNamespaces",
    ),
    controls=("evgt-tls",),
    rationale="What is sent with TLS 1.0 or 1.1 can be read and changed on its way.",
    remediation="Set `minimumTlsVersionAllowed` to `1.2`; `EventGridTopic` always does.",
    absent="A violation: Azure does not say for all of these types what it takes then.",
    check=check,
    remedy={"properties.minimumTlsVersionAllowed": "1.2"},
)

GOOD: GoodCases = {
    "1.2": {"properties": {"minimumTlsVersionAllowed": "1.2"}},
    "1.3": {"properties": {"minimumTlsVersionAllowed": "1.3"}},
}
BAD: BadCases = {
    "1.1": Bad(
        {"properties": {"minimumTlsVersionAllowed": "1.1"}},
        says="properties.minimumTlsVersionAllowed is '1.1'; '1.2' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.minimumTlsVersionAllowed is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"minimumTlsVersionAllowed": UNKNOWN}}}
