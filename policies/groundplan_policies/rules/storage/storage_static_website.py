# SPDX-License-Identifier: Apache-2.0
"""A storage account is no website.

Resource Manager does not know the switch, which the blob service itself has. It knows the container that holds the site; and Pulumi
has a resource of its own that turns the switch.
"""

from functools import partial

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.storage_account import ACCOUNT, CONTAINER, known_name

SITE = "azure-native:storage:StorageAccountStaticWebsite"


def check(found: Resource, stack: Stack) -> Found:
    """The container by the name that Azure has for it, the account by the sites of the stack."""
    if found.is_a(CONTAINER):
        if known_name(found) == "$web":
            yield Violation(
                "", "the container '$web' is the account's website, which everybody can read; none is needed"
            )
    elif any_of(*(partial(_is_of, site, found) for site in stack.of(SITE))):
        yield Violation("", "a static website of the stack publishes a part of it; none is needed")


def _is_of(site: Resource, account: Resource) -> bool:
    if origins := site.sources_of("accountName"):
        return account.key in origins
    return site.equals("accountName", account.name)


RULE = Rule(
    id="GP-ST-028",
    slug="storage-static-website",
    title="A storage account is no website",
    severity="high",
    types=(CONTAINER, ACCOUNT),
    controls=("st-static-website",),
    rationale=(
        "What lies in the container of a website is served to everybody, even where the account forbids anonymous access. In an account "
        "with training data it is a hole that no other setting shows."
    ),
    remediation="Serve pages by a service that is made for it, such as Static Web Apps, or from an account that holds nothing else.",
    absent="Passes: an account is no website unless somebody makes it one.",
    unknown="Decided by what the program passes to the site; undecided where nobody recorded that and the account's name is not known.",
    needs_stack=True,
    check=check,
)


def _site(account: object) -> dict[str, object]:
    return {"name": "site", "type": SITE, "accountName": account, "indexDocument": "index.html"}


_ST = {"name": "st", "type": ACCOUNT}
_PUBLISHED = "a static website of the stack publishes a part of it; none is needed"

GOOD: GoodCases = {
    "data": {"name": "st/default/data"},
    "another of Azure's own": {"name": "st/default/$logs"},
    "no site": _ST,
    "the site of another account": [_ST, _site("other")],
    "the site of another new account": [
        {**_ST, "new": True},
        {"name": "other", "type": ACCOUNT, "new": True},
        _site(Later("other")),
    ],
}
BAD: BadCases = {
    "the website": Bad(
        {"name": "st/default/$web"},
        says="the container '$web' is the account's website, which everybody can read; none is needed",
    ),
    "the website of a new account": Bad(
        {"name": "$web", "parent": UNKNOWN},
        says="the container '$web' is the account's website, which everybody can read; none is needed",
    ),
    "a site": Bad([_ST, _site("ST")], says=_PUBLISHED),
    "the site of a new account": Bad([{**_ST, "new": True}, _site(Later("st"))], says=_PUBLISHED),
}
UNKNOWN_CASES: UnknownCases = {"the account is known later": [_ST, _site(UNKNOWN)]}
