# SPDX-License-Identifier: Apache-2.0
"""Public entry through Azure Front Door, with a web application firewall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import cdn, frontdoor

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.web_firewall import WebFirewall


@dataclass(frozen=True, kw_only=True)
class PrivateOrigin:
    """The private way from Front Door to an origin; the origin's owner approves it once."""

    resource_id: Input[str]
    """Required. ARM id of the origin, or of the private link service in front of its load balancer."""
    location: Input[str]
    """Required. Region of that resource."""
    group_id: str | None = None
    """Conditional. Part of the origin, e.g. `sites` or `blob`. Required unless the resource is a private link service."""
    message: str = "Front Door"
    """Optional. Shown to whoever approves the connection. Default: `Front Door`."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A host that Front Door sends requests to, over HTTPS."""

    host_name: Input[str]
    """Required. Name of the host, without `https://`."""
    private: PrivateOrigin | None = None
    """Optional. Reach the host through a private endpoint; sku `Premium`. Default: over the internet."""
    priority: int = 1
    """Optional. 1 (first) to 5; others step in when the first ones fail. Default: 1."""
    weight: int = 1000
    """Optional. Share among origins of one priority, 1 to 1000. Default: 1000."""

    def __post_init__(self) -> None:
        if isinstance(self.host_name, str) and ("/" in self.host_name or not self.host_name):
            raise ArgumentError(f"origin: host_name is {self.host_name!r}; give the host alone, e.g. api.example.com")
        # Source: cdn.AFDOrigin's own documentation of priority and weight
        if not 1 <= self.priority <= 5:
            raise ArgumentError(f"origin: priority is {self.priority}; allowed are 1 to 5")
        if not 1 <= self.weight <= 1000:
            raise ArgumentError(f"origin: weight is {self.weight}; allowed are 1 to 1000")


@dataclass(frozen=True, kw_only=True)
class FrontDoorArgs(ResourceArgs):
    """Arguments of `FrontDoor`; the profile is global, so `location` has no effect."""

    origins: Mapping[str, Origin]
    """Required. Hosts that answer, by a key that becomes their Azure name."""
    domains: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Host names of one's own, e.g. `score.example.com`, by a key that becomes their Azure name, with a
    certificate that Azure manages. Default: only the name that Azure gives."""
    firewall: WebFirewall = field(default_factory=WebFirewall)
    """Optional. Rules beside the managed ones. Default: managed rules, blocking."""
    sku: Literal["Premium", "Standard"] = "Premium"
    """Optional. `Standard` has neither managed rules nor private origins. Default: `Premium`."""
    paths: tuple[str, ...] = ("/*",)
    """Optional. Paths that are let through, e.g. `/score`. Default: all."""
    probe_path: str | None = None
    """Optional. Path that tells by HEAD whether an origin lives. Default: no probes, which one origin does not need."""
    response_timeout_seconds: int = 60
    """Optional. Seconds that an origin may take, 16 to 240. Default: 60."""
    profile_name: str | None = None
    """Optional. Azure name of the profile; all others derive from it. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.origins:
            raise ArgumentError("front door: origins is empty; name at least one host that answers")
        if self.sku == "Standard" and (private := [key for key, each in self.origins.items() if each.private]):
            raise ArgumentError(f"front door: origins {private} are private, which needs sku 'Premium', not 'Standard'")
        if wrong := [path for path in self.paths if not path.startswith("/")] or not self.paths:
            raise ArgumentError(f"front door: paths {wrong or ()} do not start with a slash; e.g. '/score' or '/*'")
        # Source: response_timeout_seconds of azurerm_cdn_frontdoor_profile in hashicorp/terraform-provider-azurerm
        if not 16 <= self.response_timeout_seconds <= 240:
            raise ArgumentError(
                f"front door: response_timeout_seconds is {self.response_timeout_seconds}; allowed are 16 to 240"
            )
        for key in self.origins:
            check_name("front_door_origin", key)


