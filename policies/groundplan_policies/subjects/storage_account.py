# SPDX-License-Identifier: Apache-2.0
"""Storage accounts, as several rules look at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groundplan_policies.resource import Resource, View, Violation
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided

ACCOUNT = "Microsoft.Storage/storageAccounts"
BLOBS = f"{ACCOUNT}/blobServices"
CONTAINER = f"{BLOBS}/containers"
SHARED_KEYS = "properties.allowSharedKeyAccess"
CONTENT: Mapping[str, str] = {
    "file": f"{ACCOUNT}/fileServices/shares",
    "queue": f"{ACCOUNT}/queueServices/queues",
    "table": f"{ACCOUNT}/tableServices/tables",
}
"""What lies in the services beside blobs, by service."""


def known_name(found: Resource) -> str:
    """Its own name, without those of its parents. Raises `Undecided`."""
    if found.short_name is None:
        raise Undecided("name", "unknown")
    return found.short_name


def holds_blobs(account: Resource) -> bool:
    """Whether it has a blob service: every kind but the one for file shares only. Raises `Undecided`."""
    return not account.equals("kind", "FileStorage")


def lies_in(found: Resource, account: Resource) -> bool:
    """Whether something is in an account, at any depth: Azure's `default` services between them are seldom declared."""
    if found.id and account.id:
        return _tail(found.id).startswith(f"{_tail(account.id)}/")
    return account.key in found.sources_of("parent")


def used_services(account: Resource, stack: Stack) -> Iterator[str]:
    """The services beside blobs that something of the stack lies in: `file`, `queue`, `table`."""
    for service, type_ in CONTENT.items():
        if any(lies_in(each, account) for each in stack.of(type_)):
            yield service


def service_of(account: Resource, stack: Stack, service: str) -> Resource:
    """One service of an account; where the stack does not declare it a stand-in, since every account has all of them."""
    type_ = f"{ACCOUNT}/{service}Services"
    inside = f"{service}Services/default"
    stand_in = Resource(
        {}, type=type_, key=f"{account.key}/{inside}", id=f"{account.id}/{inside}" if account.id else None
    )
    return next(iter(stack.children(account, type_)), stand_in)


def retention_problems(policy: View, days: int) -> Iterator[Violation]:
    """What is wrong with how long deleted things are kept. Raises `Undecided`."""
    if not policy.equals("enabled", True):
        yield policy.wrong("enabled", "true is needed")
        return
    kept = policy.number("days")
    if kept is None or kept < days:
        yield policy.wrong("days", f"at least {days} days are needed")


def _tail(resource_id: str) -> str:
    """An id from its resource group on, in lower case: a policy pack does not know the program's own subscription."""
    return resource_id.casefold().partition("/resourcegroups/")[2]
