# SPDX-License-Identifier: Apache-2.0
"""A container registry has a name that Azure takes."""

import re

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
from groundplan_policies.subjects.container_registry import REGISTRY

NAME = re.compile(r"[A-Za-z0-9]{5,50}")


def check(registry: Resource) -> Found:
    """The name is part of a host name, so it has no dashes."""
    if registry.name is None:
        raise Undecided("name", "unknown")
    if not NAME.fullmatch(registry.name):
        yield Violation("", f"its name is {registry.name!r}; 5 to 50 letters and digits are needed")


RULE = Rule(
    id="GP-ACR-019",
    slug="acr-name",
    title="A container registry has a name that Azure takes",
    severity="high",
    types=(REGISTRY,),
    controls=("acr-name",),
    rationale="Azure refuses other names in the middle of a deployment, when half of the platform is there already.",
    remediation="Give `registry_name` of `ContainerRegistry` 5 to 50 letters and digits, without dashes.",
    absent="Undecided: a name that Azure or the program makes later is not known.",
    check=check,
)

GOOD: GoodCases = {
    "shortest": {"name": "crml1"},
    "longest": {"name": "C" * 25 + "9" * 25},
}
BAD: BadCases = {
    "too short": Bad({"name": "crml"}, says="its name is 'crml'; 5 to 50 letters and digits are needed"),
    "too long": Bad({"name": "c" * 51}, says="; 5 to 50 letters and digits are needed"),
    "dash": Bad({"name": "cr-vision"}, says="its name is 'cr-vision'; 5 to 50 letters and digits are needed"),
}
UNKNOWN_CASES: UnknownCases = {"named later": {"name": UNKNOWN}}
