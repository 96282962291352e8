# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from pydantic import Field

from groundplan.config import Section, Settings

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"


class EndpointSettings(Section):
    """One endpoint."""

    description: str = ""
    """Text shown in the studio."""


class OnlineEndpointSettings(EndpointSettings):
    """One managed online endpoint."""

    public_access: bool = False
    """Reachable from the internet; otherwise through the workspace's private endpoint alone."""


class ServerlessEndpointSettings(Section):
    """One model of the catalogue as a service."""

    model: str
    """Registry path without a version: `azureml://registries/<registry>/models/<name>`; a change replaces the endpoint."""
    marketplace: bool = False
    """The model is sold through Azure Marketplace: subscribe to its offer, which accepts the publisher's terms."""
    content_safety: bool = True
    """Filter harmful text out of requests and answers."""


class ServingSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    workspace_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 1; the stack of this environment and instance unless set."""
    online_endpoints: dict[str, OnlineEndpointSettings] = Field(default_factory=dict)
    """Managed online endpoints by a key that becomes part of their Azure name."""
    batch_endpoints: dict[str, EndpointSettings] = Field(default_factory=dict)
    """Batch endpoints by a key that becomes part of their Azure name."""
    serverless_endpoints: dict[str, ServerlessEndpointSettings] = Field(default_factory=dict)
    """Models as a service by a key that becomes part of their Azure name."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
