# SPDX-License-Identifier: Apache-2.0
"""An RSA key is long enough."""

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

SIZE = "properties.keySize"
AZURES_OWN = 2048
"""Bits of an RSA key whose body does not say."""


def check(key: Resource, given: Mapping[str, Any]) -> Found:
    """RSA only, in software or hardware: the strength of the others is in their curve."""
    if not key.equals(KTY, "RSA", "RSA-HSM"):
        return
    size = key.number(SIZE)
    if (AZURES_OWN if size is None else size) < given["minimumBits"]:
        yield key.wrong(SIZE, f"at least {given['minimumBits']} bits are needed")


RULE = Rule(
    id="GP-KV-012",
    slug="key-size",
    title="An RSA key is long enough",
    severity="medium",
    types=(KEY,),
    controls=("kv-key-strength",),
    rationale=(
        "What is encrypted today may be recorded and kept. 2048 bits are held to be good until about 2030; longer keys cost the callers "
        "of a vault hardly anything, since they wrap other keys only."
    ),
    remediation="Leave `size` of `VaultKey` at 3072, or raise it to 4096.",
    absent="Azure makes keys of 2048 bits then: a violation unless `minimumBits` is 2048. Keys that are not RSA are not looked at.",
    parameters=(
        Parameter(
            name="minimumBits",
            default=3072,
            description="The fewest bits that an RSA key may have; Azure makes 2048, 3072 and 4096.",
            schema={"type": "integer", "minimum": 2048, "maximum": 4096},
        ),
    ),
    check=check,
)

GOOD: GoodCases = {
    "just long enough": {"properties": {"kty": "RSA", "keySize": 3072}},
    "longer, in hardware": {"properties": {"kty": "RSA-HSM", "keySize": 4096}},
    "shorter was agreed, and is Azure's own": Good({"properties": {"kty": "RSA"}}, given={"minimumBits": 2048}),
    "a curve": {"properties": {"kty": "EC", "curveName": "P-256"}},
}
BAD: BadCases = {
    "too short": Bad(
        {"properties": {"kty": "RSA", "keySize": 2048}},
        says="properties.keySize is 2048; at least 3072 bits are needed",
    ),
    "too short in hardware": Bad(
        {"properties": {"kty": "rsa-hsm", "keySize": 3071}},
        says="properties.keySize is 3071; at least 3072 bits are needed",
    ),
    "not said": Bad({"properties": {"kty": "RSA"}}, says="properties.keySize is absent; at least 3072 bits are needed"),
    "not said, and a bit more than Azure's own was agreed": Bad(
        {"properties": {"kty": "RSA"}},
        says="properties.keySize is absent; at least 2049 bits are needed",
        given={"minimumBits": 2049},
    ),
    "longer was agreed": Bad(
        {"properties": {"kty": "RSA", "keySize": 3072}},
        says="properties.keySize is 3072; at least 4096 bits are needed",
        given={"minimumBits": 4096},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "size known later": {"properties": {"kty": "RSA", "keySize": UNKNOWN}},
    "kind known later": {"properties": {"kty": UNKNOWN, "keySize": 2048}},
}
