# SPDX-License-Identifier: Apache-2.0
"""No outbound rule names a storage account by its host."""

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
    View,
)
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules

ENDINGS = (".core.windows.net", ".core.usgovcloudapi.net", ".core.chinacloudapi.cn", ".storage.azure.net")
"""What the hosts of storage accounts end in, in Azure's clouds and with DNS zones of their own."""


def check(resource: Resource, given: Mapping[str, Any]) -> Found:
    """A rule by itself, or those in a workspace."""
    allowed = {host.casefold() for host in given["hosts"]}

    def of_rule(rule: View) -> Found:
        host = rule.text("destination").casefold()
        if host.endswith(ENDINGS) and host not in allowed:
            yield rule.wrong("destination", "a storage account needs a rule of type 'PrivateEndpoint'")

    yield from check_rules(resource, "FQDN", of_rule)


RULE = Rule(
    id="GP-AML-008",
    slug="outbound-storage-fqdn",
    title="An outbound rule leads to a storage account by private endpoint, never by host",
    severity="medium",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-storage-fqdn",),
    rationale=(
        "Anybody can have a storage account, so a host of that kind is the first door that data leaves by; and Azure reaches "
        "storage from a network for approved traffic by private endpoint only."
    ),
    remediation="Use `PrivateEndpointRule(resource_id=..., subresources=('blob',))` in `ManagedNetwork.rules`.",
    absent="Passes: a workspace without outbound rules, and rules of other types.",
    parameters=(
        Parameter(
            name="hosts",
            default=["vscode.blob.core.windows.net"],
            description="Hosts of storage accounts that may be named all the same; Visual Studio Code needs the first.",
            schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _rule(destination: object, kind: str = "FQDN", category: str = "UserDefined") -> dict[str, object]:
    return {"properties": {"type": kind, "category": category, "destination": destination}}


def _inside(*rules: dict[str, object]) -> dict[str, object]:
    inline = {f"r{index}": rule["properties"] for index, rule in enumerate(rules)}
    return {"type": WORKSPACE, "properties": {"managedNetwork": {"outboundRules": inline}}}


_BLOB, _LAKE = _rule("data.blob.core.windows.net"), _rule("Lake.dfs.Core.Windows.Net")
_NEEDED = "a storage account needs a rule of type 'PrivateEndpoint'"
GOOD: GoodCases = {
    "another host": _rule("example.com"),
    "a host that only looks like one": _rule("xcore.windows.net"),
    "the one that Visual Studio Code needs": _rule("VSCode.blob.core.windows.net"),
    "one that was agreed": Good(_LAKE, given={"hosts": ["lake.dfs.core.windows.net"]}),
    "a private endpoint": _rule({"serviceResourceId": UNKNOWN, "subresourceTarget": "blob"}, "PrivateEndpoint"),
    "Azure's own rule": _rule("data.blob.core.windows.net", category="Required"),
    "none in the workspace": {"type": WORKSPACE},
}
BAD: BadCases = {
    "a blob": Bad(_BLOB, says=f"properties.destination is 'data.blob.core.windows.net'; {_NEEDED}"),
    "in a workspace": Bad(
        _inside(_rule("example.com"), {"properties": {"type": "fqdn", "destination": "*.core.usgovcloudapi.net"}}),
        says=f"properties.managedNetwork.outboundRules.r1.destination is '*.core.usgovcloudapi.net'; {_NEEDED}",
    ),
    "beside one that is not known": Bad(_inside(_rule(UNKNOWN), _LAKE), says="'Lake.dfs.Core.Windows.Net'; a storage"),
    "China's cloud": Bad(_rule("a.file.core.chinacloudapi.cn"), says=_NEEDED),
    "a DNS zone of its own": Bad(_rule("a.z01.blob.storage.azure.net"), says=_NEEDED),
    "no longer agreed": Bad(_rule("vscode.blob.core.windows.net"), says=_NEEDED, given={"hosts": []}),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _rule(UNKNOWN),
    "one of several": _inside(_rule(UNKNOWN), _rule("example.com")),
    "the rules are made later": {"type": WORKSPACE, "properties": {"managedNetwork": {"outboundRules": UNKNOWN}}},
}