class FrontDoor(Component):
    """A public address with a firewall that blocks, HTTPS only, in front of origins that may stay private.

    Example:
        FrontDoor("entry", FrontDoorArgs(
            resource_group_name=group.name, origins={"scoring": Origin(host_name="score.example.com")}))
    """

    id: Output[str]
    """ARM id of the profile."""
    host_name: Output[str]
    """Name that clients call, given by Azure."""
    front_door_id: Output[str]
    """Id that Front Door sends as `X-Azure-FDID`: an origin without a private way refuses requests with another one."""
    firewall_policy_id: Output[str]
    """ARM id of the firewall's policy."""
    validation_tokens: Mapping[str, Output[str]]
    """By domain: the value of the TXT record `_dnsauth.<domain>` that proves whose it is."""

    def __init__(self, name: str, args: FrontDoorArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("front_door", args.profile_name or name)
        profile = cdn.Profile(
            name,
            profile_name=azure_name,
            resource_group_name=args.resource_group_name,
            location="global",
            sku=cdn.SkuArgs(name=f"{args.sku}_AzureFrontDoor"),
            origin_response_timeout_seconds=args.response_timeout_seconds,
            tags=args.tags,
            opts=self.child(),
        )
        endpoint = cdn.AFDEndpoint(
            name,
            endpoint_name=check_name("front_door_endpoint", azure_name[:46].rstrip("-")),
            profile_name=profile.name,
            resource_group_name=args.resource_group_name,
            location="global",
            enabled_state="Enabled",
            tags=args.tags,
            opts=self.child(),
        )
        group, origins = self._origins(name, profile, args)
        domains = self._domains(name, profile, args)
        route = self._route(name, profile, endpoint, group, origins, domains.values(), args)
        policy = _policy(self, name, azure_name, args)
        guarded = self._guard(name, profile, policy, [endpoint, *domains.values()], args)
        attach(self, name, profile.id, args, arm_type="Microsoft.Cdn/profiles", after=[route, guarded])
        self.id = profile.id
        self.host_name = endpoint.host_name
        self.front_door_id = profile.front_door_id
        self.firewall_policy_id = policy.id
        self.validation_tokens = {
            key: each.validation_properties.apply(lambda found: found.validation_token if found else "")
            for key, each in domains.items()
        }
        self.seal()

    def _route(
        self,
        name: str,
        profile: cdn.Profile,
        endpoint: cdn.AFDEndpoint,
        group: cdn.AFDOriginGroup,
        origins: Sequence[cdn.AFDOrigin],
        domains: Iterable[cdn.AFDCustomDomain],
        args: FrontDoorArgs,
    ) -> cdn.Route:
        return cdn.Route(
            name,
            route_name="default",
            endpoint_name=endpoint.name,
            profile_name=profile.name,
            resource_group_name=args.resource_group_name,
            origin_group=cdn.ResourceReferenceArgs(id=group.id),
            custom_domains=[cdn.ActivatedResourceReferenceArgs(id=each.id) for each in domains] or None,
            patterns_to_match=[*args.paths],
            supported_protocols=["Https"],
            https_redirect="Disabled",
            forwarding_protocol="HttpsOnly",
            link_to_default_domain="Enabled",
            enabled_state="Enabled",
            opts=self.child(ResourceOptions(depends_on=origins)),  # Azure refuses a route to a group without origins
        )

    def _guard(
        self,
        name: str,
        profile: cdn.Profile,
        policy: frontdoor.Policy,
        entries: Sequence[cdn.AFDEndpoint | cdn.AFDCustomDomain],
        args: FrontDoorArgs,
    ) -> cdn.SecurityPolicy:
        """Put the firewall in front of everything that clients call."""
        return cdn.SecurityPolicy(
            name,
            security_policy_name="firewall",
            profile_name=profile.name,
            resource_group_name=args.resource_group_name,
            parameters=cdn.SecurityPolicyWebApplicationFirewallParametersArgs(
                type="WebApplicationFirewall",
                waf_policy=cdn.ResourceReferenceArgs(id=policy.id),
                associations=[
                    cdn.SecurityPolicyWebApplicationFirewallAssociationArgs(
                        domains=[cdn.ActivatedResourceReferenceArgs(id=each.id) for each in entries],
                        patterns_to_match=["/*"],
                    )
                ],
            ),
            opts=self.child(),
        )

    def _origins(
        self, name: str, profile: cdn.Profile, args: FrontDoorArgs
    ) -> tuple[cdn.AFDOriginGroup, Sequence[cdn.AFDOrigin]]:
        probe = cdn.HealthProbeParametersArgs(
            probe_path=args.probe_path,
            probe_protocol=cdn.ProbeProtocol.HTTPS,
            probe_request_type=cdn.HealthProbeRequestType.HEAD,
            probe_interval_in_seconds=100,
        )
        group = cdn.AFDOriginGroup(
            name,
            origin_group_name="default",
            profile_name=profile.name,
            resource_group_name=args.resource_group_name,
            load_balancing_settings=cdn.LoadBalancingSettingsParametersArgs(
                sample_size=4, successful_samples_required=3, additional_latency_in_milliseconds=50
            ),
            health_probe_settings=probe if args.probe_path else None,
            session_affinity_state="Disabled",
            opts=self.child(),
        )
        origins = [
            cdn.AFDOrigin(
                f"{name}-{key}",
                origin_name=key,
                origin_group_name=group.name,
                profile_name=profile.name,
                resource_group_name=args.resource_group_name,
                host_name=origin.host_name,
                origin_host_header=origin.host_name,
                https_port=443,
                priority=origin.priority,
                weight=origin.weight,
                enabled_state="Enabled",
                enforce_certificate_name_check=True,
                shared_private_link_resource=_private(origin.private) if origin.private else None,
                opts=self.child(),
            )
            for key, origin in args.origins.items()
        ]
        return group, origins

    def _domains(self, name: str, profile: cdn.Profile, args: FrontDoorArgs) -> Mapping[str, cdn.AFDCustomDomain]:
        return {
            key: cdn.AFDCustomDomain(
                f"{name}-{key}",
                custom_domain_name=key,
                host_name=host,
                profile_name=profile.name,
                resource_group_name=args.resource_group_name,
                tls_settings=cdn.AFDDomainHttpsParametersArgs(
                    certificate_type="ManagedCertificate", minimum_tls_version=cdn.AfdMinimumTlsVersion.TLS12
                ),
                opts=self.child(),
            )
            for key, host in args.domains.items()
        }


def _private(origin: PrivateOrigin) -> cdn.SharedPrivateLinkResourcePropertiesArgs:
    return cdn.SharedPrivateLinkResourcePropertiesArgs(
        private_link=cdn.ResourceReferenceArgs(id=origin.resource_id),
        private_link_location=origin.location,
        group_id=origin.group_id,
        request_message=origin.message,
    )


def _policy(component: Component, name: str, azure_name: str, args: FrontDoorArgs) -> frontdoor.Policy:
    plain = "".join(letter for letter in azure_name if letter.isalnum())
    managed = [
        frontdoor.ManagedRuleSetArgs(
            rule_set_type="Microsoft_DefaultRuleSet", rule_set_version="2.1", rule_set_action="Block"
        ),
        frontdoor.ManagedRuleSetArgs(rule_set_type="Microsoft_BotManagerRuleSet", rule_set_version="1.0"),
    ]
    return frontdoor.Policy(
        name,
        policy_name=check_name("front_door_firewall_policy", f"waf{plain}"[:128]),
        resource_group_name=args.resource_group_name,
        location="Global",
        sku=frontdoor.SkuArgs(name=f"{args.sku}_AzureFrontDoor"),
        policy_settings=frontdoor.PolicySettingsArgs(
            enabled_state="Enabled", mode=args.firewall.mode, request_body_check="Enabled"
        ),
        custom_rules=frontdoor.CustomRuleListArgs(rules=[*args.firewall.for_front_door()]),
        managed_rules=frontdoor.ManagedRuleSetListArgs(managed_rule_sets=managed if args.sku == "Premium" else []),
        tags=args.tags,
        opts=component.child(),
    )
