# SPDX-License-Identifier: Apache-2.0
"""A storage account is no website.

Resource Manager does not know the switch, which is set on the blob service itself. What it knows is the container that holds the site.
"""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    Undecided,
    UnknownCases,
    Violation,
)


def check(container: Resource) -> Found:
    """By the name that Azure has for it."""
    if container.short_name is None:
        raise Undecided("name", "unknown")
    if container.short_name == "$web":
        yield Violation(
            "", "the container '$web' is the account's website, which everybody can read; another is needed"
        )


RULE = Rule(
    id="GP-ST-028",
    slug="container-static-website",
    title="A storage account is no website",
    severity="high",
    types=("Microsoft.Storage/storageAccounts/blobServices/containers",),
    controls=("st-static-website",),
    rationale=(
        "What lies in the container of a website is served to everybody, even where the account forbids anonymous access. In an account "
        "with training data it is a hole that no other setting shows."
    ),
    remediation="Serve pages by a service that is made for it, such as Static Web Apps, or from an account that holds nothing else.",
    absent="Passes: an account is no website unless somebody makes it one.",
    unknown="Undecided until the name is known.",
    check=check,
)

GOOD: GoodCases = {
    "data": {"name": "st/default/data"},
    "another of Azure's own": {"name": "st/default/$logs"},
}
BAD: BadCases = {
    "the website": Bad(
        {"name": "st/default/$web"},
        says="the container '$web' is the account's website, which everybody can read; another is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"named later": {"parent": UNKNOWN}}
