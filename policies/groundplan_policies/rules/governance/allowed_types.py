# SPDX-License-Identifier: Apache-2.0
"""Only services that are approved are used."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
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
    Violation,
)
from groundplan_policies.decisions import any_among

_LIST = {"type": "array", "items": {"type": "string", "pattern": "^[^/:]+(/[^/:]+)+(:.+)?$"}}


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """By type, and by kind where one type stands for several services."""
    if _is_one(found, given["denied"]):
        yield Violation("", f"{found.type} is denied; another service is needed")
    elif not _is_one(found, given["allowed"]):
        yield Violation("", f"{found.type} is not among the allowed types; a service of those, or approval, is needed")


def _is_one(found: Resource, patterns: Sequence[str]) -> bool:
    # a type that the table does not know goes by its Pulumi token, whose module is called like the provider
    type_ = found.type.replace("azure-native:", "Microsoft.").replace(":", "/").casefold()

    def fits(pattern: str) -> bool:
        name, _, kind = pattern.partition(":")
        return fnmatchcase(type_, name.casefold()) and (not kind or found.equals("kind", kind))

    return any_among(patterns, fits)


RULE = Rule(
    id="GP-GOV-002",
    slug="allowed-types",
    title="Only services that are approved are used",
    severity="low",
    types=("*",),
    controls=("gov-resource-types", "gov-approved-providers"),
    rationale=(
        "Each service brings its own ways to be reached, to leak and to cost. What a platform team looks after is a list; what is beside "
        "it nobody looks after."
    ),
    remediation="Use a service of `allowed`, or have the type approved and added.",
    absent="A resource without a kind is of no kind that an entry names.",
    parameters=(
        Parameter(
            name="allowed",
            default=[
                "Microsoft.AlertsManagement/*",
                "Microsoft.Authorization/*",
                "Microsoft.Automation/*",
                "Microsoft.Cache/*",
                "Microsoft.Cdn/*",
                "Microsoft.CognitiveServices/*",
                "Microsoft.Compute/*",
                "Microsoft.Consumption/*",
                "Microsoft.ContainerInstance/*",
                "Microsoft.ContainerRegistry/*",
                "Microsoft.ContainerService/*",
                "Microsoft.CostManagement/*",
                "Microsoft.DBforPostgreSQL/*",
                "Microsoft.Dashboard/*",
                "Microsoft.DataFactory/*",
                "Microsoft.Databricks/*",
                "Microsoft.DevTestLab/*",
                "Microsoft.Devices/*",
                "Microsoft.DocumentDB/*",
                "Microsoft.EventGrid/*",
                "Microsoft.EventHub/*",
                "Microsoft.Insights/*",
                "Microsoft.KeyVault/*",
                "Microsoft.Kubernetes/*",
                "Microsoft.KubernetesConfiguration/*",
                "Microsoft.MachineLearningServices/*",
                "Microsoft.ManagedIdentity/*",
                "Microsoft.Monitor/*",
                "Microsoft.Network/*",
                "Microsoft.OperationalInsights/*",
                "Microsoft.Portal/*",
                "Microsoft.Purview/*",
                "Microsoft.Resources/*",
                "Microsoft.Search/*",
                "Microsoft.Security/*",
                "Microsoft.ServiceBus/*",
                "Microsoft.Storage/*",
                "Microsoft.Synapse/*",
                "Microsoft.Web/*",
            ],
            description="ARM types that are approved, with `*` for any text; `type:kind` for one kind of a type.",
            schema=_LIST,
        ),
        Parameter(
            name="denied",
            default=[],
            description="ARM types that are not, whatever `allowed` says; `type:kind` for one kind of a type.",
            schema=_LIST,
        ),
    ),
    check=check,
)

_PROVIDERS = (
    *("AlertsManagement", "Authorization", "Automation", "Cache", "Cdn", "CognitiveServices", "Compute"),
    *("Consumption", "ContainerInstance", "ContainerRegistry", "ContainerService", "CostManagement"),
    *("DBforPostgreSQL", "Dashboard", "DataFactory", "Databricks", "DevTestLab", "Devices", "DocumentDB"),
    *("EventGrid", "EventHub", "Insights", "KeyVault", "Kubernetes", "KubernetesConfiguration"),
    *("MachineLearningServices", "ManagedIdentity", "Monitor", "Network", "OperationalInsights", "Portal"),
    *("Purview", "Resources", "Search", "Security", "ServiceBus", "Storage", "Synapse", "Web"),
)
_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"


def _workspace(kind: object = None) -> dict[str, object]:
    return {"type": _WORKSPACES, "kind": kind}


_NO_HUBS = {"denied": ["microsoft.machinelearningservices/workspaces:hub"]}
_HUBS = {"allowed": [f"{_WORKSPACES}:Hub", f"{_WORKSPACES}:Project"]}
GOOD: GoodCases = {
    **{each: {"type": f"Microsoft.{each}/things"} for each in _PROVIDERS},
    "kind that is not denied": Good(_workspace("Default"), given=_NO_HUBS),
    "no kind": Good(_workspace(), given=_NO_HUBS),
    "kind that is allowed": Good(_workspace("project"), given=_HUBS),
    "kind decided later, of a type that is allowed": _workspace(UNKNOWN),
}
BAD: BadCases = {
    "another provider": Bad(
        {"type": "Pinecone.VectorDb/organizations"},
        says="Pinecone.VectorDb/organizations is not among the allowed types; a service of those, or approval, is needed",
    ),
    "a provider whose name only starts like one": Bad(
        {"type": "Microsoft.StorageSync/storageSyncServices"},
        says="Microsoft.StorageSync/storageSyncServices is not among",
    ),
    "denied kind": Bad(_workspace("Hub"), says=f"{_WORKSPACES} is denied; another service is needed", given=_NO_HUBS),
    "denied type": Bad(
        _workspace(UNKNOWN), says=f"{_WORKSPACES} is denied", given={"denied": [_WORKSPACES], "allowed": []}
    ),
    "kind that is not allowed": Bad(_workspace("Default"), says=f"{_WORKSPACES} is not among", given=_HUBS),
}
UNKNOWN_CASES: UnknownCases = {
    "kind decided later": Good(_workspace(UNKNOWN), given=_NO_HUBS),
    "allowed kind decided later": Good(_workspace(UNKNOWN), given=_HUBS),
}
