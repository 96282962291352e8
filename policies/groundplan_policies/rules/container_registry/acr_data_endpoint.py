# SPDX-License-Identifier: Apache-2.0
"""Layers of images come from an endpoint of the registry's own."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_premium


def check(registry: Resource) -> Found:
    """Below Premium there is no such endpoint."""
    if not registry.equals("properties.dataEndpointEnabled", True) and is_premium(registry):
        yield registry.wrong("properties.dataEndpointEnabled", "true is needed")


RULE = Rule(
    id="GP-ACR-016",
    slug="acr-data-endpoint",
    title="Layers of images come from an endpoint of the registry's own",
    severity="low",
    types=(REGISTRY,),
    controls=("acr-data-endpoint",),
    rationale=(
        "Without it layers come from storage under names that nobody can tell from anybody else's, so a firewall has to open all of "
        "Azure Storage: a way out for data."
    ),
    remediation="Leave `sku` of `ContainerRegistry` at 'Premium', which brings the endpoint; elsewhere set `dataEndpointEnabled`.",
    absent="A violation for Premium registries: Azure makes no such endpoint unless asked to.",
    check=check,
)


def _registry(enabled: object, sku: object = "Premium") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"dataEndpointEnabled": enabled}}


GOOD: GoodCases = {
    "switched on": _registry(True),
    "basic has none": _registry(False, "Basic"),
}
BAD: BadCases = {
    "switched off": Bad(_registry(False), says="properties.dataEndpointEnabled is false; true is needed"),
    "not said": Bad({"sku": {"name": "Premium"}}, says="properties.dataEndpointEnabled is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _registry(UNKNOWN),
    "tier decided later": _registry(False, UNKNOWN),
}
