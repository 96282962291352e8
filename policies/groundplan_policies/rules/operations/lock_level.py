# SPDX-License-Identifier: Apache-2.0
"""A lock keeps things from being deleted and lets them work."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases


def check(lock: Resource) -> Found:
    """On any scope: what lies below is locked as well."""
    if lock.equals("properties.level", "ReadOnly"):
        yield lock.wrong("properties.level", "'CanNotDelete' is needed, so that what lies below still works")


RULE = Rule(
    id="GP-OPS-008",
    slug="lock-level",
    title="A lock keeps things from being deleted and lets them work",
    severity="low",
    types=("Microsoft.Authorization/locks",),
    controls=("ops-lock-level",),
    rationale=(
        "A lock that is read only refuses every POST as well: listing keys, starting computes, starting jobs, rolling keys. Training and "
        "deployments fail with errors that do not mention it."
    ),
    remediation="Leave `level` of `Lock` at `CanNotDelete`; use roles to decide who changes what.",
    absent="Passes: Azure refuses a lock without a level.",
    check=check,
)

GOOD: GoodCases = {"no deletion": {"properties": {"level": "CanNotDelete"}}}
BAD: BadCases = {
    "read only": Bad(
        {"properties": {"level": "readonly"}},
        says="properties.level is 'readonly'; 'CanNotDelete' is needed, so that what lies below still works",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"level": UNKNOWN}}}
