# SPDX-License-Identifier: Apache-2.0
"""A public address is of the standard kind."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SKU = "sku.name"


def check(address: Resource) -> Found:
    """`StandardV2` is as closed, and in all zones."""
    if not address.equals(SKU, "Standard", "StandardV2"):
        yield address.wrong(SKU, "'Standard' is needed")


RULE = Rule(
    id="GP-NET-013",
    slug="public-ip-sku",
    title="A public address is of the standard kind",
    severity="medium",
    types=("Microsoft.Network/publicIPAddresses",),
    controls=("net-public-ip-sku",),
    rationale="A basic address is open until a security group closes it, knows no zones, and Azure has retired it.",
    remediation="Set `sku.name` to `Standard`; `Network` and `ApplicationGateway` always do.",
    absent="A violation: Azure took that for basic.",
    check=check,
)

GOOD: GoodCases = {"standard": {"sku": {"name": "Standard"}}, "second version": {"sku": {"name": "StandardV2"}}}
BAD: BadCases = {
    "basic": Bad({"sku": {"name": "Basic"}}, says="sku.name is 'Basic'; 'Standard' is needed"),
    "not said": Bad({"properties": {}}, says="sku.name is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"sku": {"name": UNKNOWN}}}
