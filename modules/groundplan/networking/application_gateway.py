# SPDX-License-Identifier: Apache-2.0
"""Public entry through an application gateway in the platform's own network, with a web application firewall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import network

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name, derived_name
from groundplan.networking.gateway_site import Site, certificate, part, pool, probe, rule, settings
from groundplan.networking.web_firewall import WebFirewall


@dataclass(frozen=True, kw_only=True)
class ApplicationGatewayArgs(ResourceArgs):
    """Arguments of `ApplicationGateway`."""

    subnet_id: Input[str]
    """Required. ARM id of a subnet of its own, with `gateway_rules()`; Azure recommends a /24."""
    identity_id: Input[str]
    """Required. ARM id of a user-assigned identity that reads the certificates (role `Key Vault Secrets User`)."""
    sites: Mapping[str, Site]
    """Required. Host names that the gateway answers to, by a key."""
    firewall: WebFirewall = field(default_factory=WebFirewall)
    """Optional. Rules beside the managed ones. Default: managed rules, blocking."""
    max_body_kilobytes: int = 128
    """Optional. Largest request that comes in, 8 to 2000; pictures to score often need more than the default. Default:
    128."""
    private_address: str | None = None
    """Optional. Listen on this address of the subnet only. Default: on the public address."""
    min_capacity: int = 0
    """Optional. Capacity units that are always there, 0 to 125. Default: 0; Azure still charges the gateway's hours."""
    max_capacity: int = 10
    """Optional. Most capacity units, 2 to 125. Default: 10."""
    zones: tuple[str, ...] = ()
    """Optional. Availability zones, e.g. `("1", "2", "3")`. Default: Azure's choice."""
    gateway_name: str | None = None
    """Optional. Azure name; those of its parts derive from it. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.sites:
            raise ArgumentError(
                "application gateway: sites is empty; name at least one host that the gateway answers to"
            )
        hosts = [site.host_name for site in self.sites.values()]
        if twice := sorted({host for host in hosts if hosts.count(host) > 1}):
            raise ArgumentError(
                f"application gateway: host names {twice} are those of several sites; give each its own"
            )
        for key in self.sites:
            check_name("application_gateway", key)
        # Source: learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-waf-request-size-limits
        if not 8 <= self.max_body_kilobytes <= 2000:
            raise ArgumentError(
                f"application gateway: max_body_kilobytes is {self.max_body_kilobytes}; allowed are 8 to 2000"
            )
        # Source: learn.microsoft.com/azure/application-gateway/configuration-infrastructure (125 instances), and minCapacity
        # and maxCapacity in the specification of Microsoft.Network
        if not 0 <= self.min_capacity <= 125 or not max(2, self.min_capacity) <= self.max_capacity <= 125:
            raise ArgumentError(
                f"application gateway: capacity is {self.min_capacity} to {self.max_capacity}; allowed are 0 to 125 at "
                "least, and 2 to 125, no less than that, at most"
            )


class ApplicationGateway(Component):
    """A gateway that takes HTTPS only, with certificates that stay in Key Vault and a firewall that blocks.

    Example:
        ApplicationGateway("entry", ApplicationGatewayArgs(
            resource_group_name=group.name, subnet_id=network.subnet_ids["gateway"], identity_id=identity.id,
            sites={"score": Site(host_name="score.example.com", certificate_secret_id=secret, backends=("10.20.0.9",))}))
    """

    id: Output[str]
    """ARM id of the gateway."""
    name: Output[str]
    """Azure name of the gateway."""
    public_address: Output[str]
    """Public address of the gateway: what the sites' DNS records hold, unless it listens on a private one."""
    firewall_policy_id: Output[str]
    """ARM id of the firewall's policy."""

    def __init__(self, name: str, args: ApplicationGatewayArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("application_gateway", args.gateway_name or name)
        address = _address(self, name, azure_name, args)
        policy = _policy(self, name, azure_name, args)
        gateway = _gateway(self, name, azure_name, args, address, policy)
        attach(self, name, gateway.id, args, arm_type="Microsoft.Network/applicationGateways", after=[address, policy])
        self.id = gateway.id
        self.name = gateway.name
        self.public_address = address.ip_address.apply(lambda found: found or "")
        self.firewall_policy_id = policy.id
        self.seal()


def _address(component: Component, name: str, azure_name: str, args: ApplicationGatewayArgs) -> network.PublicIPAddress:
    """Azure wants a public address even where nothing listens on it."""
    return network.PublicIPAddress(
        name,
        public_ip_address_name=derived_name("public_ip", f"pip-{azure_name}"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        sku=network.PublicIPAddressSkuArgs(name="Standard"),
        public_ip_allocation_method="Static",
        zones=[*args.zones] or None,
        tags=args.tags,
        # Azure writes the gateway's configuration here, too; a refresh would bring it back as a change to undo
        opts=component.child(ResourceOptions(ignore_changes=["ipConfiguration"])),
    )


def _gateway(
    component: Component,
    name: str,
    azure_name: str,
    args: ApplicationGatewayArgs,
    address: network.PublicIPAddress,
    policy: network.WebApplicationFirewallPolicy,
) -> network.ApplicationGateway:
    # the parts of a gateway name each other by ids below its own, which is not known before it is made
    whole = policy.id.apply(
        lambda found: (
            f"{found.rpartition('/providers/')[0]}/providers/Microsoft.Network/applicationGateways/{azure_name}"
        )
    )
    sites = args.sites.items()
    return network.ApplicationGateway(
        name,
        application_gateway_name=azure_name,
        resource_group_name=args.resource_group_name,
        location=args.location,
        sku=network.ApplicationGatewaySkuArgs(name="WAF_v2", tier="WAF_v2"),
        autoscale_configuration=network.ApplicationGatewayAutoscaleConfigurationArgs(
            min_capacity=args.min_capacity, max_capacity=args.max_capacity
        ),
        zones=[*args.zones] or None,
        identity=network.ManagedServiceIdentityArgs(
            type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[args.identity_id]
        ),
        enable_http2=True,
        firewall_policy=network.SubResourceArgs(id=policy.id),
        ssl_policy=network.ApplicationGatewaySslPolicyArgs(
            policy_type="Predefined", policy_name="AppGwSslPolicy20220101S"
        ),
        gateway_ip_configurations=[
            network.ApplicationGatewayIPConfigurationArgs(
                name="gateway", subnet=network.SubResourceArgs(id=args.subnet_id)
            )
        ],
        frontend_ip_configurations=_frontends(address, args),
        frontend_ports=[network.ApplicationGatewayFrontendPortArgs(name="https", port=443)],
        ssl_certificates=[certificate(key, site) for key, site in sites],
        backend_address_pools=[pool(key, site) for key, site in sites],
        probes=[probe(key, site) for key, site in sites],
        backend_http_settings_collection=[settings(key, site, whole) for key, site in sites],
        http_listeners=[_listener(key, site, whole, args) for key, site in sites],
        request_routing_rules=[rule(key, whole, 100 + 10 * index) for index, key in enumerate(args.sites)],
        tags=args.tags,
        opts=component.child(),
    )


def _frontends(
    address: network.PublicIPAddress, args: ApplicationGatewayArgs
) -> list[network.ApplicationGatewayFrontendIPConfigurationArgs]:
    public = network.ApplicationGatewayFrontendIPConfigurationArgs(
        name="public", public_ip_address=network.SubResourceArgs(id=address.id)
    )
    if args.private_address is None:
        return [public]
    private = network.ApplicationGatewayFrontendIPConfigurationArgs(
        name="private",
        private_ip_address=args.private_address,
        private_ip_allocation_method="Static",
        subnet=network.SubResourceArgs(id=args.subnet_id),
    )
    return [public, private]


def _listener(
    key: str, site: Site, whole: Output[str], args: ApplicationGatewayArgs
) -> network.ApplicationGatewayHttpListenerArgs:
    frontend = "public" if args.private_address is None else "private"
    return network.ApplicationGatewayHttpListenerArgs(
        name=key,
        protocol="Https",
        host_name=site.host_name,
        require_server_name_indication=True,
        frontend_ip_configuration=part(whole, "frontendIPConfigurations", frontend),
        frontend_port=part(whole, "frontendPorts", "https"),
        ssl_certificate=part(whole, "sslCertificates", key),
    )


def _policy(
    component: Component, name: str, azure_name: str, args: ApplicationGatewayArgs
) -> network.WebApplicationFirewallPolicy:
    return network.WebApplicationFirewallPolicy(
        name,
        policy_name=derived_name("web_application_firewall_policy", f"waf-{azure_name}"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        policy_settings=network.PolicySettingsArgs(
            state="Enabled",
            mode=args.firewall.mode,
            request_body_check=True,
            max_request_body_size_in_kb=args.max_body_kilobytes,
        ),
        custom_rules=[*args.firewall.for_gateway()],
        managed_rules=network.ManagedRulesDefinitionArgs(
            managed_rule_sets=[
                network.ManagedRuleSetArgs(rule_set_type="Microsoft_DefaultRuleSet", rule_set_version="2.1"),
                network.ManagedRuleSetArgs(rule_set_type="Microsoft_BotManagerRuleSet", rule_set_version="1.0"),
            ]
        ),
        tags=args.tags,
        opts=component.child(),
    )
