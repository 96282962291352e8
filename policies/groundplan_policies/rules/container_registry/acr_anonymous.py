# SPDX-License-Identifier: Apache-2.0
"""Nobody pulls from a container registry without signing in."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY


def check(registry: Resource) -> Found:
    """Only an explicit `true` lets anybody in."""
    if registry.equals("properties.anonymousPullEnabled", True):
        yield registry.wrong("properties.anonymousPullEnabled", "false is needed")


RULE = Rule(
    id="GP-ACR-002",
    slug="acr-anonymous",
    title="Nobody pulls from a container registry without signing in",
    severity="high",
    types=(REGISTRY,),
    controls=("acr-anonymous",),
    rationale=(
        "Images for training and serving carry code, names of data and at times whole models. Anonymous pulls hand all repositories "
        "to whoever reaches the registry, and leave no name in the logs."
    ),
    remediation="Leave `anonymous_pull` of `ContainerRegistry` at False and grant AcrPull to those who need images.",
    absent="Passes: Azure asks everybody to sign in unless told otherwise.",
    check=check,
    remedy={"properties.anonymousPullEnabled": False},
)

GOOD: GoodCases = {
    "switched off": {"properties": {"anonymousPullEnabled": False}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "switched on": Bad(
        {"properties": {"anonymousPullEnabled": True}},
        says="properties.anonymousPullEnabled is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"anonymousPullEnabled": UNKNOWN}}}
