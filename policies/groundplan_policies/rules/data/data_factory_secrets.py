# SPDX-License-Identifier: Apache-2.0
"""A linked service of a data factory keeps its secrets in a key vault."""

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


def check(service: Resource) -> Found:
    """Wherever a secure string stands; the message leaves its value out."""
    yield from _secure_strings(service.view("properties.typeProperties"))


def _secure_strings(part: View) -> Iterator[Violation]:
    if part.equals("type", "SecureString"):
        yield Violation(
            part.at, f"{part.at} is a SecureString that the factory keeps; an AzureKeyVaultSecret is needed"
        )
    else:
        yield from each_of([inner for _, inner in part.entries()], _secure_strings)


RULE = Rule(
    id="GP-DAT-017",
    slug="data-factory-secrets",
    title="A linked service of a data factory keeps its secrets in a key vault",
    severity="medium",
    types=("Microsoft.DataFactory/factories/linkedservices",),
    controls=("adf-secrets",),
    rationale=(
        "A secret in the factory is in its templates and in the state of whoever deploys it, and nobody renews it. With the "
        "factory's identity most services need none."
    ),
    remediation="Grant the factory's identity a role, or refer to the secret with `AzureKeyVaultSecret`.",
    absent="Passes: without a secure string there is no secret of the factory's own.",
    check=check,
)


def _service(**properties: object) -> dict[str, object]:
    return {"properties": {"type": "AzureBlobStorage", "typeProperties": properties}}


GOOD: GoodCases = {
    "identity": _service(serviceEndpoint="https://st.blob.core.windows.net", accountKind="StorageV2"),
    "in a vault": _service(accountKey={"type": "AzureKeyVaultSecret", "store": {"type": "LinkedServiceReference"}}),
    "nothing": {"properties": {"type": "AzureBlobStorage"}},
}
BAD: BadCases = {
    "in the factory": Bad(
        _service(sasUri={"type": "SecureString", "value": SECRET}),
        says=(
            "properties.typeProperties.sasUri is a SecureString that the factory keeps; an AzureKeyVaultSecret is needed"
        ),
    ),
    "deep inside": Bad(
        _service(serviceEndpoint=UNKNOWN, headers={"token": {"type": "SecureString", "value": "1"}}),
        says="properties.typeProperties.headers.token is a SecureString",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"typeProperties": UNKNOWN}},
    "one decided later": _service(connectionString=UNKNOWN),
}
