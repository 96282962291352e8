# SPDX-License-Identifier: Apache-2.0
"""A datastore is in a service that still runs."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import DATASTORE

TYPE = "properties.datastoreType"


def check(datastore: Resource) -> Found:
    """The first generation of Data Lake Storage was retired on 29 February 2024."""
    if datastore.equals(TYPE, "AzureDataLakeGen1"):
        yield datastore.wrong(TYPE, "the first generation is retired: 'AzureDataLakeGen2' is needed")


RULE = Rule(
    id="GP-AML-038",
    slug="datastore-gen1",
    title="A datastore is not in the retired first generation of Data Lake Storage",
    severity="low",
    types=(DATASTORE,),
    controls=("aml-ws-datastore-gen1",),
    rationale="The service is retired since February 2024: a datastore that names it is made without complaint, and every job on it fails.",
    remediation="Use `DataLakeFilesystem` as the `source` of `Datastore`, and move the data to a storage account.",
    absent="Passes: a datastore that names no type is refused by Azure anyway.",
    check=check,
)

GOOD: GoodCases = {
    "the second generation": {"properties": {"datastoreType": "AzureDataLakeGen2"}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "the first generation": Bad(
        {"properties": {"datastoreType": "AzureDataLakeGen1"}},
        says=f"{TYPE} is 'AzureDataLakeGen1'; the first generation is retired: 'AzureDataLakeGen2' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"datastoreType": UNKNOWN}}}
