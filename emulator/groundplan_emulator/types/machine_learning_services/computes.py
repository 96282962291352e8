# SPDX-License-Identifier: Apache-2.0
"""Computes of a workspace: clusters, instances, Kubernetes and attached ones."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.ml.jobs import states
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import compute_view, managed_network, vm_sizes
from groundplan_emulator.types.machine_learning_services.compute_actions import ComputeActions
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    check_duration,
    linked,
    user_error,
    workspace_of,
)

LENGTHS = {"ComputeInstance": (3, 24), "AmlCompute": (3, 32)}
EXTENSION = "microsoft.azureml.kubernetes"


class Computes(ComputeActions, MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/computes: AmlCompute, ComputeInstance, Kubernetes and the attached types.

    Differs from Azure:
    - no machine is started: a cluster has a node at once where a job needs one, an instance runs until it is stopped
    - a DELETE without `underlyingResourceAction` counts as `Delete`
    - quota is not taken from the subscription's usage
    """

    type: ClassVar[str] = f"{WORKSPACES}/computes"
    location_required: ClassVar[bool] = False
    required: ClassVar[tuple[str, ...]] = ("properties.computeType",)
    references: ClassVar[tuple[str, ...]] = ("properties.properties.subnet.id",)
    immutable: ClassVar[tuple[str, ...]] = (
        "properties.computeType",
        "properties.resourceId",
        "properties.properties.vmSize",
        "properties.properties.vmPriority",
        "properties.properties.subnet.id",
    )
    write_only: ClassVar[tuple[str, ...]] = (
        "properties.properties.userAccountCredentials.adminUserPassword",
        "properties.properties.administratorAccount.password",
        "properties.properties.databricksAccessToken",
    )
    seconds: ClassVar[Seconds] = Seconds(create=20, update=5, delete=10)
    polled: ClassVar[bool] = True

    def check(self, write: Write) -> None:
        """Name, size, scale, subnet and what the managed network allows."""
        kind = str(write.properties["computeType"])
        inner: dict[str, Any] = write.properties.get("properties") or {}
        if write.old is None:
            _check_name(write, kind)
        if str(write.body.get("identity", {}).get("type", "")) == "SystemAssigned,UserAssigned":
            raise user_error(
                "A compute has a system-assigned identity or user-assigned ones, not both.", "identity.type"
            )
        workspace = workspace_of(write.ctx, write.id.id)
        _check_network(workspace, kind, inner)
        if kind in ("AmlCompute", "ComputeInstance"):
            size = inner.get("vmSize")
            if size is None and write.old is None:
                raise user_error(f"A compute of type '{kind}' needs a vmSize.", "properties.properties.vmSize")
            if size is not None:
                inner["vmSize"] = vm_sizes.check("properties.properties.vmSize", str(size)).name
        if kind == "AmlCompute":
            _check_scale(inner.get("scaleSettings") or {})
        check_duration("properties.properties.idleTimeBeforeShutdown", inner.get("idleTimeBeforeShutdown"))
        if kind == "Kubernetes":
            _check_cluster(write)

    def fill(self, write: Write) -> None:
        """Defaults by type, and the workspace's location."""
        workspace = workspace_of(write.ctx, write.id.id)
        write.body.setdefault("location", workspace.body["location"])
        write.properties.setdefault("computeLocation", write.body["location"])
        inner = write.properties.setdefault("properties", {})
        compute_view.defaults(write.properties["computeType"], inner)
        if write.properties["computeType"] in ("AmlCompute", "ComputeInstance"):
            write.properties.setdefault("disableLocalAuth", True)
        if write.old is None:
            write.private.update(created=write.ctx.clock.stamp(), state="Running", operation="Create")
        write.private["modified"] = write.ctx.clock.stamp()

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The first compute makes the managed network."""
        workspace = workspace_of(ctx, resource.id)
        if managed_network.mode_of(workspace.properties) != managed_network.DISABLED and not managed_network.active(
            workspace
        ):
            managed_network.provision(ctx, workspace)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """State and node counts."""
        return compute_view.view(ctx, resource)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Only `Delete` and `Detach` are known; what the workspace owns cannot be detached."""
        wanted = ctx.request.query.get("underlyingresourceaction", "Delete")
        if wanted.lower() not in ("delete", "detach"):
            raise user_error(
                f"underlyingResourceAction must be 'Delete' or 'Detach', not '{wanted}'.", "underlyingResourceAction"
            )
        if wanted.lower() == "detach" and resource.properties["computeType"] in ("AmlCompute", "ComputeInstance"):
            raise user_error(f"Compute '{resource.name}' belongs to the workspace: it can be deleted, not detached.")

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Jobs on its nodes are cancelled."""
        for job in {node["job"] for node in resource.private.get("nodes") or () if node["job"]}:
            states.cancel_running(ctx, job)


def _check_name(write: Write, kind: str) -> None:
    low, high = LENGTHS.get(kind, (2, 16))
    NameRule(
        rf"[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9-]{{{low - 1},{high - 1}}}",
        f"a compute of type {kind} has {low} to {high} letters, digits and hyphens, starts with a letter"
        " and does not end in a hyphen and digits",
    ).check(f"{WORKSPACES}/computes", write.id.name)
    if kind != "ComputeInstance":
        return
    location = workspace_of(write.ctx, write.id.id).body["location"]
    for other in write.ctx.store.of_type(f"{WORKSPACES}/computes", name=write.id.name):
        if other.properties.get("computeType") == kind and other.body.get("location") == location:
            raise conflict(
                "Conflict",
                f"The compute instance name '{write.id.name}' is already used in region '{location}'.",
                target="name",
            )


def _check_network(workspace: Resource, kind: str, inner: dict[str, Any]) -> None:
    if managed_network.mode_of(workspace.properties) == managed_network.DISABLED:
        return
    if inner.get("subnet"):
        raise user_error(
            f"Workspace '{workspace.name}' has a managed network: a compute in it cannot have a subnet of its own.",
            "properties.properties.subnet",
        )
    if kind in ("Kubernetes", "AKS", "VirtualMachine"):
        raise user_error(
            f"A compute of type '{kind}' cannot be attached to a workspace with a managed network.",
            "properties.computeType",
        )


def _check_scale(scale: dict[str, Any]) -> None:
    low, high = scale.get("minNodeCount", 0), scale.get("maxNodeCount", 1)
    target = "properties.properties.scaleSettings"
    if low < 0 or high < 0 or low > high:
        raise user_error(f"minNodeCount ({low}) must be between 0 and maxNodeCount ({high}).", target)
    check_duration(f"{target}.nodeIdleTimeBeforeScaleDown", scale.get("nodeIdleTimeBeforeScaleDown"))


def _check_cluster(write: Write) -> None:
    cluster_id = paths.read(write.body, "properties.resourceId")
    if cluster_id is None:
        raise user_error("A Kubernetes compute needs the id of its cluster.", "properties.resourceId")
    target = "properties.resourceId"
    if ResourceId.parse(cluster_id).type.lower().startswith("microsoft.containerservice/"):
        cluster = linked(write.ctx, target, cluster_id, "Microsoft.ContainerService/managedClusters")
        extensions = write.ctx.children(cluster.id, "Microsoft.KubernetesConfiguration/extensions")
        if not any(str(found.properties.get("extensionType", "")).lower() == EXTENSION for found in extensions):
            raise user_error(
                f"The Azure Machine Learning extension ('Microsoft.AzureML.Kubernetes') is not installed on cluster '{cluster.name}'.",
                target,
            )
        if write.old is None and cluster.properties.get("disableLocalAccounts"):
            _check_trust(write, cluster)


def _check_trust(write: Write, cluster: Resource) -> None:
    """Without local accounts the workspace enters by a Trusted Access role binding of its own."""
    workspace = workspace_of(write.ctx, write.id.id)
    bindings = write.ctx.children(cluster.id, "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings")
    trusted = {str(found.properties.get("sourceResourceId", "")).lower() for found in bindings}
    if workspace.id.lower() not in trusted:
        raise user_error(
            f"Cluster '{cluster.name}' has no local accounts and no trusted access role binding for workspace "
            f"'{workspace.name}'.",
            "properties.resourceId",
        )
