# SPDX-License-Identifier: Apache-2.0
"""Credentials of connections and datastores are secrets of the program, not readable text.

A message never shows the value.
"""

from collections.abc import Iterator

from groundplan_policies.authoring import (
    SECRET,
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.workspaces import CONNECTION, DATASTORE

NAMES = (
    "certificate",
    "clientSecret",
    "developerToken",
    "key",
    "pat",
    "password",
    "refreshToken",
    "sas",
    "sasToken",
    "secretAccessKey",
)
"""Properties of credentials that are secret; the others say who logs in."""


def check(resource: Resource) -> Found:
    """One that is not known yet may still turn out to be a secret."""
    yield from each_of(_secrets(resource), _of_secret)


def _secrets(resource: Resource) -> Iterator[View]:
    for holder in ("properties.credentials", "properties.credentials.secrets"):
        yield from (resource.view(f"{holder}.{name}") for name in NAMES)
    keys = resource.view("properties.credentials.keys")
    if keys.node is not SECRET:
        yield from (value for _, value in keys.entries())


def _of_secret(value: View) -> Found:
    if value.node is not SECRET and value.has(""):
        yield Violation(value.at, f"{value.at} is readable text; a secret of the program is needed")


RULE = Rule(
    id="GP-AML-034",
    slug="credentials-plain-text",
    title="Credentials of connections and datastores are secrets of the program",
    severity="high",
    types=(CONNECTION, DATASTORE),
    controls=("aml-ws-credentials-plain",),
    rationale=(
        "What a program has as text lies in the state, in templates, in logs of the pipeline and in the history of the repository; "
        "each of them is read by more people than the vault that it should come from."
    ),
    remediation="Pass an output: `pulumi.Config().require_secret(...)`, or what a vault gives; an ARM template takes a `secureString`.",
    absent="Passes: there is nothing to be read. Azure never shows credentials that it has.",
    check=check,
)


def _of(type_: str, **credentials: object) -> dict[str, object]:
    return {"type": type_, "properties": {"credentials": credentials}}


_NAMES = [
    "certificate",
    "clientSecret",
    "developerToken",
    "key",
    "pat",
    "password",
    "refreshToken",
    "sas",
    "sasToken",
    "secretAccessKey",
]
_SAYS = "is readable text; a secret of the program is needed"
GOOD: GoodCases = {
    "a secret": _of(CONNECTION, key=SECRET, username="somebody"),
    "several": _of(CONNECTION, keys={"one": SECRET, "other": SECRET}),
    "all of them together": _of(CONNECTION, keys=SECRET),
    "a secret of a datastore": _of(
        DATASTORE, credentialsType="Sas", secrets={"secretsType": "Sas", "sasToken": SECRET}
    ),
    "nothing to log in with": {"properties": {"authType": "AAD"}},
    "Azure shows none": _of(DATASTORE, secrets=None),
    "an empty one": _of(CONNECTION, key=""),
}
BAD: BadCases = {
    **{name: Bad(_of(CONNECTION, **{name: "x"}), says=f"properties.credentials.{name} {_SAYS}") for name in _NAMES},
    "a key of a datastore": Bad(
        _of(DATASTORE, secrets={"secretsType": "AccountKey", "key": "x"}),
        says=f"properties.credentials.secrets.key {_SAYS}",
    ),
    "one of several": Bad(
        _of(CONNECTION, key=UNKNOWN, keys={"one": SECRET, "other": "x"}),
        says=f"properties.credentials.keys.other {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _of(CONNECTION, key=UNKNOWN),
    "one of several is decided later": _of(CONNECTION, keys={"one": UNKNOWN}),
    "all of it is decided later": {"properties": {"credentials": UNKNOWN}},
}
