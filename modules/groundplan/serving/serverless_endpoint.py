# SPDX-License-Identifier: Apache-2.0
"""A model of the catalogue as a service, paid by the token instead of the machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name


@dataclass(frozen=True, kw_only=True)
class ServerlessEndpointArgs(ResourceArgs):
    """Arguments of `ServerlessEndpoint`."""

    workspace_name: Input[str]
    """Required. Azure name of the workspace."""
    model: str
    """Required. Registry path without a version, e.g. `azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct`. A
    change replaces the endpoint."""
    marketplace_subscription: str | None = None
    """Conditional. Azure name of a subscription to the model's offer, which is made and accepts the publisher's terms. Required
    for models that partners sell through Azure Marketplace, and for those only. Default: none."""
    authentication: Literal["AAD", "KeyAndAAD"] = "AAD"
    """Optional. What callers show: a token of Microsoft Entra ID, or that or a key (`KeyAndAAD`). Default: the token alone."""
    key_authentication: bool = False
    """Optional. Callers show a key that never expires and nothing else. Default: no."""
    content_safety: bool = True
    """Optional. Filter harmful text out of requests and answers. Default: yes."""
    endpoint_name: str | None = None
    """Optional. Azure name, unique within the region. Default: the component's name."""

    def __post_init__(self) -> None:
        if re.fullmatch(r"azureml://registries/[^/]+/models/[^/]+", self.model) is None:
            raise ArgumentError(
                f"serverless endpoint: model is {self.model!r}; "
                "give azureml://registries/<registry>/models/<name>, without a version"
            )
        if self.key_authentication and self.authentication != "AAD":
            raise ArgumentError(
                f"serverless endpoint: authentication is {self.authentication!r} and key_authentication is set; choose one"
            )


class ServerlessEndpoint(Component):
    """A serverless endpoint without keys, with content safety, and its subscription to the model's offer.

    Example:
        ServerlessEndpoint("chat", ServerlessEndpointArgs(
            resource_group_name=group.name, workspace_name=workspace.name,
            model="azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    endpoint_uri: Output[str]
    """Where requests go."""

    def __init__(self, name: str, args: ServerlessEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        offer = self._subscribe(name, args)
        endpoint = ml.ServerlessEndpoint(
            name,
            name=check_name("serverless_endpoint", args.endpoint_name or name),
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=ml.SkuArgs(name="Consumption"),
            properties=ml.ServerlessEndpointPropertiesArgs(
                auth_mode="Key" if args.key_authentication else args.authentication,
                content_safety=ml.ContentSafetyArgs(
                    content_safety_status="Enabled" if args.content_safety else "Disabled"
                ),
                model_settings=ml.ModelSettingsArgs(model_id=args.model),
            ),
            tags=args.tags,
            opts=self.child(
                ResourceOptions(
                    depends_on=offer, replace_on_changes=["properties.modelSettings"], delete_before_replace=True
                )
            ),
        )
        attach(
            self,
            name,
            endpoint.id,
            args,
            arm_type="Microsoft.MachineLearningServices/workspaces/serverlessEndpoints",
            after=offer,
        )
        self.id = endpoint.id
        self.name = endpoint.name
        self.endpoint_uri = endpoint.properties.inference_endpoint.apply(lambda found: found.uri if found else "")
        self.seal()

    def _subscribe(self, name: str, args: ServerlessEndpointArgs) -> list[ml.MarketplaceSubscription]:
        if args.marketplace_subscription is None:
            return []
        return [
            ml.MarketplaceSubscription(
                f"{name}-offer",
                name=args.marketplace_subscription,
                workspace_name=args.workspace_name,
                resource_group_name=args.resource_group_name,
                properties=ml.MarketplaceSubscriptionPropertiesArgs(model_id=args.model),
                opts=self.child(ResourceOptions(replace_on_changes=["properties.modelId"], delete_before_replace=True)),
            )
        ]
