# SPDX-License-Identifier: Apache-2.0
"""Nobody can change or delete what lies in the containers that were agreed on."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.storage_account import CONTAINER, known_name

POLICY = f"{CONTAINER}/immutabilityPolicies"
PERIOD = "properties.immutabilityPeriodSinceCreationInDays"


def check(container: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """A retention that counts from the day each blob is written; nothing to say as long as no containers are agreed on."""
    days = given["minimumDays"]
    if not any(fnmatchcase(known_name(container), pattern) for pattern in given["containers"]):
        return
    policies = stack.children(container, POLICY)
    if not any_of(*(partial(_keeps, policy, days) for policy in policies)):
        yield Violation(
            "", f"no immutability policy of the stack keeps its blobs for {days} days or more; one is needed"
        )


def _keeps(policy: Resource, days: int) -> bool:
    return (policy.number(PERIOD) or 0) >= days


RULE = Rule(
    id="GP-ST-029",
    slug="container-immutability",
    title="Nobody can change or delete what lies in the containers that were agreed on",
    severity="medium",
    types=(CONTAINER,),
    controls=("st-immutability",),
    rationale=(
        "Audit logs, released models and the data that they were trained on have to be as they were, whoever asks later. An immutability "
        "policy holds against owners of the account too, as long as it runs."
    ),
    remediation="Name the container and its days in `immutable_days` of `Storage`.",
    absent="A violation for containers that `containers` names; by default it names none.",
    unknown="Undecided until the days are known.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="containers",
            default=[],
            description="Names of containers that have to be immutable; `*` stands for any characters.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
        Parameter(
            name="minimumDays",
            default=1,
            description="The fewest days that their blobs have to be kept.",
            schema={"type": "integer", "minimum": 1, "maximum": 146000},
        ),
    ),
    check=check,
)

_ASKED = {"containers": ["audit-*"], "minimumDays": 30}
_AUDIT = {"name": "st/default/audit-2026"}


def _policy(days: object, **more: object) -> dict[str, object]:
    period = {"immutabilityPeriodSinceCreationInDays": days}
    return {"name": "st/default/audit-2026/default", "type": POLICY, "properties": period, **more}


_SAYS = "no immutability policy of the stack keeps its blobs for 30 days or more; one is needed"

GOOD: GoodCases = {
    "nothing was agreed": _AUDIT,
    "nothing was agreed, and the days are known later": [_AUDIT, _policy(UNKNOWN)],
    "just long enough": Good([_AUDIT, _policy(30)], given=_ASKED),
    "as long as nobody says more": Good([_AUDIT, _policy(1)], given={"containers": ["audit-2026"]}),
    "another container": Good({"name": "st/default/scratch"}, given=_ASKED),
    "both are new": Good([{**_AUDIT, "new": True}, _policy(30, parent=Later("st/default/audit-2026"))], given=_ASKED),
    "the other policy is known later": Good([_AUDIT, _policy(UNKNOWN), _policy(31)], given=_ASKED),
}
BAD: BadCases = {
    "no policy": Bad(_AUDIT, says=_SAYS, given=_ASKED),
    "no policy of a new one": Bad({**_AUDIT, "new": True}, says=_SAYS, given=_ASKED),
    "too short": Bad([_AUDIT, _policy(29)], says=_SAYS, given=_ASKED),
    "days are not said": Bad(
        [_AUDIT, _policy(None)],
        says="no immutability policy of the stack keeps its blobs for 1 days or more; one is needed",
        given={"containers": ["*"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "days known later": Good([_AUDIT, _policy(UNKNOWN)], given=_ASKED),
}
