# SPDX-License-Identifier: Apache-2.0
"""A datastore goes over TLS."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import DATASTORE

PROTOCOL = "properties.protocol"


def check(datastore: Resource) -> Found:
    """The protocols without TLS; only datastores in storage accounts name one."""
    if datastore.equals(PROTOCOL, "http", "abfs", "wasb"):
        yield datastore.wrong(PROTOCOL, "'https' is needed")


RULE = Rule(
    id="GP-AML-037",
    slug="datastore-https",
    title="A datastore goes to its storage account over TLS",
    severity="medium",
    types=(DATASTORE,),
    controls=("aml-ws-datastore-https",),
    rationale="Over plain HTTP everybody on the way reads and changes training data; an account that wants TLS refuses it.",
    remediation="Leave `protocol` out, as `Datastore` does.",
    absent="Passes: Azure uses HTTPS.",
    check=check,
    remedy={PROTOCOL: "https"},
)


def _datastore(protocol: object) -> dict[str, object]:
    return {"properties": {"datastoreType": "AzureBlob", "protocol": protocol}}


GOOD: GoodCases = {
    "TLS": _datastore("HTTPS"),
    "TLS of a data lake": _datastore("abfss"),
    "not said": _datastore(None),
}
BAD: BadCases = {
    each: Bad(_datastore(each), says=f"properties.protocol is {each!r}; 'https' is needed")
    for each in ("HTTP", "abfs", "wasb")
}
UNKNOWN_CASES: UnknownCases = {"decided later": _datastore(UNKNOWN)}
