# SPDX-License-Identifier: Apache-2.0
"""Every access to a key vault is logged."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged

VAULT = "Microsoft.KeyVault/vaults"


def check(vault: Resource, stack: Stack) -> Found:
    """The category itself, or a group that it belongs to."""
    if not is_logged(vault, stack, "AuditEvent", "audit", "allLogs"):
        yield Violation(
            "", "no diagnostic setting of the stack sends its audit logs; 'AuditEvent', 'audit' or 'allLogs' is needed"
        )


RULE = Rule(
    id="GP-KV-009",
    slug="vault-logs",
    title="Every access to a key vault is logged",
    severity="medium",
    types=(VAULT,),
    controls=("kv-logs",),
    rationale="After a leak the first question is who read which secret and when. Only the audit log can tell, and only from then on.",
    remediation="Pass `diagnostics` to `KeyVault`.",
    absent="A violation: Azure logs nothing unless a diagnostic setting asks for it.",
    unknown="Decided by what the program attaches the setting to, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _setting(scope: object, log: object, sink: object = "/subscriptions/0/workspace") -> dict[str, object]:
    return {"type": SETTING, "name": "set", "scope": scope, "properties": {"workspaceId": sink, "logs": [log]}}


_ALL = {"categoryGroup": "allLogs", "enabled": True}
_NONE = "no diagnostic setting of the stack sends its audit logs; 'AuditEvent', 'audit' or 'allLogs' is needed"

GOOD: GoodCases = {
    "all logs": [{"name": "kv"}, _setting(Id("kv"), _ALL)],
    "audit logs": [{"name": "kv"}, _setting(Id("kv"), {"categoryGroup": "audit", "enabled": True})],
    "the category": [{"name": "kv"}, _setting(Id("kv"), {"category": "AuditEvent", "enabled": True})],
    "all are new": [{"name": "kv", "new": True}, _setting(Later("kv"), _ALL, UNKNOWN)],
}
BAD: BadCases = {
    "no setting": Bad({"name": "kv"}, says=_NONE),
    "another category": Bad(
        [{"name": "kv"}, _setting(Id("kv"), {"category": "AzurePolicyEvaluationDetails", "enabled": True})], says=_NONE
    ),
    "switched off": Bad([{"name": "kv"}, _setting(Id("kv"), _ALL | {"enabled": False})], says=_NONE),
    "of another vault": Bad(
        [
            {"name": "kv", "new": True},
            {"name": "other", "type": VAULT, "new": True},
            _setting(Later("other"), _ALL),
        ],
        says=_NONE,
    ),
    "sent nowhere": Bad([{"name": "kv"}, _setting(Id("kv"), _ALL, None)], says=_NONE),
}
UNKNOWN_CASES: UnknownCases = {
    "logs known later": [
        {"name": "kv"},
        {"type": SETTING, "name": "set", "scope": Id("kv"), "properties": {"workspaceId": "/w", "logs": UNKNOWN}},
    ]
}
