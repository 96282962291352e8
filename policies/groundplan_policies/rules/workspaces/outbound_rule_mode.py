# SPDX-License-Identifier: Apache-2.0
"""An outbound rule fits the mode of the network that it is for."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
    shown,
)
from groundplan_policies.subjects.workspaces import (
    APPROVED,
    ISOLATION,
    OUTBOUND_RULE,
    WORKSPACE,
    check_rules,
    has_managed_network,
    workspace_of,
)


def check(resource: Resource, stack: Stack) -> Found:
    """Hosts need the mode for approved traffic; the other types need a managed network at all."""
    workspace = workspace_of(resource, stack)
    if workspace is None:
        return

    def wrong(rule: View, needed: str) -> Found:
        where = f"{rule.at}.type"
        mode = shown(workspace.view(ISOLATION).node)
        yield Violation(
            where, f"{where} is {rule.text('type')!r}, which needs {needed}; the workspace's isolationMode is {mode}"
        )

    def of_host(rule: View) -> Found:
        if not workspace.equals(ISOLATION, APPROVED):
            yield from wrong(rule, f"isolationMode {APPROVED!r}")

    def of_another(rule: View) -> Found:
        if not has_managed_network(workspace):
            yield from wrong(rule, "a managed network")

    yield from check_rules(resource, "FQDN", of_host)
    yield from check_rules(resource, "PrivateEndpoint", of_another)
    yield from check_rules(resource, "ServiceTag", of_another)


RULE = Rule(
    id="GP-AML-011",
    slug="outbound-rule-mode",
    title="An outbound rule is of a type that the workspace's managed network takes",
    severity="medium",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-rule-mode",),
    rationale=(
        "Hosts can be approved only in a network that closes all others, and no rule means anything without a managed network. "
        "Azure says so only once the workspace is there."
    ),
    remediation="Set `isolation` of `ManagedNetwork`, or leave the rule out: where the internet is open, every host is.",
    absent="A workspace that names no mode has no managed network. A rule whose workspace is not in the stack passes.",
    needs_stack=True,
    check=check,
)


def _workspace(mode: object = None, **more: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": "mlw", "properties": {"managedNetwork": {"isolationMode": mode}}, **more}


def _rule(kind: object, **more: object) -> dict[str, object]:
    return {"name": "mlw/rule", "properties": {"type": kind, "category": "UserDefined"}, **more}


def _inside(mode: object, kind: object) -> dict[str, object]:
    rules = {"r": {"type": kind}}
    return {"type": WORKSPACE, "properties": {"managedNetwork": {"isolationMode": mode, "outboundRules": rules}}}


_OPEN = "AllowInternetOutbound"
GOOD: GoodCases = {
    "a host in a closed network": [_rule("FQDN"), _workspace(APPROVED)],
    "an endpoint in an open one": [_rule("PrivateEndpoint"), _workspace(_OPEN)],
    "a tag, and both are new": [_rule("ServiceTag", parent=Later("mlw")), _workspace(APPROVED, new=True)],
    "in the workspace": _inside(APPROVED, "FQDN"),
    "the workspace is elsewhere": _rule("FQDN"),
}
BAD: BadCases = {
    "a host in an open network": Bad(
        [_rule("FQDN"), _workspace(_OPEN)],
        says=(
            "properties.type is 'FQDN', which needs isolationMode 'AllowOnlyApprovedOutbound'; "
            "the workspace's isolationMode is 'AllowInternetOutbound'"
        ),
    ),
    "an endpoint without a network": Bad(
        [_rule("PrivateEndpoint", parent=Later("mlw")), _workspace(new=True)],
        says="properties.type is 'PrivateEndpoint', which needs a managed network; the workspace's isolationMode is absent",
    ),
    "a tag in a workspace without one": Bad(
        _inside("Disabled", "ServiceTag"),
        says=(
            "properties.managedNetwork.outboundRules.r.type is 'ServiceTag', which needs a managed network; "
            "the workspace's isolationMode is 'Disabled'"
        ),
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the mode is decided later": [_rule("FQDN"), _workspace(UNKNOWN)],
    "the type is decided later": [_rule(UNKNOWN), _workspace(_OPEN)],
}
