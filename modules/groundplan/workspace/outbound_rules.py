# SPDX-License-Identifier: Apache-2.0
"""What the managed network of a workspace lets out: hosts, private endpoints and service tags.

Source: learn.microsoft.com/azure/machine-learning/how-to-managed-network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import RoleGrant
from groundplan.propagation import once_granted

APPROVER = "Azure AI Enterprise Network Connection Approver"
"""The role with which a workspace's identity approves the private endpoints of its managed network."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\.[A-Za-z][A-Za-z0-9-]*")
_STORAGE = re.compile(r"\.(?:blob|dfs|file|queue|table)\.core\.", re.IGNORECASE)
_OF_MICROSOFT = "vscode.blob.core.windows.net"  # an account behind Microsoft's own list of hosts for Visual Studio Code
_PORTS = re.compile(r"\*|\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*")


@dataclass(frozen=True, kw_only=True)
class FqdnRule:
    """A host on the internet, on ports 80 and 443. The first such rule makes Azure run a firewall, which costs."""

    host: str
    """Required. Host name, or `*.` and a domain for all hosts below it. Storage accounts need a `PrivateEndpointRule`."""

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.host):
            raise ArgumentError(
                f"FQDN rule: host is {self.host!r}; allowed is a host name such as 'example.com' or '*.example.com', "
                "without scheme, port or path, and no IP address"
            )
        if _STORAGE.search(self.host) and self.host != _OF_MICROSOFT:
            raise ArgumentError(
                f"FQDN rule: {self.host!r} is a storage account, which Azure reaches by private endpoint only; "
                "use PrivateEndpointRule"
            )


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointRule:
    """An Azure resource, through private endpoints that Azure puts into the managed network."""

    resource_id: Input[str]
    """Required. ARM id of the resource; another subscription of the tenant will do. One rule for one resource."""
    subresources: tuple[str, ...]
    """Required. What to reach of it, a private endpoint each: `blob`, `dfs`, `vault`, `account`, `searchService`, ..."""
    spark: bool = False
    """Optional. Serverless Spark jobs reach it as well. Default: no."""
    hosts: tuple[str, ...] = ()
    """Conditional. Host names that lead to it. Required for an Application Gateway, whose names Azure does not know."""
    approved_elsewhere: bool = False
    """Optional. Somebody else gives the workspace's identity the right to approve the connections. Default: the component gives
    it the role `Azure AI Enterprise Network Connection Approver` on the resource."""

    def __post_init__(self) -> None:
        if not self.subresources or len(set(self.subresources)) < len(self.subresources):
            raise ArgumentError(
                f"private endpoint rule: subresources are {self.subresources}; name at least one, and each once"
            )


@dataclass(frozen=True, kw_only=True)
class ServiceTagRule:
    """Addresses of an Azure service, under the tag that Microsoft keeps up to date."""

    tag: str
    """Required. Service tag, e.g. `DataFactory` or `AzureOpenDatasets`."""
    protocol: Literal["TCP", "UDP", "ICMP", "*"] = "TCP"
    """Optional. Default: TCP."""
    ports: str = "443"
    """Optional. Ports and ranges with commas, e.g. `80,8080-8089`, or `*`. Default: 443."""
    address_prefixes: tuple[str, ...] = ()
    """Optional. CIDR blocks to use instead of the tag's addresses. Default: the tag's."""
    deny: bool = False
    """Optional. Close instead of open. Default: open."""

    def __post_init__(self) -> None:
        numbers = [int(number) for number in re.findall(r"\d+", self.ports)]
        if not _PORTS.fullmatch(self.ports) or not all(1 <= number <= 65535 for number in numbers):
            raise ArgumentError(
                f"service tag rule: ports is {self.ports!r}; allowed are '*', or ports from 1 to 65535 and ranges of them, "
                "with commas: '80,8080-8089'"
            )


OutboundRule = FqdnRule | PrivateEndpointRule | ServiceTagRule


def create_rules(
    component: Component,
    name: str,
    workspace: ml.Workspace,
    rules: Mapping[str, OutboundRule],
    placement: tuple[Input[str], Input[str] | None],
) -> ml.ManagedNetworkSettingsRule | None:
    """Create the rules one after the other, because concurrent ones delete each other on Azure; the last of them.

    `placement` is the workspace's resource group and the object id of the identity that approves private endpoints, if known.
    """
    group, approver = placement
    last: ml.ManagedNetworkSettingsRule | None = None
    for key, rule in rules.items():
        workspace_name: Output[str] = workspace.name
        granted = []
        if isinstance(rule, PrivateEndpointRule) and approver is not None and not rule.approved_elsewhere:
            grant = RoleGrant(role=APPROVER, principal_id=approver)
            granted = [grant_role(component, f"{name}-approves-{key}", rule.resource_id, grant)]
            workspace_name = once_granted(component, workspace_name, granted)
        for rule_name, properties in _bodies(key, rule):
            last = ml.ManagedNetworkSettingsRule(
                f"{name}-out-{rule_name}",
                rule_name=rule_name,
                workspace_name=workspace_name,
                resource_group_name=group,
                properties=properties,
                opts=component.child(
                    ResourceOptions(
                        depends_on=[*granted, *([last] if last else [])],
                        # the service decides both; Spark's side is ready only once a job has run
                        ignore_changes=["properties.status", "properties.destination.sparkStatus"],
                    )
                ),
            )
    return last


def _bodies(
    key: str, rule: OutboundRule
) -> Iterator[tuple[str, ml.FqdnOutboundRuleArgs | ml.PrivateEndpointOutboundRuleArgs | ml.ServiceTagOutboundRuleArgs]]:
    """Azure's name and body of each rule that one of ours stands for."""
    match rule:
        case FqdnRule():
            yield key, ml.FqdnOutboundRuleArgs(type="FQDN", category="UserDefined", destination=rule.host)
        case ServiceTagRule():
            destination = ml.ServiceTagDestinationArgs(
                service_tag=rule.tag,
                protocol=rule.protocol,
                port_ranges=rule.ports,
                action="Deny" if rule.deny else "Allow",
                address_prefixes=list(rule.address_prefixes) or None,
            )
            yield (
                key,
                ml.ServiceTagOutboundRuleArgs(type="ServiceTag", category="UserDefined", destination=destination),
            )
        case PrivateEndpointRule():
            for subresource in rule.subresources:
                destination = ml.PrivateEndpointDestinationArgs(
                    service_resource_id=rule.resource_id, subresource_target=subresource, spark_enabled=rule.spark
                )
                yield (
                    f"{key}-{subresource}",
                    ml.PrivateEndpointOutboundRuleArgs(
                        type="PrivateEndpoint",
                        category="UserDefined",
                        destination=destination,
                        fqdns=list(rule.hosts) or None,
                    ),
                )
