# SPDX-License-Identifier: Apache-2.0
"""The vault rotates its keys by itself."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.vault_keys import ACTIONS, KEY, rotates


def check(key: Resource) -> Found:
    """A notification alone rotates nothing."""
    if not rotates(key):
        yield key.wrong(ACTIONS, "an action 'rotate' with a trigger is needed")


RULE = Rule(
    id="GP-KV-011",
    slug="key-rotation",
    title="The vault rotates its keys by itself",
    severity="medium",
    types=(KEY,),
    controls=("kv-key-rotation",),
    rationale=(
        "Rotation by hand is put off until something has happened. Services that use the key without a version follow a new one within "
        "a day, so that nobody has to do anything."
    ),
    remediation="Leave `rotate_days` of `VaultKey` at a year or less; None never rotates.",
    absent="A violation: Azure rotates nothing without a policy.",
    check=check,
)


def _key(*actions: object) -> dict[str, object]:
    return {"properties": {"rotationPolicy": {"lifetimeActions": [*actions]}}}


_ROTATE = {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P1Y"}}
_NOTIFY = {"action": {"type": "notify"}, "trigger": {"timeBeforeExpiry": "P30D"}}

GOOD: GoodCases = {
    "after a year": _key(_ROTATE),
    "before it expires": _key({"action": {"type": "Rotate"}, "trigger": {"timeBeforeExpiry": "P30D"}}),
    "notified as well": _key(_NOTIFY, _ROTATE),
    "the other action is known later": _key(UNKNOWN, _ROTATE),
}
BAD: BadCases = {
    "no policy": Bad(
        {"properties": {"kty": "RSA"}},
        says="properties.rotationPolicy.lifetimeActions is absent; an action 'rotate' with a trigger is needed",
    ),
    "only notified": Bad(_key(_NOTIFY), says="an action 'rotate' with a trigger is needed"),
    "without a trigger": Bad(_key({"action": {"type": "rotate"}}), says="an action 'rotate' with a trigger is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "policy known later": {"properties": {"rotationPolicy": UNKNOWN}},
    "action known later": _key({"action": {"type": UNKNOWN}}, _NOTIFY),
}
