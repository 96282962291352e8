# SPDX-License-Identifier: Apache-2.0
"""Accounts of Azure Cosmos DB, as several rules look at them."""

from __future__ import annotations

from groundplan_policies.resource import Resource

_KEYS_ONLY = ("EnableMongo", "EnableCassandra", "EnableGremlin")


def takes_identities(account: Resource) -> bool:
    """Whether its interface lets callers in with Microsoft Entra ID: those for NoSQL and for tables do. Raises `Undecided`."""
    if account.equals("kind", "MongoDB"):
        return False
    return not any(each.equals("name", *_KEYS_ONLY) for each in account.items("properties.capabilities"))
