# SPDX-License-Identifier: Apache-2.0
"""Not every website may use a storage account from its visitors' browsers."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.storage_account import ACCOUNT


def check(service: Resource) -> Found:
    """Every rule by itself; a name with a star in it is one site with its parts, a star alone is all of them."""
    yield from each_of(service.items("properties.cors.corsRules"), _of_rule)


def _of_rule(rule: View) -> Found:
    if any(origin.text().strip() == "*" for origin in rule.items("allowedOrigins")):
        yield rule.wrong("allowedOrigins", "the origins that need it, instead of '*', are needed")


RULE = Rule(
    id="GP-ST-031",
    slug="storage-cors",
    title="Not every website may use a storage account from its visitors' browsers",
    severity="medium",
    types=tuple(f"{ACCOUNT}/{service}Services" for service in ("blob", "file", "queue", "table")),
    controls=("st-cors",),
    rationale=(
        "Any page that a user opens can then read and write with a SAS token that it finds. The studio of Azure Machine Learning "
        "needs its own few origins only."
    ),
    remediation="List the origins in `properties.cors.corsRules[].allowedOrigins`; `Storage` sets no such rules.",
    absent="Passes: without rules browsers keep other sites out.",
    check=check,
)


def _service(*origins: object, **more: object) -> dict[str, object]:
    return {"properties": {"cors": {"corsRules": [{"allowedOrigins": [*origins], "allowedMethods": ["GET"]}]}}, **more}


_SAYS = "the origins that need it, instead of '*', are needed"

GOOD: GoodCases = {
    "some sites": _service("https://ml.azure.com", "https://*.ml.azure.com"),
    "no rules": {"properties": {}},
}
BAD: BadCases = {
    f"every site, {service}": Bad(
        _service("https://ml.azure.com", "*", type=f"{ACCOUNT}/{service}Services"),
        says=f"properties.cors.corsRules[0].allowedOrigins is ['https://ml.azure.com', '*']; {_SAYS}",
    )
    for service in ("blob", "file", "queue", "table")
} | {
    "every site, another rule is known later": Bad(
        {"properties": {"cors": {"corsRules": [UNKNOWN, {"allowedOrigins": [" * "]}]}}},
        says=f"properties.cors.corsRules[1].allowedOrigins is [' * ']; {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "rules known later": {"properties": {"cors": UNKNOWN}},
    "origins known later": _service(UNKNOWN),
}
