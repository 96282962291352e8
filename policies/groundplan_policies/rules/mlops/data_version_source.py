# SPDX-License-Identifier: Apache-2.0
"""Data comes from storage of your own. Messages never repeat an address, which may hold a token."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

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
    Violation,
)
from groundplan_policies.subjects.asset_references import is_archived

URI = "properties.dataUri"


def check(version: Resource, given: Mapping[str, Any]) -> Found:
    """By scheme, and by host where the scheme is that of the web."""
    uri = version.text(URI)
    scheme = uri.partition(":")[0].casefold()
    if not uri or scheme in given["schemes"] or is_archived(version):
        return
    if scheme != "https":
        yield Violation(
            URI, f"{URI} has the scheme {scheme!r}; https or one of {', '.join(given['schemes'])} is needed"
        )
    elif not (host := urlsplit(uri).hostname or "").endswith(tuple(given["hosts"])):
        yield Violation(URI, f"{URI} leads to {host!r}; a host in {', '.join(given['hosts'])} is needed")


RULE = Rule(
    id="GP-MLO-015",
    slug="data-version-source",
    title="A data asset lies in a storage account",
    severity="medium",
    types=(
        "Microsoft.MachineLearningServices/workspaces/data/versions",
        "Microsoft.MachineLearningServices/registries/data/versions",
    ),
    controls=("mlo-data-source",),
    rationale="Whoever runs a server on the internet decides what your model learns from it tomorrow, and whether it is still there.",
    remediation="Copy the data to a storage account and give its path as `azureml://datastores/<name>/paths/<path>`.",
    absent="Passes: Azure refuses a version without an address. Archived versions are not looked at.",
    parameters=(
        Parameter(
            name="schemes",
            default=["azureml", "abfss", "wasbs", "adl"],
            description="Schemes in lower case that lead to storage of your own.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
        Parameter(
            name="hosts",
            default=[".blob.core.windows.net", ".dfs.core.windows.net"],
            description="Ends in lower case of the names of hosts that https may lead to.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _version(uri: object, **more: object) -> dict[str, object]:
    return {"name": "mlw/churn/1", "properties": {"dataUri": uri, **more}}


_HOSTS = ".blob.core.windows.net, .dfs.core.windows.net"

GOOD: GoodCases = {
    "a datastore": _version("azureml://datastores/lake/paths/churn"),
    "an asset": _version("AzureML:churn:1"),
    "a lake": _version("abfss://data@lake.dfs.core.windows.net/churn"),
    "a container": _version("wasbs://data@lake.blob.core.windows.net/churn"),
    "an old lake": _version("adl://lake.azuredatalakestore.net/churn"),
    "a storage account": _version("HTTPS://Lake.blob.core.windows.net/churn"),
    "a lake by https": _version("https://lake.dfs.core.windows.net:443/churn"),
    "a host of yours": Good(_version("https://data.example.org/a"), given={"hosts": [".example.org"]}),
    "archived": _version("https://example.org/a", isArchived=True),
    "none": _version(None),
}
BAD: BadCases = {
    "the internet": Bad(
        _version("https://ada:abc@Example.org/a?sig=abc", isArchived=False),
        says=f"properties.dataUri leads to 'example.org'; a host in {_HOSTS} is needed",
    ),
    "no host": Bad(_version("https:///a"), says=f"properties.dataUri leads to ''; a host in {_HOSTS} is needed"),
    "in plain text": Bad(
        _version("http://lake.blob.core.windows.net/a"),
        says="properties.dataUri has the scheme 'http'; https or one of azureml, abfss, wasbs, adl is needed",
    ),
    "a scheme that you do not want": Bad(
        _version("adl://lake.azuredatalakestore.net/a"),
        says="properties.dataUri has the scheme 'adl'; https or one of azureml is needed",
        given={"schemes": ["azureml"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _version(UNKNOWN)}
