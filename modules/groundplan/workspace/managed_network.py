# SPDX-License-Identifier: Apache-2.0
"""The network that Azure manages around the compute of a workspace.

Facts: Microsoft's "Workspace managed virtual network isolation".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError
from groundplan.workspace.outbound_rules import FqdnRule, OutboundRule, PrivateEndpointRule

Isolation = Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"]
ISOLATIONS: Final[tuple[Isolation, ...]] = ("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound")


@dataclass(frozen=True, kw_only=True)
class ManagedNetwork:
    """How closed a workspace's managed network is, and what it lets out."""

    isolation: Isolation = "AllowOnlyApprovedOutbound"
    """Optional. `AllowInternetOutbound`, or `Disabled` for none. Azure only ever tightens it: loosening replaces the workspace.
    Default: out goes what `rules` and Azure's own required rules name."""
    rules: Mapping[str, OutboundRule] = field(default_factory=dict[str, OutboundRule])
    """Optional. `FqdnRule`, `PrivateEndpointRule` or `ServiceTagRule` by the name of the rule; `outbound_preset` has the hosts of
    common purposes. Default: none of one's own."""
    firewall: Literal["Basic", "Standard"] = "Standard"
    """Optional. SKU of the Azure Firewall that the first `FqdnRule` makes. Default: `Standard`."""
    provision_now: bool = False
    """Optional. Make the network with the workspace, which takes half an hour. Default: with the first compute; serverless Spark
    jobs and managed online deployments do not wait for that and need it made before."""

    def __post_init__(self) -> None:
        if self.isolation not in ISOLATIONS:
            raise ArgumentError(
                f"managed network: isolation is {self.isolation!r}; allowed are {', '.join(ISOLATIONS)}"
            )
        if self.isolation == "Disabled" and (self.rules or self.provision_now):
            raise ArgumentError(
                "managed network: rules and provision_now need a network, but isolation is 'Disabled'; "
                "choose another isolation or leave them out"
            )
        hosts = [key for key, rule in self.rules.items() if isinstance(rule, FqdnRule)]
        if hosts and self.isolation != "AllowOnlyApprovedOutbound":
            raise ArgumentError(
                f"managed network: rules {', '.join(hosts)} name hosts, which Azure accepts only with isolation "
                f"'AllowOnlyApprovedOutbound', but it is {self.isolation!r}; leave them out: every host is open"
            )
        targets = [rule.resource_id for rule in self.rules.values() if isinstance(rule, PrivateEndpointRule)]
        texts = [target.lower() for target in targets if isinstance(target, str)]
        if twice := [text for text in texts if texts.count(text) > 1]:
            raise ArgumentError(
                f"managed network: several rules lead to {twice[0]}; give one PrivateEndpointRule all its subresources"
            )


def normalised(given: ManagedNetwork | Isolation | None) -> ManagedNetwork | None:
    """The long form of a mode given by its name; None stays None and leaves the network to Azure."""
    return ManagedNetwork(isolation=given) if isinstance(given, str) else given


def settings(network: ManagedNetwork | None) -> ml.ManagedNetworkSettingsArgs | None:
    """The workspace's side of it; the rules are resources of their own."""
    if network is None:
        return None
    return ml.ManagedNetworkSettingsArgs(
        isolation_mode=network.isolation,
        # only where it matters: a state without it stays as it is
        firewall_sku="Basic" if network.firewall == "Basic" else None,
    )


def replaced_by(network: ManagedNetwork | None) -> list[str]:
    """Properties whose change replaces the workspace: any change to a mode is a loosening, unless it is to the strictest.

    A network that appears where the program had none changes `managedNetwork` as a whole and replaces nothing.
    """
    if network is None or network.isolation == "AllowOnlyApprovedOutbound":
        return []
    return ["managedNetwork.isolationMode"]


def filled_by_azure(network: ManagedNetwork | None) -> list[str]:
    """What Azure writes into the workspace once the network has rules and computes."""
    return ["managedNetwork.outboundRules", "managedNetwork.status"] if network else []
