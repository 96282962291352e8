# SPDX-License-Identifier: Apache-2.0
"""What a web application firewall lets through, in front of whatever is open to the internet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from pulumi_azure_native import frontdoor, network

from groundplan.errors import ArgumentError

_ANYBODY = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, kw_only=True)
class WebFirewall:
    """Rules of a web application firewall, beside Microsoft's managed rule sets."""

    detection_only: bool = False
    """Optional. Log what the rules find and let it pass, for the first weeks of a service. Default: block it."""
    allowed_addresses: tuple[str, ...] = ()
    """Optional. CIDR blocks of the only clients that may come in. Default: any client."""
    requests_per_minute: int | None = None
    """Optional. Requests that one client address may make in a minute. Default: no limit."""

    def __post_init__(self) -> None:
        for block in self.allowed_addresses:
            try:
                ip_network(block)
            except ValueError as error:
                raise ArgumentError(
                    f"web firewall: allowed_addresses has {block!r}, not a CIDR block such as 203.0.113.0/24 ({error})"
                ) from None
        if self.requests_per_minute is not None and self.requests_per_minute < 1:
            raise ArgumentError(
                f"web firewall: requests_per_minute is {self.requests_per_minute}; allowed are 1 and more, or leave it out"
            )

    @property
    def mode(self) -> str:
        """The mode in Azure's words."""
        return "Detection" if self.detection_only else "Prevention"

    def for_front_door(self) -> Sequence[frontdoor.CustomRuleArgs]:
        """The rules of a policy of Front Door."""
        rules: list[frontdoor.CustomRuleArgs] = []
        if self.allowed_addresses:
            outsiders = frontdoor.MatchConditionArgs(
                match_variable="SocketAddr",
                operator="IPMatch",
                negate_condition=True,
                match_value=[*self.allowed_addresses],
            )
            rules.append(
                frontdoor.CustomRuleArgs(
                    name="OnlyAllowedAddresses",
                    priority=10,
                    rule_type="MatchRule",
                    action="Block",
                    enabled_state="Enabled",
                    match_conditions=[outsiders],
                )
            )
        if self.requests_per_minute is not None:
            anybody = frontdoor.MatchConditionArgs(
                match_variable="SocketAddr", operator="IPMatch", match_value=[*_ANYBODY], negate_condition=False
            )
            rules.append(
                frontdoor.CustomRuleArgs(
                    name="RateLimit",
                    priority=20,
                    rule_type="RateLimitRule",
                    rate_limit_duration_in_minutes=1,
                    rate_limit_threshold=self.requests_per_minute,
                    action="Block",
                    enabled_state="Enabled",
                    match_conditions=[anybody],
                )
            )
        return rules

    def for_gateway(self) -> Sequence[network.WebApplicationFirewallCustomRuleArgs]:
        """The rules of a policy of Application Gateway."""
        client = network.MatchVariableArgs(variable_name="RemoteAddr")
        rules: list[network.WebApplicationFirewallCustomRuleArgs] = []
        if self.allowed_addresses:
            outsiders = network.MatchConditionArgs(
                match_variables=[client],
                operator="IPMatch",
                negation_conditon=True,
                match_values=[*self.allowed_addresses],
            )
            rules.append(
                network.WebApplicationFirewallCustomRuleArgs(
                    name="OnlyAllowedAddresses",
                    priority=10,
                    rule_type="MatchRule",
                    action="Block",
                    match_conditions=[outsiders],
                )
            )
        if self.requests_per_minute is not None:
            anybody = network.MatchConditionArgs(
                match_variables=[client], operator="IPMatch", match_values=[*_ANYBODY], negation_conditon=False
            )
            by_client = network.GroupByUserSessionArgs(
                group_by_variables=[network.GroupByVariableArgs(variable_name="ClientAddr")]
            )
            rules.append(
                network.WebApplicationFirewallCustomRuleArgs(
                    name="RateLimit",
                    priority=20,
                    rule_type="RateLimitRule",
                    rate_limit_duration="OneMin",
                    rate_limit_threshold=self.requests_per_minute,
                    action="Block",
                    match_conditions=[anybody],
                    group_by_user_session=[by_client],
                )
            )
        return rules
