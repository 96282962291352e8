# SPDX-License-Identifier: Apache-2.0
"""One container that answers requests: inference too light for an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import containerinstance

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.serving.secret_values import refuse_secrets

ADVICE: Final = "Pass it in secret_environment_variables, which Azure never shows again"


@dataclass(frozen=True, kw_only=True)
class HttpProbe:
    """How the service asks the container for its health, over HTTP."""

    path: str
    """Required. Path that answers with 200 to 399 when all is well, e.g. `/health`."""
    port: int | None = None
    """Optional. Port that is asked. Default: the first of `ports`."""
    initial_delay_seconds: int = 10
    """Optional. Seconds until the first question; large models need more. Default: 10."""
    period_seconds: int = 10
    """Optional. Seconds between questions. Default: 10."""
    timeout_seconds: int = 2
    """Optional. Seconds to wait for an answer. Default: 2."""
    failures: int = 3
    """Optional. Wrong answers in a row until the container is taken for dead. Default: 3."""

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ArgumentError(f"http probe: path is {self.path!r}; it starts with a slash, as /health does")
        for name in ("period_seconds", "timeout_seconds", "failures"):
            if getattr(self, name) < 1:
                raise ArgumentError(f"http probe: {name} is {getattr(self, name)}; allowed are 1 and more")


@dataclass(frozen=True, kw_only=True)
class ContainerLogs:
    """The Log Analytics workspace that gets what the container prints."""

    workspace_id: Input[str]
    """Required. ARM id of the workspace."""
    customer_id: Input[str]
    """Required. GUID of the workspace, which Azure calls its customer id."""
    key: Input[str]
    """Required. A key of the workspace; this service knows no other way. Kept as a secret."""


@dataclass(frozen=True, kw_only=True)
class ContainerInstanceArgs(ResourceArgs):
    """Arguments of `ContainerInstance`."""

    image: Input[str]
    """Required. Image with its tag or digest: `<registry>.azurecr.io/<repository>@sha256:...`."""
    registry_server: Input[str] | None = None
    """Conditional. Login server of the registry, pulled from as `identity_id`. Required unless the image is public."""
    identity_id: Input[str] | None = None
    """Conditional. ARM id of the user-assigned identity, of the container and for the pull (`AcrPull`). Required with
    `registry_server`: Azure pulls before an identity of the group's own could have a role."""
    subnet_id: Input[str] | None = None
    """Conditional. ARM id of a subnet delegated to `Microsoft.ContainerInstance/containerGroups`. Required unless
    `public_ip_address` is set."""
    public_ip_address: bool = False
    """Optional. A public address in place of `subnet_id`: the ports are open to the internet, without TLS. Default: no."""
    dns_label: str | None = None
    """Optional. Name of the public address, `<label>.<region>.azurecontainer.io`. Needs `public_ip_address`. Default: none."""
    ports: tuple[int, ...] = (8080,)
    """Optional. TCP ports that the container listens on. Default: 8080."""
    cpu: float = 1
    """Optional. Cores that are set aside and paid for. Default: 1."""
    memory_gb: float = 2
    """Optional. Memory that is set aside, in GB. Default: 2."""
    cpu_limit: float | None = None
    """Optional. Cores that the container may use at most. Default: `cpu`."""
    memory_limit_gb: float | None = None
    """Optional. Memory in GB above which the container is stopped. Default: `memory_gb`."""
    command: tuple[Input[str], ...] = ()
    """Optional. Command and arguments in place of the image's. Default: the image's."""
    environment_variables: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Variables in plain text; secrets are refused. Default: none."""
    secret_environment_variables: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]], repr=False)
    """Optional. Variables that Azure never shows again and that the state encrypts. Default: none."""
    liveness_probe: HttpProbe | None = None
    """Optional. Restarts a container that fails it. Default: none."""
    readiness_probe: HttpProbe | None = None
    """Optional. Keeps requests from a container that fails it. Default: none."""
    restart_policy: Literal["Always", "OnFailure", "Never"] = "Always"
    """Optional. What happens when the container ends. Default: it starts again."""
    dns_servers: tuple[Input[str], ...] = ()
    """Optional. Addresses of DNS servers; with `subnet_id` only. Default: Azure's, which know linked private zones."""
    zone: Literal["1", "2", "3"] | None = None
    """Optional. Availability zone. Default: Azure chooses."""
    logs: ContainerLogs | None = None
    """Optional. Where the container's output goes. Default: nowhere; Azure shows the latest."""
    group_name: str | None = None
    """Optional. Azure name of the container group. Default: the component's name."""

    def __post_init__(self) -> None:
        self._check_network()
        if self.registry_server is not None and self.identity_id is None:
            raise ArgumentError("container instance: registry_server needs identity_id, as which the image is pulled")
        for name in ("cpu", "memory_gb"):
            if getattr(self, name) <= 0:
                raise ArgumentError(f"container instance: {name} is {getattr(self, name)}; allowed is more than 0")
        for name, least in (("cpu_limit", self.cpu), ("memory_limit_gb", self.memory_gb)):
            limit = getattr(self, name)
            if limit is not None and limit < least:
                raise ArgumentError(
                    f"container instance: {name} is {limit}; allowed are {least}, which is set aside, and more"
                )
        if both := sorted({*self.environment_variables} & {*self.secret_environment_variables}):
            raise ArgumentError(f"container instance: {both[0]!r} is both a plain and a secret variable; give it once")
        refuse_secrets("container instance", self.environment_variables, reference="(?!)", advice=ADVICE)

    def _check_network(self) -> None:
        if self.public_ip_address == (self.subnet_id is not None):
            raise ArgumentError(
                "container instance: give either subnet_id, or public_ip_address=True, which exposes the ports to the internet; "
                "Azure knows no group with both or neither that answers requests"
            )
        if self.dns_label is not None and not self.public_ip_address:
            raise ArgumentError("container instance: dns_label names a public address; there is none")
        if self.dns_servers and self.subnet_id is None:
            raise ArgumentError("container instance: dns_servers needs subnet_id; a public container uses Azure's")
        if not self.ports:
            raise ArgumentError("container instance: ports is empty; name the port that answers requests")
        if wrong := [port for port in self.ports if not 1 <= port <= 65535]:
            raise ArgumentError(f"container instance: ports has {wrong[0]}; allowed are 1 to 65535")


