# SPDX-License-Identifier: Apache-2.0
"""No secret stands in plain in a program.

The message never shows the value: it would carry the secret into logs and reports.
"""

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
    Violation,
)

VALUE = "properties.value"


def check(secret: Resource) -> Found:
    """A value that the program keeps secret can not be read here, which is what is wanted."""
    if secret.view(VALUE).node is not SECRET and secret.has(VALUE):
        yield Violation(VALUE, f"{VALUE} can be read by everybody who sees the program's preview; a secret is needed")


RULE = Rule(
    id="GP-KV-017",
    slug="secret-plain-value",
    title="No secret of a vault stands in plain in a program",
    severity="high",
    types=("Microsoft.KeyVault/vaults/secrets",),
    controls=("kv-secret-plain-value",),
    rationale=(
        "A value that is not marked as secret stands in the program, its state, its previews and their logs, for everybody who may read "
        "one of them. The vault then protects a copy."
    ),
    remediation=(
        "Pass it by `secrets` of `KeyVault`, which marks it, out of `config.require_secret`; in a template by a parameter of type "
        "`securestring`. Replace the value: this one has been seen."
    ),
    absent="Passes: Azure never gives a value back, and a secret without one holds nothing.",
    unknown="Undecided: a value that is not known yet may still turn out to be readable.",
    check=check,
)

GOOD: GoodCases = {
    "secret": {"properties": {"value": SECRET}},
    "all of it is secret": {"properties": SECRET},
    "without a value": {"properties": {"contentType": "password"}},
    "empty": {"properties": {"value": ""}},
}
BAD: BadCases = {
    "plain": Bad(
        {"properties": {"value": "hunter2"}},
        says="properties.value can be read by everybody who sees the program's preview; a secret is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"value": UNKNOWN}}}
