# SPDX-License-Identifier: Apache-2.0
"""SAS tokens that are signed with an account key end soon."""

import re
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

PERIOD = "properties.sasPolicy.sasExpirationPeriod"
_FORM = re.compile(r"(\d+)\.(\d\d):(\d\d):(\d\d)")
"""Days, hours, minutes and seconds, as Azure writes a period."""


def check(account: Resource, given: Mapping[str, Any]) -> Found:
    """An account without keys is left out: Azure itself ends tokens that are signed for an identity after 7 days."""
    if not any_of(
        lambda: account.equals(SHARED_KEYS, False),
        lambda: _seconds(account.text(PERIOD)) <= given["maximumDays"] * 86_400,
    ):
        yield account.wrong(PERIOD, f"at most {given['maximumDays']} days, written as '7.00:00:00', are needed")


def _seconds(period: str) -> float:
    found = _FORM.fullmatch(period)
    if found is None:
        return float("inf")
    days, hours, minutes, seconds = map(int, found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


RULE = Rule(
    id="GP-ST-019",
    slug="storage-sas-expiry",
    title="SAS tokens that are signed with an account key end soon",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-sas-policy",),
    rationale=(
        "Nobody can list the tokens that were signed with a key, and only a new key revokes one. The policy makes Azure log, or refuse, "
        "those that live longer than agreed."
    ),
    remediation="Leave `shared_key_access` of `Storage` at False, or `sas_days` at 7.",
    absent="A violation where keys are taken, as they are unless the account says otherwise: tokens may live for ever.",
    parameters=(
        Parameter(
            name="maximumDays",
            default=7,
            description="The most days that a SAS token may live.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _account(period: object, **more: object) -> dict[str, object]:
    return {"properties": {"sasPolicy": {"sasExpirationPeriod": period, "expirationAction": "Log"}, **more}}


_SAYS = "at most 7 days, written as '7.00:00:00', are needed"

GOOD: GoodCases = {
    "just short enough": _account("7.00:00:00"),
    "hours": _account("0.08:30:30", allowSharedKeyAccess=True),
    "more was agreed": Good(_account("30.00:00:00"), given={"maximumDays": 30}),
    "no keys": {"properties": {"allowSharedKeyAccess": False}},
    "no keys, the policy is known later": {"properties": {"allowSharedKeyAccess": False, "sasPolicy": UNKNOWN}},
    "short, the keys are known later": _account("1.00:00:00", allowSharedKeyAccess=UNKNOWN),
}
BAD: BadCases = {
    "a second too long": Bad(
        _account("7.00:00:01"), says=f"properties.sasPolicy.sasExpirationPeriod is '7.00:00:01'; {_SAYS}"
    ),
    "a minute too long": Bad(
        _account("7.00:01:00"), says=f"properties.sasPolicy.sasExpirationPeriod is '7.00:01:00'; {_SAYS}"
    ),
    "an hour too long": Bad(
        _account("7.01:00:00"), says=f"properties.sasPolicy.sasExpirationPeriod is '7.01:00:00'; {_SAYS}"
    ),
    "hours make days": Bad(_account("6.24:00:01"), says=f"is '6.24:00:01'; {_SAYS}"),
    "minutes make hours": Bad(_account("6.23:60:01"), says=f"is '6.23:60:01'; {_SAYS}"),
    "seconds make minutes": Bad(_account("6.23:59:61"), says=f"is '6.23:59:61'; {_SAYS}"),
    "not said": Bad(
        {"properties": {"allowSharedKeyAccess": True}},
        says=f"properties.sasPolicy.sasExpirationPeriod is absent; {_SAYS}",
    ),
    "not a period": Bad(_account("a week"), says=f"properties.sasPolicy.sasExpirationPeriod is 'a week'; {_SAYS}"),
    "less was agreed": Bad(
        _account("2.00:00:00"),
        says="is '2.00:00:00'; at most 1 days, written as '7.00:00:00', are needed",
        given={"maximumDays": 1},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "period known later": _account(UNKNOWN),
    "keys known later": _account("30.00:00:00", allowSharedKeyAccess=UNKNOWN),
}
