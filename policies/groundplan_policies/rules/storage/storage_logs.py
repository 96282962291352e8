# SPDX-License-Identifier: Apache-2.0
"""Who reads, writes and deletes in a storage account is logged.

The logs belong to the account's services, not to the account. What a program attaches to a service by an id that it makes out of the
account's own is not known before the account is there: the engine records the account only, so such settings leave it undecided.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Id,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    Undecided,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged, sends
from groundplan_policies.subjects.storage_account import ACCOUNT, BLOBS, CONTENT, holds_blobs, service_of, used_services
from groundplan_policies.values import Mark

OPERATIONS = ["StorageRead", "StorageWrite", "StorageDelete"]


def check(account: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Blobs always, files, queues and tables where the stack has some."""
    operations: list[str] = given["operations"]
    for service in _services(account, stack):
        part = service_of(account, stack, service)
        missing = [each for each in operations if not _logged(account, part, stack, each)]
        if missing:
            yield Violation(
                "",
                f"no diagnostic setting of the stack sends {', '.join(missing)} of its {service} service; "
                f"one on {service}Services/default is needed",
            )


def _services(account: Resource, stack: Stack) -> Iterator[str]:
    first = "blob" if holds_blobs(account) else "file"
    yield first
    yield from (each for each in used_services(account, stack) if each != first)


def _logged(account: Resource, part: Resource, stack: Stack, operation: str) -> bool:
    names = (operation, "audit", "allLogs")
    return any_of(partial(is_logged, part, stack, *names), partial(_may_be_logged, account, stack, names))


def _may_be_logged(account: Resource, stack: Stack, names: tuple[str, ...]) -> bool:
    """Never yes: raises `Undecided` where a setting is on some part of the account and nobody can tell on which."""
    for setting in stack.attached(account, SETTING):
        if isinstance(setting.scope, Mark) and sends(setting, *names):
            raise Undecided("scope", "unknown")
    return False


RULE = Rule(
    id="GP-ST-022",
    slug="storage-logs",
    title="Who reads, writes and deletes in a storage account is logged",
    severity="medium",
    types=(ACCOUNT,),
    controls=("st-logs",),
    rationale=(
        "After a leak or a lost data set somebody has to tell who touched which blob. Only these logs can, and only from the day they are "
        "switched on. Reads are most of their cost: agree on fewer `operations` where nobody would look at them."
    ),
    remediation="Pass `diagnostics` to `Storage`, which attaches a setting to each service that it uses.",
    absent="A violation: Azure logs nothing unless a diagnostic setting on the service asks for it.",
    unknown="Undecided before the account is made, where the setting's scope comes out of the account's id.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="operations",
            default=OPERATIONS,
            description="Categories of logs that have to be sent.",
            schema={"type": "array", "minItems": 1, "items": {"enum": OPERATIONS}},
        ),
    ),
    check=check,
)

_ST = {"name": "st", "kind": "StorageV2"}
_NEW = {**_ST, "new": True}
_ALL = {"categoryGroup": "allLogs", "enabled": True}


def _setting(scope: object, *logs: object, name: str = "set") -> dict[str, object]:
    return {"type": SETTING, "name": name, "scope": scope, "properties": {"workspaceId": "/w", "logs": [*logs]}}


def _of(service: str, *logs: object, name: str = "") -> dict[str, object]:
    inside = f"Microsoft.Storage/storageAccounts/st/{service}Services/default"
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-example"
    return _setting(f"{group}/providers/{inside}", *logs, name=name or service)


def _only(*operations: str) -> list[dict[str, object]]:
    return [{"category": each, "enabled": True} for each in operations]


def _none(service: str, missing: str = "StorageRead, StorageWrite, StorageDelete") -> str:
    return (
        f"no diagnostic setting of the stack sends {missing} of its {service} service; "
        f"one on {service}Services/default is needed"
    )


_QUEUE = {"name": "st/default/jobs", "type": CONTENT["queue"]}

GOOD: GoodCases = {
    "all logs": [_ST, _of("blob", _ALL)],
    "audit logs": [_ST, _of("blob", {"categoryGroup": "audit", "enabled": True})],
    "each operation, in two settings": [
        _ST,
        _of("blob", *_only("StorageRead", "StorageWrite")),
        _of("blob", *_only("StorageDelete"), name="deletes"),
    ],
    "on a service of the stack": [_ST, {"name": "st/default", "type": BLOBS}, _setting(Id("st/default"), _ALL)],
    "all are new": [_NEW, {"name": "default", "type": BLOBS, "parent": Later("st")}, _setting(Later("default"), _ALL)],
    "a queue": [_ST, _QUEUE, _of("blob", _ALL), _of("queue", _ALL)],
    "file shares only": [{"name": "st", "kind": "FileStorage"}, _of("file", _ALL)],
    "fewer were agreed": Good([_ST, _of("blob", *_only("StorageDelete"))], given={"operations": ["StorageDelete"]}),
}
BAD: BadCases = {
    "none": Bad(_ST, says=_none("blob")),
    "none of a new account": Bad(
        [_NEW, {"name": "other", "type": ACCOUNT, "new": True}, _setting(Later("other"), _ALL)], says=_none("blob")
    ),
    "metrics of a new account": Bad([_NEW, _setting(Later("st"))], says=_none("blob")),
    "on the account itself": Bad([_ST, _setting(Id("st"), _ALL)], says=_none("blob")),
    "reads only": Bad([_ST, _of("blob", *_only("StorageRead"))], says=_none("blob", "StorageWrite, StorageDelete")),
    "not of the queues": Bad([_ST, _QUEUE, _of("blob", _ALL)], says=_none("queue")),
    "not of the shares": Bad([{"name": "st", "kind": "FileStorage"}, _of("blob", _ALL)], says=_none("file")),
}
UNKNOWN_CASES: UnknownCases = {
    "on a part of a new account": [_NEW, _setting(Later("st"), _ALL)],
    "logs known later": [_ST, _of("blob", UNKNOWN)],
    "kind known later": {"name": "st", "kind": UNKNOWN},
}
