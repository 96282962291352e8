# SPDX-License-Identifier: Apache-2.0
"""Azure Machine Learning's extension, which makes a Kubernetes cluster a place for training and inference."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import kubernetesconfiguration

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.naming import check_name

_PROVIDERS: Final = {
    "AKS": ("Microsoft.ContainerService", "managedClusters"),
    "Arc": ("Microsoft.Kubernetes", "connectedClusters"),
}


@dataclass(frozen=True, kw_only=True)
class InferenceRouter:
    """The service of the cluster that takes scoring requests and hands them to deployments."""

    service_type: Literal["LoadBalancer", "NodePort", "ClusterIP"] = "LoadBalancer"
    """Optional. How the router is reached: over a load balancer, a port of each node, or from within the cluster only.
    Default: a load balancer."""
    public: bool = False
    """Optional. The load balancer has a public address. Default: no; it is internal, which AKS alone offers."""
    domain: str | None = None
    """Conditional. DNS name of the router in its certificate. Required unless `insecure_connections` is set."""
    certificate: Input[str] | None = None
    """Conditional. TLS certificate in PEM. Required together with `private_key` unless `tls_secret` or
    `insecure_connections` is given."""
    private_key: Input[str] | None = None
    """Conditional. Private key of the certificate in PEM, without a pass phrase; goes in and never comes out. Required
    together with `certificate`."""
    tls_secret: str | None = None
    """Conditional. Name of a Kubernetes secret in the namespace `azureml` with `cert.pem` and `key.pem`, in place of
    `certificate` and `private_key`."""
    insecure_connections: bool = False
    """Optional. Plain HTTP, for tests. Default: no."""
    high_availability: bool = True
    """Optional. Three replicas, which need three nodes. Default: yes."""

    def __post_init__(self) -> None:
        if self.public and self.service_type != "LoadBalancer":
            raise ArgumentError(
                f"inference router: public is for service_type 'LoadBalancer', but that is {self.service_type!r}"
            )
        if (self.certificate is None) != (self.private_key is None):
            raise ArgumentError("inference router: certificate and private_key come together; pass both or neither")
        ways = [self.certificate is not None, self.tls_secret is not None, self.insecure_connections]
        if sum(ways) != 1:
            raise ArgumentError(
                "inference router: pass one of certificate (with private_key), tls_secret and insecure_connections=True"
            )
        if (self.domain is None) != self.insecure_connections:
            raise ArgumentError("inference router: domain is required with TLS and refused with insecure_connections")


@dataclass(frozen=True, kw_only=True)
class MachineLearningExtensionArgs:
    """Arguments of `MachineLearningExtension`."""

    resource_group_name: Input[str]
    """Required. Resource group of the cluster."""
    cluster_id: Input[str]
    """Required. ARM id of the cluster."""
    cluster_name: Input[str]
    """Required. Azure name of the cluster."""
    cluster_type: Literal["AKS", "Arc"] = "AKS"
    """Optional. `Arc` is a cluster elsewhere that Azure Arc knows. Default: `AKS`."""
    training: bool = True
    """Optional. Training jobs and batch scoring. Default: yes."""
    inference: InferenceRouter | None = None
    """Optional. Online endpoints. Default: none."""
    node_selector: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Labels of the nodes that the extension and all workloads run on. Default: any node."""
    gpu_device_plugin: bool = False
    """Optional. Install NVIDIA's device plugin on nodes with GPUs, unless something else does. Default: no."""
    gpu_metrics: bool = False
    """Optional. Export GPU metrics to the portal. Default: no."""
    prometheus_operator: bool = True
    """Optional. Install the Prometheus operator; off uses one that is there. Default: yes."""
    volcano: bool = True
    """Optional. Install the Volcano scheduler; off uses one that is there. Default: yes."""
    relay_connection_string: Input[str] | None = None
    """Conditional. Connection string of an Azure Relay hybrid connection, over which the workspace reaches an Arc
    cluster; kept secret. Required if `cluster_type` is `Arc`, refused otherwise."""
    relay_id: Input[str] | None = None
    """Conditional. ARM id of that hybrid connection. Required if `cluster_type` is `Arc`, refused otherwise."""
    version: str | None = None
    """Optional. Version to stay on. Default: the newest, upgraded within its major version."""
    extension_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.training and self.inference is None:
            raise ArgumentError("machine learning extension: nothing would run; set training=True or pass inference")
        for name in ("relay_connection_string", "relay_id"):
            if (self.cluster_type == "Arc") != (getattr(self, name) is not None):
                raise ArgumentError(
                    f"machine learning extension on {self.cluster_type!r}: {name} is required for 'Arc' and refused otherwise"
                )
        router = self.inference
        if self.cluster_type == "Arc" and router and router.service_type == "LoadBalancer" and not router.public:
            raise ArgumentError(
                "machine learning extension on 'Arc': an internal load balancer exists on AKS only; "
                "choose service_type 'NodePort' or 'ClusterIP', or set public=True"
            )


