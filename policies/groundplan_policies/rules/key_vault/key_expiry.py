# SPDX-License-Identifier: Apache-2.0
"""A key does not live forever.

Benchmarks ask for a date of expiry. A key that encrypts stored data takes the data with it when it expires before somebody has
rotated it, so a key that the vault itself rotates passes too, unless `rotationIsEnough` is off.
"""

from collections.abc import Mapping
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
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.vault_keys import KEY, rotates

DATE = "properties.attributes.exp"


def check(key: Resource, given: Mapping[str, Any]) -> Found:
    """A date of its own, or the lifetime that each version gets from the rotation policy."""
    if not any_of(
        lambda: key.has(DATE),
        lambda: key.has("properties.rotationPolicy.attributes.expiryTime"),
        lambda: given["rotationIsEnough"] and rotates(key),
    ):
        others = "an expiry time or an action 'rotate'" if given["rotationIsEnough"] else "an expiry time"
        yield key.wrong(DATE, f"a date, or {others} in the rotation policy, is needed")


RULE = Rule(
    id="GP-KV-010",
    slug="key-expiry",
    title="A key expires, or the vault replaces it on a schedule",
    severity="medium",
    types=(KEY,),
    controls=("kv-key-expiry",),
    rationale=(
        "The longer a key is in use, the more is lost with it, and the fewer people know where it is used. By default a rotation policy "
        "counts as well: it ends the use of a version without the risk that data becomes unreadable on a forgotten day."
    ),
    remediation=(
        "Set `expire_days`, or leave `rotate_days`, of `VaultKey`. Set `rotationIsEnough` to false in the configuration of the pack "
        "where a benchmark wants a date on every key."
    ),
    absent="A violation: Azure gives keys no end.",
    parameters=(
        Parameter(
            name="rotationIsEnough",
            default=True,
            description="A key that the vault rotates by itself needs no expiry.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)

_ROTATES = {
    "properties": {
        "rotationPolicy": {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P365D"}}]}
    }
}
_STRICT = {"rotationIsEnough": False}

GOOD: GoodCases = {
    "a date": Good({"properties": {"attributes": {"exp": 1893456000}}}, given=_STRICT),
    "a lifetime": Good({"properties": {"rotationPolicy": {"attributes": {"expiryTime": "P2Y"}}}}, given=_STRICT),
    "a date that is known later, and a lifetime": {
        "properties": {"attributes": {"exp": UNKNOWN}, "rotationPolicy": {"attributes": {"expiryTime": "P2Y"}}}
    },
    "rotated": _ROTATES,
}
BAD: BadCases = {
    "for ever": Bad(
        {"properties": {"kty": "RSA"}},
        says="properties.attributes.exp is absent; a date, or an expiry time or an action 'rotate' in the rotation policy, is needed",
    ),
    "rotated, which is not enough": Bad(
        _ROTATES,
        says="properties.attributes.exp is absent; a date, or an expiry time in the rotation policy, is needed",
        given=_STRICT,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "date known later": {"properties": {"attributes": {"exp": UNKNOWN}}},
    "policy known later": {"properties": {"rotationPolicy": UNKNOWN}},
}
