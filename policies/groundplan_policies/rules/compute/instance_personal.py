# SPDX-License-Identifier: Apache-2.0
"""A compute instance is one person's."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.computes import is_instance

SHARING = "properties.properties.applicationSharingPolicy"
OWNER = "properties.properties.personalComputeInstanceSettings.assignedUser.objectId"


def check(instance: Resource) -> Found:
    """Its applications are the owner's alone, or somebody is named who alone may open it."""
    if not is_instance(instance) or instance.equals(SHARING, "Personal"):
        return
    if not instance.given(OWNER):
        yield instance.wrong(SHARING, "'Personal' is needed, or an assigned user")


RULE = Rule(
    id="GP-CMP-006",
    slug="instance-personal",
    title="A compute instance is used by one person",
    severity="low",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-ci-personal",),
    rationale="What people do in the notebooks of a shared instance, they do as its owner, with the owner's files and sign-ins.",
    remediation="Leave `shared_applications` of `ComputeInstance` at False, or name the person with `owner`.",
    absent="A violation: Azure shares the applications unless told not to.",
    unknown="An assigned user whose id is not known yet is one. Undecided where the way of sharing is not known.",
    check=check,
)


def _instance(**properties: object) -> dict[str, object]:
    return {"properties": {"computeType": "ComputeInstance", "properties": properties}}


_OWNED = {"assignedUser": {"objectId": UNKNOWN}}

GOOD: GoodCases = {
    "personal": _instance(applicationSharingPolicy="Personal"),
    "of somebody": _instance(applicationSharingPolicy="Shared", personalComputeInstanceSettings=_OWNED),
    "a cluster": {"properties": {"computeType": "AmlCompute"}},
}
BAD: BadCases = {
    "shared": Bad(
        _instance(applicationSharingPolicy="Shared"),
        says="properties.properties.applicationSharingPolicy is 'Shared'; 'Personal' is needed, or an assigned user",
    ),
    "not said": Bad(_instance(), says="properties.properties.applicationSharingPolicy is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _instance(applicationSharingPolicy=UNKNOWN)}
