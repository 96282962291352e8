# SPDX-License-Identifier: Apache-2.0
"""A container registry has no admin user."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY


def check(registry: Resource) -> Found:
    """Only an explicit `true` switches it on."""
    if registry.equals("properties.adminUserEnabled", True):
        yield registry.wrong("properties.adminUserEnabled", "false is needed")


RULE = Rule(
    id="GP-ACR-001",
    slug="acr-admin",
    title="A container registry has no admin user",
    severity="high",
    types=(REGISTRY,),
    controls=("acr-admin",),
    rationale=(
        "The admin user is one password for the whole registry: it pushes and deletes, belongs to nobody and shows up in the logs "
        "as nobody. Workspaces, clusters and pipelines get by with identities that have AcrPull or AcrPush."
    ),
    remediation="Leave `admin_user` of `ContainerRegistry` at False and grant AcrPull or AcrPush to whoever used the password.",
    absent="Passes: Azure makes no admin user unless asked to.",
    check=check,
    remedy={"properties.adminUserEnabled": False},
)

GOOD: GoodCases = {
    "switched off": {"properties": {"adminUserEnabled": False}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "switched on": Bad(
        {"properties": {"adminUserEnabled": True}}, says="properties.adminUserEnabled is true; false is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"adminUserEnabled": UNKNOWN}}}
