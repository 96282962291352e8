# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters."""

from __future__ import annotations

import base64
import uuid
from typing import Any, ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, NameRule, Seconds, Write, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.container_service import pools

NETWORK: dict[str, Any] = {
    "networkPlugin": "azure",
    "loadBalancerSku": "standard",
    "outboundType": "loadBalancer",
    "serviceCidr": "10.0.0.0/16",
    "dnsServiceIP": "10.0.0.10",
}


class ManagedClusters(ArmType):
    """Microsoft.ContainerService/managedClusters: pools in `agentPoolProfiles` and `agentPools` are the same pools.

    Differs from Azure:
    - no node and no API server runs; the kubeconfig names a host that does not exist
    - the node resource group has a name but does not exist
    - a pool that a PUT of the cluster leaves out stays
    - any Kubernetes version of the form `1.30` or `1.30.4` is taken
    """

    type: ClassVar[str] = pools.CLUSTERS
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[a-zA-Z0-9]([\w-]{0,61}[a-zA-Z0-9])?",
        "1 to 63 letters, digits, underscores and hyphens, starting and ending with a letter or digit",
    )
    immutable: ClassVar[tuple[str, ...]] = (
        "properties.dnsPrefix",
        "properties.fqdnSubdomain",
        "properties.nodeResourceGroup",
        "properties.networkProfile.serviceCidr",
        "properties.networkProfile.dnsServiceIP",
        "properties.apiServerAccessProfile.enablePrivateCluster",
    )
    write_only: ClassVar[tuple[str, ...]] = (
        "properties.servicePrincipalProfile.secret",
        "properties.windowsProfile.adminPassword",
        "properties.aadProfile.serverAppSecret",
    )
    deleted_status: ClassVar[int] = 204
    seconds: ClassVar[Seconds] = Seconds(create=60, update=20, delete=40)

    def check(self, write: Write) -> None:
        """A way to act, at least one system pool, pools that are well-formed."""
        given: list[dict[str, Any]] = write.properties.get("agentPoolProfiles") or []
        if write.old is None:
            identity = str(write.body.get("identity", {}).get("type", "None"))
            if identity.lower() == "none" and not write.properties.get("servicePrincipalProfile"):
                raise bad_request(
                    "InvalidParameter", "A cluster needs a managed identity or a service principal.", target="identity"
                )
            if not any(profile.get("mode", "System") == "System" for profile in given):
                raise bad_request(
                    "InvalidParameter",
                    "A cluster needs at least one agent pool of mode 'System'.",
                    target="properties.agentPoolProfiles",
                )
        names = [str(profile.get("name")) for profile in given]
        if len(set(names)) < len(names):
            raise bad_request(
                "InvalidParameter",
                "agentPoolProfiles has two pools of one name.",
                target="properties.agentPoolProfiles",
            )
        for profile in given:
            pools.check(
                write.ctx, f"properties.agentPoolProfiles[{profile.get('name')}]", str(profile.get("name")), profile
            )

    def fill(self, write: Write) -> None:
        """What the service chooses at creation and keeps, and its defaults."""
        properties, location = write.properties, write.body["location"]
        write.private["pools"] = properties.pop("agentPoolProfiles", None)
        write.body["sku"] = {"name": "Base", "tier": "Free", **write.body.get("sku", {})}
        for name, value in (
            ("kubernetesVersion", pools.VERSION),
            ("enableRBAC", True),
            ("supportPlan", "KubernetesOfficial"),
        ):
            properties.setdefault(name, write.old_properties.get(name, value))
        if not properties.get("fqdnSubdomain"):
            properties.setdefault("dnsPrefix", f"{write.id.name[:40]}-dns")
        group = f"MC_{write.id.resource_group}_{write.id.name}_{location}"[:80]
        properties.setdefault("nodeResourceGroup", group)
        properties["networkProfile"] = {**NETWORK, **properties.get("networkProfile", {})}
        write.keep("resourceUID", "fqdn", "privateFQDN", "identityProfile")
        properties.setdefault("resourceUID", uuid.uuid4().hex[:24])
        _name_hosts(properties, location)
        properties["maxAgentPools"] = 100
        properties["currentKubernetesVersion"] = pools.full_version(properties["kubernetesVersion"])
        properties["powerState"] = write.old_properties.get("powerState", {"code": "Running"})
        properties.setdefault("identityProfile", _kubelet(write, group))
        oidc: dict[str, Any] = properties.setdefault("oidcIssuerProfile", {"enabled": False})
        if oidc.get("enabled"):
            tenant = write.ctx.settings.identity.tenant_id
            guid = write.ctx.guid("oidc", properties["resourceUID"])
            oidc["issuerURL"] = f"https://{location}.oic.prod-aks.azure.com/{tenant}/{guid}/"

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Pools become children."""
        for profile in resource.private.pop("pools", None) or ():
            pools.save(ctx, resource, profile)
        ctx.save(resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """The pools as profiles."""
        profiles = [{"name": pool.name, **pool.properties} for pool in ctx.children(resource.id, pools.POOLS)]
        return {**resource.body, "properties": {**resource.properties, "agentPoolProfiles": profiles}}

    @action("listClusterUserCredential")
    def list_user_credential(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The kubeconfig of a user."""
        return _kubeconfig(ctx, resource, "clusterUser")

    @action("listClusterAdminCredential")
    def list_admin_credential(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The kubeconfig of the administrator, where local accounts exist."""
        if resource.properties.get("disableLocalAccounts"):
            raise bad_request(
                "BadRequest",
                "Getting static credential is not allowed because this cluster is set to disable local accounts.",
            )
        return _kubeconfig(ctx, resource, "clusterAdmin")

    @action("listClusterMonitoringUserCredential")
    def list_monitoring_credential(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The kubeconfig of the monitoring user."""
        return _kubeconfig(ctx, resource, "clusterMonitoringUser")

    @action("start")
    def start(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Start a stopped cluster."""
        return _power(ctx, resource, "Running")

    @action("stop")
    def stop(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Stop a running cluster."""
        return _power(ctx, resource, "Stopped")


def _name_hosts(properties: dict[str, Any], location: str) -> None:
    access: dict[str, Any] = properties.get("apiServerAccessProfile") or {}
    prefix = properties.get("dnsPrefix") or properties.get("fqdnSubdomain")
    uid = properties["resourceUID"]
    if access.get("enablePrivateCluster"):
        properties.setdefault("privateFQDN", f"{prefix}-{uid[:8]}.{uuid.uuid4()}.privatelink.{location}.azmk8s.io")
        if access.get("enablePrivateClusterPublicFQDN") is False:
            properties.pop("fqdn", None)
            return
    properties.setdefault("fqdn", f"{prefix}-{uid[:8]}.hcp.{location}.azmk8s.io")
    properties["azurePortalFQDN"] = properties["fqdn"].replace(".hcp.", ".portal.hcp.")


def _kubelet(write: Write, group: str) -> dict[str, Any]:
    name = f"{write.id.name}-agentpool"
    id_ = f"/subscriptions/{write.id.subscription}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    return {"kubeletidentity": {"resourceId": id_, "clientId": str(uuid.uuid4()), "objectId": str(uuid.uuid4())}}


def _kubeconfig(ctx: Context, resource: Resource, user: str) -> Response:
    host = resource.properties.get("fqdn") or resource.properties.get("privateFQDN")
    name = f"{user}_{resource.id.split('/')[4]}_{resource.name}"
    token = ctx.secret("kubernetes token", resource.properties["resourceUID"], user).hex()
    text = (
        "apiVersion: v1\nkind: Config\n"
        f"clusters:\n- cluster:\n    server: https://{host}:443\n  name: {resource.name}\n"
        f"contexts:\n- context:\n    cluster: {resource.name}\n    user: {name}\n  name: {resource.name}\n"
        f"current-context: {resource.name}\nusers:\n- name: {name}\n  user:\n    token: {token}\n"
    )
    return Response(200, {"kubeconfigs": [{"name": user, "value": base64.b64encode(text.encode()).decode()}]})


def _power(ctx: Context, resource: Resource, code: str) -> Response:
    if paths.read(resource.body, "properties.powerState.code") == code:
        raise conflict("OperationNotAllowed", f"Cluster '{resource.name}' is already {code.lower()}.")
    resource.properties["powerState"] = {"code": code}
    ctx.save(resource)
    return Response(202)
