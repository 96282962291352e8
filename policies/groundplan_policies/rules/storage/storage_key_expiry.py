# SPDX-License-Identifier: Apache-2.0
"""The keys of a storage account are reported once they are old."""

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
from groundplan_policies.subjects.storage_account import SHARED_KEYS

DAYS = "properties.keyPolicy.keyExpirationPeriodInDays"


def check(account: Resource, given: Mapping[str, Any]) -> Found:
    """An account without keys is left out."""
    if not any_of(
        lambda: account.equals(SHARED_KEYS, False), lambda: 0 < (account.number(DAYS) or 0) <= given["maximumDays"]
    ):
        yield account.wrong(DAYS, f"1 to {given['maximumDays']} days are needed")


RULE = Rule(
    id="GP-ST-020",
    slug="storage-key-expiry",
    title="The keys of a storage account are reported once they are old",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-key-expiry",),
    rationale=(
        "An account key opens everything and is copied into settings and notebooks. The policy makes Azure say when the time for a new one "
        "has come; it does not make one, so that refusing keys altogether is better."
    ),
    remediation="Leave `shared_key_access` of `Storage` at False; or set `properties.keyPolicy.keyExpirationPeriodInDays`.",
    absent="A violation where keys are taken, as they are unless the account says otherwise: Azure reports nothing.",
    parameters=(
        Parameter(
            name="maximumDays",
            default=90,
            description="The most days after which a key has to be replaced.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _account(days: object, **more: object) -> dict[str, object]:
    return {"properties": {"keyPolicy": {"keyExpirationPeriodInDays": days}, **more}}


GOOD: GoodCases = {
    "just soon enough": _account(90),
    "every day": _account(1, allowSharedKeyAccess=True),
    "more was agreed": Good(_account(365), given={"maximumDays": 365}),
    "no keys": {"properties": {"allowSharedKeyAccess": False}},
    "no keys, the policy is known later": _account(UNKNOWN, allowSharedKeyAccess=False),
}
BAD: BadCases = {
    "too late": Bad(_account(91), says="properties.keyPolicy.keyExpirationPeriodInDays is 91; 1 to 90 days are needed"),
    "never": Bad(_account(0), says="properties.keyPolicy.keyExpirationPeriodInDays is 0; 1 to 90 days are needed"),
    "not said": Bad(
        {"properties": {"allowSharedKeyAccess": True}},
        says="properties.keyPolicy.keyExpirationPeriodInDays is absent; 1 to 90 days are needed",
    ),
    "less was agreed": Bad(
        _account(90),
        says="properties.keyPolicy.keyExpirationPeriodInDays is 90; 1 to 30 days are needed",
        given={"maximumDays": 30},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "days known later": _account(UNKNOWN),
    "keys known later": {"properties": {"allowSharedKeyAccess": UNKNOWN}},
}