class ContainerInstance(Component):
    """A container in a subnet of one's own, its image pulled as an identity, its secrets shown to nobody.

    Example:
        ContainerInstance("scorer", ContainerInstanceArgs(
            resource_group_name=group.name, image="crvision.azurecr.io/scorer:1", registry_server="crvision.azurecr.io",
            identity_id=identity.id, subnet_id=network.subnet_ids["containers"]))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name of the container group."""
    ip_address: Output[str]
    """Address that the ports answer on: of the subnet, or public. It may change when the group starts again."""
    fqdn: Output[str]
    """Host name of the public address; empty without `dns_label`."""

    def __init__(self, name: str, args: ContainerInstanceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("container_instance", args.group_name or name)
        group = containerinstance.ContainerGroup(
            name,
            container_group_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            os_type=containerinstance.OperatingSystemTypes.LINUX,
            sku=containerinstance.ContainerGroupSku.STANDARD,
            restart_policy=args.restart_policy,
            containers=[_container(azure_name, args)],
            image_registry_credentials=None
            if args.registry_server is None
            else [
                containerinstance.ImageRegistryCredentialArgs(server=args.registry_server, identity=args.identity_id)
            ],
            identity=None
            if args.identity_id is None
            else containerinstance.ContainerGroupIdentityArgs(
                type=containerinstance.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[args.identity_id]
            ),
            ip_address=containerinstance.IpAddressArgs(
                type="Public" if args.public_ip_address else "Private",
                ports=[containerinstance.PortArgs(port=port, protocol="TCP") for port in args.ports],
                dns_name_label=args.dns_label,
            ),
            subnet_ids=None
            if args.subnet_id is None
            else [containerinstance.ContainerGroupSubnetIdArgs(id=args.subnet_id)],
            dns_config=containerinstance.DnsConfigurationArgs(name_servers=[*args.dns_servers])
            if args.dns_servers
            else None,
            zones=[args.zone] if args.zone else None,
            diagnostics=_logs(args.logs),
            tags=args.tags,
            # What Azure cannot change in a group that exists; source: Microsoft's "Update containers in Azure Container Instances"
            opts=self.child(
                ResourceOptions(
                    replace_on_changes=[
                        "containers[*].resources",
                        "ipAddress.type",
                        "osType",
                        "restartPolicy",
                        "subnetIds",
                        "zones",
                    ],
                    delete_before_replace=True,
                )
            ),
        )
        attach(self, name, group.id, args, arm_type="Microsoft.ContainerInstance/containerGroups")
        self.id = group.id
        self.name = group.name
        self.ip_address = group.ip_address.apply(lambda address: (address.ip or "") if address else "")
        self.fqdn = group.ip_address.apply(lambda address: (address.fqdn or "") if address else "")
        self.seal()


def _container(azure_name: str, args: ContainerInstanceArgs) -> containerinstance.ContainerArgs:
    plain = [
        containerinstance.EnvironmentVariableArgs(name=key, value=value)
        for key, value in args.environment_variables.items()
    ]
    secret = [
        containerinstance.EnvironmentVariableArgs(name=key, secure_value=Output.secret(value))
        for key, value in args.secret_environment_variables.items()
    ]
    return containerinstance.ContainerArgs(
        name=azure_name,
        image=args.image,
        command=[*args.command] or None,
        environment_variables=[*plain, *secret],
        ports=[containerinstance.ContainerPortArgs(port=port, protocol="TCP") for port in args.ports],
        resources=containerinstance.ResourceRequirementsArgs(
            requests=containerinstance.ResourceRequestsArgs(cpu=args.cpu, memory_in_gb=args.memory_gb),
            limits=containerinstance.ResourceLimitsArgs(
                cpu=args.cpu_limit or args.cpu, memory_in_gb=args.memory_limit_gb or args.memory_gb
            ),
        ),
        liveness_probe=_probe(args.liveness_probe, args.ports[0]),
        readiness_probe=_probe(args.readiness_probe, args.ports[0]),
    )


def _probe(probe: HttpProbe | None, port: int) -> containerinstance.ContainerProbeArgs | None:
    if probe is None:
        return None
    return containerinstance.ContainerProbeArgs(
        http_get=containerinstance.ContainerHttpGetArgs(path=probe.path, port=probe.port or port, scheme="http"),
        initial_delay_seconds=probe.initial_delay_seconds,
        period_seconds=probe.period_seconds,
        timeout_seconds=probe.timeout_seconds,
        failure_threshold=probe.failures,
        success_threshold=1,
    )


def _logs(logs: ContainerLogs | None) -> containerinstance.ContainerGroupDiagnosticsArgs | None:
    if logs is None:
        return None
    return containerinstance.ContainerGroupDiagnosticsArgs(
        log_analytics=containerinstance.LogAnalyticsArgs(
            workspace_id=logs.customer_id,
            workspace_key=Output.secret(logs.key),
            workspace_resource_id=logs.workspace_id,
            log_type="ContainerInstanceLogs",
        )
    )
