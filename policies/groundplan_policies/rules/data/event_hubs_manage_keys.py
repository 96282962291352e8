# SPDX-License-Identifier: Apache-2.0
"""No shared key of Event Hubs may manage what it opens."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    UnknownCases,
    View,
    same,
)
from groundplan_policies.decisions import each_of

AZURES_OWN = "RootManageSharedAccessKey"


def check(keys: Resource) -> Found:
    """Azure makes one rule with all rights by itself, which nobody chose."""
    if not same(keys.short_name, AZURES_OWN):
        yield from each_of(keys.items("properties.rights"), _manages)


def _manages(right: View) -> Found:
    if right.equals("", "Manage"):
        yield right.wrong("", "'Listen' or 'Send' is needed")


RULE = Rule(
    id="GP-DAT-008",
    slug="event-hubs-manage-keys",
    title="No shared key of Event Hubs may manage what it opens",
    severity="medium",
    types=(
        "Microsoft.EventHub/namespaces/authorizationRules",
        "Microsoft.EventHub/namespaces/eventhubs/authorizationRules",
    ),
    controls=("eh-manage-keys",),
    rationale="With this right a key makes and deletes hubs and hands out further keys: no sender and no reader needs that.",
    remediation="Give the rule `Listen` or `Send` alone; better, turn keys off and grant roles.",
    absent="Passes: a rule without rights opens nothing.",
    check=check,
)


def _rule(*rights: object, name: str = "evhns/reader") -> dict[str, object]:
    return {"name": name, "properties": {"rights": [*rights]}}


GOOD: GoodCases = {
    "reads": _rule("Listen"),
    "Azure's own": _rule("Listen", "Send", "Manage", name="evhns/RootManageSharedAccessKey"),
    "none": {"properties": {}},
}
BAD: BadCases = {
    "manages": Bad(_rule(UNKNOWN, "Manage"), says="properties.rights[1] is 'Manage'; 'Listen' or 'Send' is needed"),
    "manages, and is not named yet": Bad(
        [
            {"parent": Later("evhns"), "properties": {"rights": ["manage"]}},
            {"type": "Microsoft.EventHub/namespaces", "name": "evhns", "new": True},
        ],
        says="properties.rights[0] is 'manage'",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"rights": UNKNOWN}}, "one later": _rule(UNKNOWN)}
