# SPDX-License-Identifier: Apache-2.0
"""An elliptic key is on an agreed curve."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.vault_keys import KEY, KTY

CURVE = "properties.curveName"
AZURES_OWN = "P-256"
"""The curve of a key whose body does not say."""


def check(key: Resource, given: Mapping[str, Any]) -> Found:
    """Elliptic keys only, in software or hardware."""
    if not key.equals(KTY, "EC", "EC-HSM"):
        return
    allowed: list[str] = given["allowed"]
    if (key.text(CURVE) or AZURES_OWN).upper() not in allowed:
        yield key.wrong(CURVE, f"one of {', '.join(allowed)} is needed")


RULE = Rule(
    id="GP-KV-021",
    slug="key-curve",
    title="An elliptic key is on an agreed curve",
    severity="low",
    types=(KEY,),
    controls=("kv-key-curve",),
    rationale=(
        "The curves of NIST are in every library and every approval. P-256K is that of crypto-currencies, which few auditors accept and "
        "few services can verify."
    ),
    remediation="Choose one of the curves that `curve` of `VaultKey` offers, or add yours to `allowed` in the configuration of the pack.",
    absent="Azure takes P-256 then, which passes where it is allowed. Keys that are not elliptic are not looked at.",
    parameters=(
        Parameter(
            name="allowed",
            default=["P-256", "P-384", "P-521"],
            description="Curves that keys may be on.",
            schema={"type": "array", "minItems": 1, "items": {"enum": ["P-256", "P-256K", "P-384", "P-521"]}},
        ),
    ),
    check=check,
)

GOOD: GoodCases = {
    "a small one": {"properties": {"kty": "EC", "curveName": "P-256"}},
    "a larger one": {"properties": {"kty": "EC-HSM", "curveName": "p-384"}},
    "the largest": {"properties": {"kty": "EC", "curveName": "P-521"}},
    "Azure's own": {"properties": {"kty": "EC"}},
    "another was agreed": Good(
        {"properties": {"kty": "EC", "curveName": "P-256K"}}, given={"allowed": ["P-256", "P-256K"]}
    ),
    "not elliptic": {"properties": {"kty": "RSA", "curveName": "P-256K"}},
}
BAD: BadCases = {
    "another": Bad(
        {"properties": {"kty": "EC", "curveName": "P-256K"}},
        says="properties.curveName is 'P-256K'; one of P-256, P-384, P-521 is needed",
    ),
    "another in hardware": Bad(
        {"properties": {"kty": "EC-HSM", "curveName": "P-256K"}},
        says="properties.curveName is 'P-256K'; one of P-256, P-384, P-521 is needed",
    ),
    "Azure's own is not agreed": Bad(
        {"properties": {"kty": "EC"}},
        says="properties.curveName is absent; one of P-384 is needed",
        given={"allowed": ["P-384"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "curve known later": {"properties": {"kty": "EC", "curveName": UNKNOWN}},
    "kind known later": {"properties": {"kty": UNKNOWN, "curveName": "P-256K"}},
}
