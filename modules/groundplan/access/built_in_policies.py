# SPDX-License-Identifier: Apache-2.0
"""Azure Policy's built-in definitions for Azure Machine Learning, by purpose.

GUIDs, names and effects follow the public repository Azure/azure-policy as of 2026-04-29. Left out on purpose: e413671a, which asks
for the legacy mode that managed endpoints refuse, and 7804b5c7, which fails every compute of a managed network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class BuiltInPolicy:
    """A built-in policy definition."""

    guid: str
    """Name of the definition."""
    title: str
    """Azure's display name."""
    effects: tuple[str, ...]
    """What its parameter `effect` takes, the default first."""

    @property
    def remediates(self) -> bool:
        """It changes resources, so that its assignment needs an identity with roles."""
        return self.effects[0] in ("Modify", "DeployIfNotExists")


_DENY: Final = ("Audit", "Deny", "Disabled")
_AUDIT: Final = ("Audit", "Disabled")


def _policy(guid: str, title: str, effects: tuple[str, ...]) -> BuiltInPolicy:
    return BuiltInPolicy(guid=guid, title=title, effects=effects)


POLICIES: Final[Mapping[str, BuiltInPolicy]] = {
    "approved-outbound-only": _policy(
        "6ddb1705-c8cf-450e-aa4b-19ad6703c440",
        "Azure Machine Learning and Ai Studio should use Allow Only Approved Outbound Managed Vnet mode",
        _DENY,
    ),
    "approved-registry-models": _policy(
        "12e5dd16-d201-47ff-849b-8454061c293d",
        "[Preview]: Azure Machine Learning Deployments should only use approved Registry Models",
        _DENY,
    ),
    "compute-instance-idle-shutdown": _policy(
        "679ddf89-ab8f-48a5-9029-e76054077449",
        "Azure Machine Learning Compute Instance should have idle shutdown.",
        _DENY,
    ),
    "compute-instance-updates": _policy(
        "f110a506-2dcb-422e-bcea-d533fc8c35e2",
        "Azure Machine Learning compute instances should be recreated to get the latest software updates",
        _AUDIT,
    ),
    "compute-local-authentication": _policy(
        "e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f",
        "Azure Machine Learning Computes should have local authentication methods disabled",
        _DENY,
    ),
    "compute-local-authentication-off": _policy(
        "a6f9a2d0-cff7-4855-83ad-4cd750666512",
        "Configure Azure Machine Learning Computes to disable local authentication methods",
        ("Modify", "Disabled"),
    ),
    "workspace-customer-key": _policy(
        "ba769a63-b8cc-4b2d-abf6-ac33c7204be8",
        "Azure Machine Learning workspaces should be encrypted with a customer-managed key",
        _DENY,
    ),
    "workspace-diagnostics-on": _policy(
        "f59276f0-5740-4aaf-821d-45d185aa210e",
        "Configure diagnostic settings for Azure Machine Learning Workspaces to Log Analytics workspace",
        ("DeployIfNotExists", "Disabled"),
    ),
    "workspace-logs": _policy(
        "afe0c3be-ba3b-4544-ba52-0c99672a8ad6",
        "Resource logs in Azure Machine Learning Workspaces should be enabled",
        ("AuditIfNotExists", "Disabled"),
    ),
    "workspace-private-endpoints-on": _policy(
        "7838fd83-5cbb-4b5d-888c-bfa240972597",
        "Configure Azure Machine Learning workspaces with private endpoints",
        ("DeployIfNotExists", "Disabled"),
    ),
    "workspace-private-link": _policy(
        "45e05259-1eb5-4f70-9574-baf73e9d219b",
        "Azure Machine Learning workspaces should use private link",
        _AUDIT,
    ),
    "workspace-public-access": _policy(
        "438c38d2-3772-465a-a9cc-7a6666a275ce",
        "Azure Machine Learning Workspaces should disable public network access",
        _DENY,
    ),
    "workspace-public-access-off": _policy(
        "a10ee784-7409-4941-b091-663697637c0f",
        "Configure Azure Machine Learning Workspaces to disable public network access",
        ("Modify", "Disabled"),
    ),
    "workspace-user-identity": _policy(
        "5f0c7d88-c7de-45b8-ac49-db49e72eaa78",
        "Azure Machine Learning workspaces should use user-assigned managed identity",
        _DENY,
    ),
}
"""Built-in policies by purpose."""
