# SPDX-License-Identifier: Apache-2.0
"""A host name that an application gateway answers to, and the parts of the gateway that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from pulumi import Input, Output
from pulumi_azure_native import network

from groundplan.component import child_id
from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class Site:
    """A host name of the gateway, and what answers behind it over HTTPS."""

    host_name: str
    """Required. Name that clients call, e.g. `score.example.com`."""
    certificate_secret_id: Input[str]
    """Required. Secret URI of the site's certificate in Key Vault, without a version, so that renewals are taken."""
    backends: tuple[Input[str], ...]
    """Required. Host names or private addresses that answer, e.g. an online endpoint's."""
    backend_host_name: Input[str] | None = None
    """Optional. Name that the backends are asked for, which their certificate has. Default: each backend's own name."""
    probe_path: str = "/"
    """Optional. Path that tells whether a backend lives. Default: `/`."""
    probe_status_codes: tuple[str, ...] = ("200-399",)
    """Optional. Status codes of a live backend; a scoring host that wants a token answers 401. Default: 200-399."""
    timeout_seconds: int = 60
    """Optional. Seconds that a backend may take. Default: 60."""

    def __post_init__(self) -> None:
        if not self.backends:
            raise ArgumentError(f"site {self.host_name!r}: backends is empty; name at least one host that answers")
        if not self.probe_path.startswith("/"):
            raise ArgumentError(f"site {self.host_name!r}: probe_path is {self.probe_path!r}; it starts with a slash")
        if self.timeout_seconds < 1:
            raise ArgumentError(
                f"site {self.host_name!r}: timeout_seconds is {self.timeout_seconds}; allowed are 1 and more"
            )


def certificate(key: str, site: Site) -> network.ApplicationGatewaySslCertificateArgs:
    """The certificate, which stays in Key Vault."""
    return network.ApplicationGatewaySslCertificateArgs(name=key, key_vault_secret_id=site.certificate_secret_id)


def pool(key: str, site: Site) -> network.ApplicationGatewayBackendAddressPoolArgs:
    """What answers behind the site."""
    return network.ApplicationGatewayBackendAddressPoolArgs(
        name=key, backend_addresses=[_backend(each) for each in site.backends]
    )


def probe(key: str, site: Site) -> network.ApplicationGatewayProbeArgs:
    """How the gateway asks whether a backend lives."""
    return network.ApplicationGatewayProbeArgs(
        name=key,
        protocol="Https",
        path=site.probe_path,
        pick_host_name_from_backend_http_settings=True,
        interval=30,
        timeout=30,
        unhealthy_threshold=3,
        match=network.ApplicationGatewayProbeHealthResponseMatchArgs(status_codes=[*site.probe_status_codes]),
    )


def settings(key: str, site: Site, whole: Output[str]) -> network.ApplicationGatewayBackendHttpSettingsArgs:
    """How the gateway calls the backends."""
    return network.ApplicationGatewayBackendHttpSettingsArgs(
        name=key,
        protocol="Https",
        port=443,
        host_name=site.backend_host_name,
        pick_host_name_from_backend_address=site.backend_host_name is None,
        cookie_based_affinity="Disabled",
        request_timeout=site.timeout_seconds,
        probe=part(whole, "probes", key),
    )


def rule(key: str, whole: Output[str], priority: int) -> network.ApplicationGatewayRequestRoutingRuleArgs:
    """What ties the site's listener to its backends."""
    return network.ApplicationGatewayRequestRoutingRuleArgs(
        name=key,
        priority=priority,
        rule_type="Basic",
        http_listener=part(whole, "httpListeners", key),
        backend_address_pool=part(whole, "backendAddressPools", key),
        backend_http_settings=part(whole, "backendHttpSettingsCollection", key),
    )


def part(gateway_id: Output[str], kind: str, name: str) -> network.SubResourceArgs:
    """A reference to a part of the gateway with this id, e.g. its `probes` of a site's key."""
    return network.SubResourceArgs(id=child_id(gateway_id, kind, name))


def _backend(address: Input[str]) -> network.ApplicationGatewayBackendAddressArgs:
    if isinstance(address, str) and _is_address(address):
        return network.ApplicationGatewayBackendAddressArgs(ip_address=address)
    return network.ApplicationGatewayBackendAddressArgs(fqdn=address)


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
