# SPDX-License-Identifier: Apache-2.0
"""A container does not give its blobs to everybody."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ACCESS = "properties.publicAccess"


def check(container: Resource) -> Found:
    """`Blob` lets everybody read, `Container` list as well."""
    if container.has(ACCESS) and not container.equals(ACCESS, "None"):
        yield container.wrong(ACCESS, "'None' is needed")


RULE = Rule(
    id="GP-ST-005",
    slug="container-anonymous-access",
    title="A container does not give its blobs to everybody",
    severity="critical",
    types=("Microsoft.Storage/storageAccounts/blobServices/containers",),
    controls=("st-container-private",),
    rationale="Whoever knows or guesses the address downloads the data, without a name in any log. Scanners find such containers in days.",
    remediation="Use `containers` of `Storage`, which are private; publish by a service that is made for it.",
    absent="Passes: Azure makes private containers.",
    check=check,
    remedy={"properties.publicAccess": "None"},
)

GOOD: GoodCases = {
    "private": {"properties": {"publicAccess": "None"}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "blobs": Bad({"properties": {"publicAccess": "Blob"}}, says="properties.publicAccess is 'Blob'; 'None' is needed"),
    "the whole container": Bad(
        {"properties": {"publicAccess": "Container"}}, says="properties.publicAccess is 'Container'; 'None' is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicAccess": UNKNOWN}}}
