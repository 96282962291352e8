# SPDX-License-Identifier: Apache-2.0
"""What the versions of each kind of asset have of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.assets import AssetVersion


def hash_of(version: Resource) -> str | None:
    """The content's hash that azure-ai-ml notes on a version."""
    return (version.properties.get("properties") or {}).get("hash_sha256")


class ModelVersion(AssetVersion):
    """A model: files at a URI."""

    immutable: ClassVar[tuple[str, ...]] = ("properties.modelUri", "properties.modelType")

    def fill(self, write: Write) -> None:
        """Custom models without MLflow flavours, unless said otherwise."""
        super().fill(write)
        write.properties.setdefault("modelType", "custom_model")
        write.properties.setdefault("flavors", {})


class EnvironmentVersion(AssetVersion):
    """An environment: an image, and packages on top of it."""

    immutable: ClassVar[tuple[str, ...]] = ("properties.image", "properties.condaFile", "properties.build")

    def fill(self, write: Write) -> None:
        """Made by a user, for Linux."""
        super().fill(write)
        write.properties["environmentType"] = "UserCreated"
        write.properties.setdefault("osType", "Linux")


class DataVersion(AssetVersion):
    """Data: a file, a folder or a table at a URI."""

    required: ClassVar[tuple[str, ...]] = ("properties.dataUri", "properties.dataType")
    immutable: ClassVar[tuple[str, ...]] = ("properties.dataUri", "properties.dataType")


class CodeVersion(AssetVersion):
    """Code: a snapshot of a folder."""

    immutable: ClassVar[tuple[str, ...]] = ("properties.codeUri",)

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """With `hash`, the versions of any name with this content: a client uploads the same folder once."""
        wanted = ctx.request.query.get("hash")
        if wanted is None:
            return super().listed(ctx, found)
        everywhere = ctx.store.of_type(self.name, within=ctx.request.path.lower().partition("/codes/")[0])
        return [version for version in everywhere if hash_of(version) == wanted]


class ComponentVersion(AssetVersion):
    """A component: its specification."""

    immutable: ClassVar[tuple[str, ...]] = ("properties.componentSpec",)
