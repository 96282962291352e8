# SPDX-License-Identifier: Apache-2.0
"""Extensions on Kubernetes clusters, such as that of Azure Machine Learning."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Seconds, Write

CLUSTERS = (
    "microsoft.containerservice/managedclusters",
    "microsoft.kubernetes/connectedclusters",
    "microsoft.hybridcontainerservice/provisionedclusters",
)


class Extensions(ArmType):
    """Microsoft.KubernetesConfiguration/extensions: protected settings go in and never come out.

    Differs from Azure:
    - nothing is installed on the cluster
    - any extension type and version is taken
    """

    type: ClassVar[str] = "Microsoft.KubernetesConfiguration/extensions"
    api_versions: ClassVar[tuple[str, ...]] = (
        "2022-03-01",
        "2022-07-01",
        "2022-11-01",
        "2023-05-01",
        "2024-11-01",
        "2025-03-01",
    )
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[a-zA-Z0-9]([\w.-]{0,251}[a-zA-Z0-9])?", "1 to 253 letters, digits, periods, underscores and hyphens"
    )
    required: ClassVar[tuple[str, ...]] = ("properties.extensionType",)
    immutable: ClassVar[tuple[str, ...]] = ("properties.extensionType", "properties.scope")
    write_only: ClassVar[tuple[str, ...]] = ("properties.configurationProtectedSettings",)
    seconds: ClassVar[Seconds] = Seconds(create=20, update=10, delete=10)

    def check(self, write: Write) -> None:
        """On a cluster; a fixed version is not upgraded."""
        holder = write.ctx.linked("scope", write.id.scope)
        if holder.type.lower() not in CLUSTERS:
            raise bad_request(
                "BadRequest",
                f"Extensions are installed on Kubernetes clusters, not on a {holder.type}.",
                target="scope",
            )
        if write.properties.get("autoUpgradeMinorVersion", True) and write.properties.get("version"):
            raise bad_request(
                "BadRequest",
                "A version can only be chosen when autoUpgradeMinorVersion is false.",
                target="properties.version",
            )

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        properties = write.properties
        properties.setdefault("autoUpgradeMinorVersion", True)
        properties.setdefault("releaseTrain", "Stable")
        properties.setdefault("configurationSettings", {})
        namespace = str(properties["extensionType"]).rsplit(".", 1)[-1].lower()
        properties.setdefault("scope", {"cluster": {"releaseNamespace": namespace}})
        properties["currentVersion"] = properties.get("version", "1.1.73")
        properties["provisioningState"] = "Succeeded"