class MachineLearningExtension(Component):
    """The extension on an AKS or Arc cluster: training, and an inference router with TLS behind an internal address.

    Example:
        MachineLearningExtension("azureml", MachineLearningExtensionArgs(
            resource_group_name=group.name, cluster_id=cluster.id, cluster_name=cluster.name))
    """

    id: Output[str]
    """ARM id of the extension."""
    cluster_id: Output[str]
    """ARM id of the cluster, known once the extension is in place: what `KubernetesCompute` takes."""
    principal_id: Output[str]
    """Object id of the extension's identity."""

    def __init__(self, name: str, args: MachineLearningExtensionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        provider, kind = _PROVIDERS[args.cluster_type]
        extension = kubernetesconfiguration.Extension(
            name,
            extension_name=check_name("kubernetes_extension", args.extension_name or name),
            resource_group_name=args.resource_group_name,
            cluster_rp=provider,
            cluster_resource_name=kind,
            cluster_name=args.cluster_name,
            extension_type="Microsoft.AzureML.Kubernetes",
            auto_upgrade_minor_version=args.version is None,
            version=args.version,
            release_train="stable",
            identity=kubernetesconfiguration.IdentityArgs(
                type=kubernetesconfiguration.ResourceIdentityType.SYSTEM_ASSIGNED
            ),
            scope=kubernetesconfiguration.ScopeArgs(
                cluster=kubernetesconfiguration.ScopeClusterArgs(release_namespace="azureml")
            ),
            configuration_settings=_settings(args),
            configuration_protected_settings=_protected(args),
            # what goes in protected never comes out, and Azure answers with nothing in its place
            opts=self.child(ResourceOptions(additional_secret_outputs=["configurationProtectedSettings"])),
        )
        self.id = extension.id
        self.cluster_id = Output.all(extension.id, args.cluster_id).apply(lambda ids: ids[1])
        self.principal_id = principal_of(extension.identity)
        self.seal()


def _settings(args: MachineLearningExtensionArgs) -> dict[str, Input[str]]:
    """Settings by the names of Microsoft's "Deploy Azure Machine Learning extension", and those that the `az` client adds to them."""
    found: dict[str, Input[str]] = {
        "enableTraining": str(args.training),
        "enableInference": str(args.inference is not None),
        "installNvidiaDevicePlugin": str(args.gpu_device_plugin),
        "installDcgmExporter": str(args.gpu_metrics),
        "installPromOp": str(args.prometheus_operator),
        "installVolcano": str(args.volcano),
        "cluster_name": args.cluster_id,
        "clusterId": args.cluster_id,
        "cluster_name_friendly": args.cluster_name,
        "relayserver.enabled": str(args.cluster_type == "Arc"),
        "servicebus.enabled": "False",
        "nginxIngress.enabled": "False",
        **{f"nodeSelector.{key}": value for key, value in args.node_selector.items()},
    }
    if args.relay_id is not None:
        found["relayserver.hybridConnectionResourceID"] = args.relay_id
        found["relayserver.hybridConnectionName"] = Output.from_input(args.relay_id).apply(
            lambda relay: relay.rpartition("/")[2]
        )
    router = args.inference
    if router is None:
        return found
    found["inferenceRouterServiceType"] = router.service_type
    found["inferenceRouterHA"] = str(router.high_availability)
    found["allowInsecureConnections"] = str(router.insecure_connections)
    if router.service_type == "NodePort":
        found["scoringFe.serviceType.nodePort"] = "True"
    if router.service_type == "LoadBalancer" and not router.public:
        found["internalLoadBalancerProvider"] = "azure"
        found["scoringFe.serviceType.internalLoadBalancer"] = "True"
    if router.domain is not None:
        found["sslCname"] = router.domain
    if router.tls_secret is not None:
        found["sslSecret"] = found["scoringFe.sslSecret"] = router.tls_secret
    return found


def _protected(args: MachineLearningExtensionArgs) -> dict[str, Output[str]] | None:
    found: dict[str, Output[str]] = {}
    if args.inference and args.inference.certificate is not None and args.inference.private_key is not None:
        found["scoringFe.sslCert"] = _encoded(args.inference.certificate)
        found["scoringFe.sslKey"] = _encoded(args.inference.private_key)
    if args.relay_connection_string is not None:
        found["relayserver.relayConnectionString"] = Output.secret(args.relay_connection_string)
    return found or None


def _encoded(pem: Input[str]) -> Output[str]:
    return Output.secret(pem).apply(lambda text: base64.b64encode(text.encode()).decode())
