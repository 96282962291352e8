# SPDX-License-Identifier: Apache-2.0
"""A container registry is not reachable from the public internet.

There is no remedy: Basic and Standard registries can not be closed, and an update that tries to is refused.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_closed


def check(registry: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not is_closed(registry):
        yield registry.wrong("properties.publicNetworkAccess", "'Disabled' is needed")


RULE = Rule(
    id="GP-ACR-003",
    slug="acr-public-access",
    title="A container registry is not reachable from the public internet",
    severity="high",
    types=(REGISTRY,),
    controls=("acr-public-access",),
    rationale=(
        "With a stolen token anybody can pull images, or push one that the next job runs. Behind a private endpoint the token alone "
        "is not enough."
    ),
    remediation="Pass `private_endpoint` to `ContainerRegistry` and leave `public_network_access` at False.",
    absent="A violation: Azure opens a registry that does not say otherwise.",
    check=check,
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in another letter case": {"properties": {"publicNetworkAccess": "disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent; 'Disabled' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
