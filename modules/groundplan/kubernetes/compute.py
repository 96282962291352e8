# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster as a compute of a workspace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.compute.compute import ComputeArgs, declare_compute
from groundplan.errors import ArgumentError
from groundplan.identities import acts_as, principal_of

_QUANTITY: Final = re.compile(r"(\d+(\.\d*)?|\.\d+)(n|u|m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?\d+)?")
"""Source: kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity."""


@dataclass(frozen=True, kw_only=True)
class InstanceType:
    """What a workload gets of the cluster; jobs and deployments ask for it by its key."""

    cpu: str
    """Required. Cores, e.g. `2` or `1500m`."""
    memory: str
    """Required. Memory, e.g. `8Gi`."""
    gpus: int = 0
    """Optional. NVIDIA GPUs. Default: none."""
    cpu_request: str | None = None
    """Optional. Cores that are kept free for the workload. Default: as many as `cpu`."""
    memory_request: str | None = None
    """Optional. Memory that is kept free for the workload. Default: as much as `memory`."""
    node_selector: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Labels of the nodes that the workload may run on. Default: any node."""

    def __post_init__(self) -> None:
        for name in ("cpu", "memory", "cpu_request", "memory_request"):
            value: str | None = getattr(self, name)
            if value is not None and _QUANTITY.fullmatch(value) is None:
                raise ArgumentError(
                    f"instance type: {name} is {value!r}; expected is a Kubernetes quantity such as '2', '1500m' or '8Gi'"
                )
        if self.gpus < 0:
            raise ArgumentError(f"instance type: gpus is {self.gpus}; allowed is 0 or more")

    def to_azure(self) -> ml.InstanceTypeSchemaArgs:
        """The type as the compute's properties take it."""
        gpus = {"nvidia.com/gpu": str(self.gpus)} if self.gpus else {}
        return ml.InstanceTypeSchemaArgs(
            node_selector=dict(self.node_selector) or None,
            resources=ml.InstanceTypeSchemaResourcesArgs(
                limits={"cpu": self.cpu, "memory": self.memory, **gpus},
                requests={
                    "cpu": self.cpu_request or self.cpu,
                    "memory": self.memory_request or self.memory,
                    **gpus,
                },
            ),
        )


@dataclass(frozen=True, kw_only=True)
class KubernetesComputeArgs(ComputeArgs):
    """Arguments of `KubernetesCompute`."""

    cluster_id: Input[str]
    """Required. ARM id of an AKS or Arc cluster with Azure Machine Learning's extension:
    `MachineLearningExtension.cluster_id`, which waits for it."""
    instance_types: Mapping[str, InstanceType]
    """Required. Instance types by name: lower case letters, digits and dashes."""
    default_instance_type: str | None = None
    """Conditional. The one for workloads that ask for none. Required if there are several; default: the only one."""
    namespace: str = "default"
    """Optional. Kubernetes namespace of the workloads; it has to be there. Default: `default`."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of the user-assigned identity that workloads act as. Default: a system-assigned identity."""

    def __post_init__(self) -> None:
        if not self.instance_types:
            raise ArgumentError("kubernetes compute: instance_types is empty; workloads could ask for nothing")
        if wrong := [key for key in self.instance_types if re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", key) is None]:
            raise ArgumentError(
                f"kubernetes compute: instance_types has {wrong}; allowed are lower case letters, digits and dashes, "
                "first and last a letter or digit"
            )
        if self.default_instance_type is None:
            if len(self.instance_types) > 1:
                raise ArgumentError(
                    "kubernetes compute: default_instance_type is required with several instance types: "
                    f"one of {', '.join(self.instance_types)}"
                )
        elif self.default_instance_type not in self.instance_types:
            raise ArgumentError(
                f"kubernetes compute: default_instance_type is {self.default_instance_type!r}; "
                f"allowed are {', '.join(self.instance_types)}"
            )
        if re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", self.namespace) is None:
            raise ArgumentError(
                f"kubernetes compute: namespace is {self.namespace!r}; allowed are 1 to 63 lower case letters, digits "
                "and dashes, first and last a letter or digit"
            )


class KubernetesCompute(Component):
    """An attached cluster, with the sizes that jobs and deployments may ask for and an identity of its own.

    Example:
        KubernetesCompute("inference", KubernetesComputeArgs(
            resource_group_name=group.name, workspace_name=workspace.name, cluster_id=extension.cluster_id,
            instance_types={"small": InstanceType(cpu="1", memory="4Gi")}))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: what jobs give as their compute."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with a user-assigned one."""

    def __init__(self, name: str, args: KubernetesComputeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        compute = declare_compute(
            self,
            name,
            args,
            ml.KubernetesArgs(
                compute_type="Kubernetes",
                description=args.description,
                resource_id=args.cluster_id,
                properties=ml.KubernetesPropertiesArgs(
                    namespace=args.namespace,
                    instance_types={key: each.to_azure() for key, each in args.instance_types.items()},
                    default_instance_type=args.default_instance_type or next(iter(args.instance_types)),
                ),
            ),
            identity=acts_as(() if args.identity_id is None else (args.identity_id,)),
            fixed=["resourceId", "properties.namespace"],
        )
        self.id = compute.id
        self.name = compute.name
        self.principal_id = principal_of(compute.identity)
        self.seal()
