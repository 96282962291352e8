# SPDX-License-Identifier: Apache-2.0
"""Azure's built-in roles, and which of them an assignment gives.

The GUIDs are the same in every tenant. Source: azure/built-in-roles-raw.json of iann0036/iam-dataset, what Azure answers for role
definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack

ASSIGNMENT: Final = "Microsoft.Authorization/roleAssignments"
DEFINITION: Final = "Microsoft.Authorization/roleDefinitions"
ROLE: Final = "properties.roleDefinitionId"
PRINCIPAL: Final = "properties.principalId"
KIND: Final = "properties.principalType"

ROLES: Final[Mapping[str, str]] = {
    "Azure Event Hubs Data Owner": "f526a384-b230-433a-b45c-95f59c4a2dec",
    "Azure Event Hubs Data Receiver": "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
    "Azure Event Hubs Data Sender": "2b629674-e913-4c01-ae53-ef4638d8f975",
    "Azure Kubernetes Service Cluster Admin Role": "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
    "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "AzureML Compute Operator": "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
    "AzureML Data Scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121",
    "AzureML Registry User": "1823dd4f-9b8c-4ab6-ab4e-7397a3684615",
    "Cognitive Services OpenAI User": "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
    "Cognitive Services User": "a97b65f3-24c7-4388-baec-2e87135dc908",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    "Key Vault Certificates Officer": "a4417e6f-fecd-4de8-b567-7b0420556985",
    "Key Vault Crypto Officer": "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
    "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
    "Key Vault Data Access Administrator": "8b54135c-b56d-4d72-a534-26097cfdc8d8",
    "Key Vault Purge Operator": "a68e7c17-0ab2-4c09-9a58-125dae29748c",
    "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Search Index Data Contributor": "8ebe5a00-799e-43f5-93ac-243d3dce84a7",
    "Search Index Data Reader": "1407120a-92aa-4202-b7e9-c0e197c71c8f",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage File Data Privileged Contributor": "69566ab7-960f-475b-8e7c-b3118f30c6bd",
    "Storage File Data Privileged Reader": "b8eda974-7b85-4f76-af95-65846b26df6d",
    "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
}
"""GUID of each role that a rule knows by name."""
GUID: Final = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
LIST: Final[Mapping[str, Any]] = {
    "type": "array",
    "items": {"anyOf": [{"enum": [*ROLES]}, {"type": "string", "pattern": GUID}]},
}
"""JSON Schema of a list of roles: names of the table, or GUIDs of any others."""
_NAMES: Final = {guid: name for name, guid in ROLES.items()}


def role_of(assignment: Resource, stack: Stack) -> str:
    """GUID of the role that an assignment gives, '' for one of the stack's own that has none yet. Raises `Undecided`."""
    own = stack.target(assignment, ROLE, DEFINITION)
    if own is not None:
        return (own.short_name or "").casefold()
    return assignment.text(ROLE).rpartition("/")[2].casefold()


def gives(assignment: Resource, stack: Stack, roles: Iterable[str]) -> bool:
    """Whether an assignment gives one of some roles, by name or GUID. Raises `Undecided`."""
    return role_of(assignment, stack) in {ROLES.get(each, each).casefold() for each in roles}


def role_name(assignment: Resource, stack: Stack) -> str:
    """Name of the role that an assignment gives, for messages; its GUID where the table lacks it."""
    guid = role_of(assignment, stack)
    return _NAMES.get(guid, guid)
