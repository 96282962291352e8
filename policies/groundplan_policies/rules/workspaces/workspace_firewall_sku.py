# SPDX-License-Identifier: Apache-2.0
"""The firewall that rules for hosts bring along is of an agreed size."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.workspaces import APPROVED, ISOLATION, OUTBOUND_RULE, WORKSPACE, rules_of

SKU = "properties.managedNetwork.firewallSku"


def check(workspace: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """There is no firewall before the first rule for a host, and none in another mode."""
    sku = workspace.text(SKU) or "Standard"
    if sku.casefold() in (each.casefold() for each in given["skus"]):
        return
    if not workspace.equals(ISOLATION, APPROVED):
        return
    if any(rule.equals("type", "FQDN") for _, rule in rules_of(workspace, stack)):
        needed = " or ".join(map(repr, given["skus"]))
        yield workspace.wrong(
            SKU, f"{needed} is needed, as a rule for a host brings a firewall ('Standard' unless said)"
        )


RULE = Rule(
    id="GP-AML-007",
    slug="workspace-firewall-sku",
    title="The firewall of a managed network is of an agreed SKU",
    severity="low",
    types=(WORKSPACE,),
    controls=("aml-ws-firewall-sku",),
    rationale="The first outbound rule for a host makes Azure run a firewall around the clock, on the platform's bill.",
    remediation="Set `firewall` of `ManagedNetwork`, or add the SKU to `skus` once its cost is agreed.",
    absent="Taken for `Standard`, which Azure runs unless told otherwise.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="skus",
            default=["Basic", "Standard"],
            description="The SKUs whose cost is agreed.",
            schema={
                "type": "array",
                "items": {"enum": ["Basic", "Standard"]},
                "minItems": 1,
                "uniqueItems": True,
            },
        ),
    ),
    check=check,
)

_BASIC = {"skus": ["Basic"]}
_RULES = {"a": {"type": "ServiceTag"}, "b": {"type": "fqdn", "destination": "example.com"}}


def _network(mode: object = APPROVED, **more: object) -> dict[str, object]:
    return {"name": "mlw", "properties": {"managedNetwork": {"isolationMode": mode, **more}}}


def _rule(kind: object = "FQDN", **more: object) -> dict[str, object]:
    return {"type": OUTBOUND_RULE, "name": "mlw/host", "properties": {"type": kind}, **more}


GOOD: GoodCases = {
    "all SKUs are agreed": _network(outboundRules=_RULES),
    "a smaller one": Good(_network(firewallSku="basic", outboundRules=_RULES), given=_BASIC),
    "no rule for a host": Good([_network(), _rule("PrivateEndpoint")], given=_BASIC),
    "another mode": Good(_network("AllowInternetOutbound", outboundRules=_RULES), given=_BASIC),
    "the rule of another workspace": Good(
        [_network(), {"type": WORKSPACE, "name": "other"}, _rule(parent=Later("other"))], given=_BASIC
    ),
}
_SAYS = "'Basic' is needed, as a rule for a host brings a firewall ('Standard' unless said)"
BAD: BadCases = {
    "a rule in the workspace": Bad(
        _network(firewallSku="Standard", outboundRules=_RULES), says=f"{SKU} is 'Standard'; {_SAYS}", given=_BASIC
    ),
    "a rule by itself": Bad([_network(), _rule()], says=f"{SKU} is absent; {_SAYS}", given=_BASIC),
    "both are new": Bad(
        [{**_network(), "new": True}, _rule(parent=Later("mlw"))], says=f"{SKU} is absent; {_SAYS}", given=_BASIC
    ),
    "one that nobody knows": Bad(
        _network(firewallSku="Premium", outboundRules=_RULES),
        says=f"{SKU} is 'Premium'; 'Basic' or 'Standard' is needed, as a rule",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": Good([_network(firewallSku=UNKNOWN), _rule()], given=_BASIC),
    "a rule made later": Good([_network(), _rule(UNKNOWN)], given=_BASIC),
}
