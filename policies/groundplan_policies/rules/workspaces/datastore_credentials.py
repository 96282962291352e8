# SPDX-License-Identifier: Apache-2.0
"""A datastore holds no key of its storage account."""

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
from groundplan_policies.subjects.workspaces import DATASTORE

TYPE = "properties.credentials.credentialsType"


def check(datastore: Resource, given: Mapping[str, Any]) -> Found:
    """The kind of the credentials decides, which Azure shows as well."""
    if datastore.get(TYPE) is not None and not datastore.equals(TYPE, *given["allowed"]):
        yield datastore.wrong(TYPE, f"{' or '.join(map(repr, given['allowed']))} is needed")


RULE = Rule(
    id="GP-AML-036",
    slug="datastore-credentials",
    title="A datastore is opened with identities, not with a key or a SAS",
    severity="medium",
    types=(DATASTORE,),
    controls=("aml-ws-datastore-credentials",),
    rationale=(
        "With a key in it a datastore opens the whole account for everybody who may use the workspace, whatever their own roles, "
        "and nobody can tell afterwards who it was."
    ),
    remediation="Leave `credential` of `Datastore` out; whoever runs a job, or its compute, then needs a role on the data.",
    absent="Passes: there are no credentials in it.",
    parameters=(
        Parameter(
            name="allowed",
            default=["None", "ServicePrincipal", "Certificate"],
            description="Kinds of credentials that are allowed; `None` is the identity of whoever uses the datastore.",
            schema={
                "type": "array",
                "items": {"enum": ["None", "ServicePrincipal", "Certificate", "AccountKey", "Sas"]},
                "minItems": 1,
                "uniqueItems": True,
            },
        ),
    ),
    check=check,
)


def _datastore(kind: object) -> dict[str, object]:
    return {"properties": {"datastoreType": "AzureBlob", "credentials": {"credentialsType": kind}}}


_NEEDED = "'None' or 'ServicePrincipal' or 'Certificate' is needed"
GOOD: GoodCases = {
    "identities": _datastore("none"),
    "an application": _datastore("ServicePrincipal"),
    "an application with a certificate": _datastore("Certificate"),
    "not said": {"properties": {"datastoreType": "AzureBlob"}},
    "a SAS that was agreed": Good(_datastore("Sas"), given={"allowed": ["Sas"]}),
}
BAD: BadCases = {
    "a key": Bad(_datastore("AccountKey"), says=f"{TYPE} is 'AccountKey'; {_NEEDED}"),
    "a SAS": Bad(_datastore("Sas"), says=f"{TYPE} is 'Sas'; {_NEEDED}"),
    "identities alone are allowed": Bad(
        _datastore("ServicePrincipal"),
        says=f"{TYPE} is 'ServicePrincipal'; 'None' is needed",
        given={"allowed": ["None"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _datastore(UNKNOWN)}
