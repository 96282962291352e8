# SPDX-License-Identifier: Apache-2.0
"""The name of a storage account is one that Azure takes."""

import re

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    Violation,
    shown,
)
from groundplan_policies.subjects.storage_account import known_name

_NAME = re.compile(r"[a-z0-9]{3,24}")


def check(account: Resource) -> Found:
    """The name is a part of host names, and of those it has to be one."""
    name = known_name(account)
    if not _NAME.fullmatch(name):
        yield Violation("", f"its name is {shown(name)}; 3 to 24 lower case letters and digits are needed")


RULE = Rule(
    id="GP-ST-023",
    slug="storage-name",
    title="The name of a storage account is one that Azure takes",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-name",),
    rationale="Azure refuses any other name, after half of the stack has been made.",
    remediation="Choose `account_name` of `Storage` without hyphens and capitals; the component refuses other names before Azure does.",
    absent="Undecided: Pulumi makes a name where the program gives none.",
    unknown="Undecided until the name is known.",
    check=check,
)

GOOD: GoodCases = {
    "as short as can be": {"name": "st1"},
    "as long as can be": {"name": "st0123456789abcdefghijkl"},
}
_SAYS = "3 to 24 lower case letters and digits are needed"
BAD: BadCases = {
    "too short": Bad({"name": "st"}, says=f"its name is 'st'; {_SAYS}"),
    "too long": Bad({"name": "st0123456789abcdefghijklm"}, says=f"its name is 'st0123456789abcdefghijklm'; {_SAYS}"),
    "a capital": Bad({"name": "stData"}, says=f"its name is 'stData'; {_SAYS}"),
    "a hyphen": Bad({"name": "st-data"}, says=f"its name is 'st-data'; {_SAYS}"),
}
UNKNOWN_CASES: UnknownCases = {"named later": {"name": UNKNOWN}}
