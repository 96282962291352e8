# SPDX-License-Identifier: Apache-2.0
"""A key is kept in hardware."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.vault_keys import KEY, KTY


def check(key: Resource) -> Found:
    """Azure says it in the kind of the key."""
    if not key.equals(KTY, "RSA-HSM", "EC-HSM"):
        yield key.wrong(KTY, "'RSA-HSM' or 'EC-HSM' is needed")


RULE = Rule(
    id="GP-KV-013",
    slug="key-hardware",
    title="A key is kept in hardware",
    severity="low",
    types=(KEY,),
    controls=("kv-key-hsm",),
    rationale=(
        "A hardware module never gives a key away, not even to the service that it works for; some regulations demand one of a given "
        "level. It needs a vault of the premium tier and costs more for each key, so most platforms ask for it where data is sensitive."
    ),
    remediation="Set `hardware` of `VaultKey`, with `sku` 'premium' of `KeyVault`.",
    absent="A violation: nothing says that the key is in hardware.",
    check=check,
)

GOOD: GoodCases = {
    "RSA": {"properties": {"kty": "RSA-HSM"}},
    "a curve": {"properties": {"kty": "EC-HSM"}},
}
BAD: BadCases = {
    "software": Bad({"properties": {"kty": "RSA"}}, says="properties.kty is 'RSA'; 'RSA-HSM' or 'EC-HSM' is needed"),
    "not said": Bad({"properties": {}}, says="properties.kty is absent; 'RSA-HSM' or 'EC-HSM' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"kty": UNKNOWN}}}
