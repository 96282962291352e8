# SPDX-License-Identifier: Apache-2.0
"""No resource is made with a preview of an API where there is a stable one.

In a program the version is a choice where the token of the type has one (`azure-native:keyvault/v20241101:Vault`): tokens without get
the version that the provider has chosen. In a template it is `apiVersion`.
"""

import re
from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    Violation,
)

_PREVIEW = re.compile(r"(/v\d{8}|\d{4}-\d\d-\d\d-)\w*preview", re.IGNORECASE)


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Types that have never left preview are left out."""
    if found.is_a(*given["types"]):
        return
    version = found.token or found.text("apiVersion")
    if _PREVIEW.search(version):
        yield Violation("", f"{version!r} names a preview of the service's API; a stable version is needed")


RULE = Rule(
    id="GP-GOV-006",
    slug="preview-api",
    title="No resource is made with a preview of an API where there is a stable one",
    severity="low",
    types=("*",),
    controls=("gov-preview-api",),
    rationale=(
        "Azure takes previews back after months and promises nothing for them: the next update of the platform then fails, or changes what "
        "nobody asked to change."
    ),
    remediation="Use the class without a version in its module (`keyvault.Vault`), or one with a stable version.",
    absent="Passes: the provider chooses the version.",
    parameters=(
        Parameter(
            name="types",
            default=[
                "Microsoft.Authorization/policyExemptions",
                "Microsoft.Insights/autoscalesettings",
                "Microsoft.Insights/diagnosticSettings",
                "Microsoft.Portal/dashboards",
            ],
            description="ARM types that may be in preview, because there is nothing else, or nothing else that is current.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _vault(version: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "apiVersion": version}


GOOD: GoodCases = {
    "stable": _vault("2024-11-01"),
    "not said": _vault(None),
    "a name that sounds like it": _vault("preview"),
    **{
        each: {"type": each, "apiVersion": "2021-05-01-preview"}
        for each in (
            "Microsoft.Authorization/policyExemptions",
            "Microsoft.Insights/autoscalesettings",
            "Microsoft.Insights/diagnosticSettings",
            "Microsoft.Portal/dashboards",
        )
    },
}
BAD: BadCases = {
    "preview": Bad(
        _vault("2024-04-01-preview"),
        says="'2024-04-01-preview' names a preview of the service's API; a stable version is needed",
    ),
    "private preview": Bad(_vault("2024-04-01-PrivatePreview"), says="'2024-04-01-PrivatePreview' names a preview"),
    "of a type that is to be stable": Bad(
        {"type": "Microsoft.Portal/dashboards", "apiVersion": "2022-12-01-preview"},
        says="'2022-12-01-preview' names a preview",
        given={"types": []},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _vault(UNKNOWN)}
