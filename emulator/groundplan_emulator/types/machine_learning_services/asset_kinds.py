# SPDX-License-Identifier: Apache-2.0
"""What the versions of each kind of asset have of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.ml import curated, places, references
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import asset_files, endpoints
from groundplan_emulator.types.machine_learning_services.assets import AssetVersion
from groundplan_emulator.types.machine_learning_services.service import user_error

DEFAULT_COMPONENT = "azureml_default"
"""The version that azure-ai-ml asks for when a component is named without one."""
TOLD = frozenset({"$schema", "description", "display_name", "name", "tags", "version"})
"""Keys of a component's specification that may change; those that start with '_' say where it came from."""


def hash_of(properties: dict[str, Any]) -> str | None:
    """The content's hash that azure-ai-ml notes on a version."""
    return (properties.get("properties") or {}).get("hash_sha256")


class ModelVersion(AssetVersion):
    """A model: files at a URI."""

    content: ClassVar[tuple[str, ...]] = ("modelUri", "modelType")
    uri: ClassVar[str] = "modelUri"

    def check(self, write: Write) -> None:
        """As of any asset; the job whose output it is stays known, though the URI names it no more."""
        given = write.properties.get("modelUri")
        super().check(write)
        holder = write.ctx.get(write.id.id.rsplit("/", 4)[0])
        job = places.job_of(given, holder) if isinstance(given, str) and holder is not None else ""
        if job or write.old_properties.get("jobName"):
            write.properties.setdefault("jobName", write.old_properties.get("jobName") or job)

    def check_new(self, write: Write, holder: Resource | None) -> None:
        """There are files where the model says, if it says so."""
        if isinstance(uri := write.properties.get("modelUri"), str):
            asset_files.require(write.ctx, holder, "properties.modelUri", uri)

    def fill(self, write: Write) -> None:
        """Custom models without MLflow flavours, unless said otherwise."""
        super().fill(write)
        write.properties.setdefault("modelType", "custom_model")
        write.properties.setdefault("flavors", write.old_properties.get("flavors", {}))
        if write.properties["modelType"] == "mlflow_model" and not write.properties["flavors"]:
            write.properties["flavors"] = asset_files.flavors(write.ctx, write.properties.get("modelUri"))

    def same(self, write: Write, holder: Resource | None, path: str, before: Any, after: Any) -> bool:
        """A model without a type is a custom model."""
        if path == "modelType":
            return (before or "custom_model") == (after or "custom_model")
        return super().same(write, holder, path, before, after)


class EnvironmentVersion(AssetVersion):
    """An environment: an image, and packages on top of it."""

    content: ClassVar[tuple[str, ...]] = (
        "image",
        "condaFile",
        "build.contextUri",
        "build.dockerfilePath",
        "inferenceConfig",
    )
    uri: ClassVar[str] = "build.contextUri"

    def check_new(self, write: Write, holder: Resource | None) -> None:
        """No name of Microsoft's own."""
        if curated.old_name(write.id.names[-2]):
            raise user_error(
                "Environment name can not start with the prefix AzureML. To alter a curated environment first create a copy of it."
                f" (name: '{write.id.names[-2]}')",
                "name",
            )
        if not write.properties.get("image") and not write.properties.get("build"):
            raise user_error(
                "An environment needs an 'image', or a 'build' context to make one of.", "properties.image"
            )
        _check_conda(write.properties.get("condaFile"))

    def fill(self, write: Write) -> None:
        """Made by a user, for Linux."""
        super().fill(write)
        write.properties["environmentType"] = "UserCreated"
        write.properties.setdefault("osType", "Linux")
        if isinstance(build := write.properties.get("build"), dict):
            build.setdefault("dockerfilePath", "Dockerfile")

    def same(self, write: Write, holder: Resource | None, path: str, before: Any, after: Any) -> bool:
        """A build without a Dockerfile's path has the usual one."""
        if path == "build.dockerfilePath" and before is not None and "build" in write.properties:
            return before == (after or "Dockerfile")
        return super().same(write, holder, path, before, after)

    def changed(self, write: Write, path: str, before: Any, after: Any) -> ArmError:
        """In the service's words."""
        name, number = write.id.names[-2:]
        return conflict(
            "UserError",
            f"Environment {name} with version {number} is already registered and cannot be changed: '{path}' differs."
            " Register the new content as another version.",
            target=f"properties.{path}",
        )

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """A curated environment, for those who read."""
        known = ctx.request.method == "GET" and "/workspaces/" in id_.key and curated.old_name(id_.names[-2])
        return _here(id_, curated.version(id_.names[-2], id_.name)) if known else None

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """With the one version of a curated environment that is listed by its name."""
        container = ctx.request.path.rstrip("/").split("/")[-2]
        if curated.old_name(container) and "/workspaces/" in ctx.request.path.lower():
            known = curated.version(container, None)
            id_ = ResourceId.parse(f"{ctx.request.path.rstrip('/')}/1")
            return [made] if (made := _here(id_, known)) is not None else []
        return super().listed(ctx, found)


def _check_conda(text: Any) -> None:
    """400 where a conda file is none; whether its packages exist is seen when they are installed."""
    from ruamel.yaml import YAML, YAMLError

    if not isinstance(text, str):
        return
    try:
        found: object = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        reason = " ".join(str(error).split())
        raise user_error(f"The conda file is no YAML: {reason}", "properties.condaFile") from None
    if not isinstance(found, dict):
        raise user_error("The conda file must be a mapping with the key 'dependencies'.", "properties.condaFile")


def _here(id_: ResourceId, version: Resource | None) -> Resource | None:
    """A curated version under the id that a workspace gives it."""
    if version is None:
        return None
    return Resource(id_.id, id_.type, id_.name, {**version.body, "id": id_.id, "name": id_.name, "type": id_.type})


class DataVersion(AssetVersion):
    """Data: a file, a folder or a table at a URI."""

    required: ClassVar[tuple[str, ...]] = ("properties.dataUri", "properties.dataType")
    content: ClassVar[tuple[str, ...]] = ("dataUri", "dataType")
    uri: ClassVar[str] = "dataUri"

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The container has the type of its versions."""
        super().written(ctx, resource, created=created)
        container = ctx.get(resource.id.rsplit("/", 2)[0])
        if container is not None and not container.properties.get("dataType"):
            container.properties["dataType"] = resource.properties["dataType"]
            ctx.save(container)


class CodeVersion(AssetVersion):
    """Code: a snapshot of a folder."""

    content: ClassVar[tuple[str, ...]] = ("codeUri",)
    uri: ClassVar[str] = "codeUri"

    def same(self, write: Write, holder: Resource | None, path: str, before: Any, after: Any) -> bool:
        """What has the hash of the old content is that content, wherever it was uploaded to."""
        known, given = hash_of(write.old_properties), hash_of(write.properties)
        return (known is not None and known == given) or super().same(write, holder, path, before, after)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """For azure-ai-ml under the suffix of the public cloud: under another one it downloads no code."""
        body = super().view(ctx, resource)
        uri = paths.read(body, "properties.codeUri")
        if not isinstance(uri, str) or "azure-ai-ml/" not in ctx.request.headers.get("user-agent", ""):
            return body
        shown = uri.replace(f".blob.{STORAGE_SUFFIX}/", ".blob.core.windows.net/", 1)
        return paths.merge(body, {"properties": {"codeUri": shown}})

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """With `hash`, the versions of any name with this content: a client uploads the same folder once."""
        wanted = ctx.request.query.get("hash")
        if wanted is None:
            return super().listed(ctx, found)
        everywhere = ctx.store.of_type(self.name, within=ctx.request.path.lower().partition("/codes/")[0])
        return [version for version in everywhere if hash_of(version.properties) == wanted]


class ComponentVersion(AssetVersion):
    """A component: its specification."""

    content: ClassVar[tuple[str, ...]] = ("componentSpec",)

    def fill(self, write: Write) -> None:
        """The specification says under which name and version it is registered."""
        super().fill(write)
        if isinstance(spec := write.properties.get("componentSpec"), dict):
            spec["name"], spec["version"] = write.id.names[-2], write.id.name

    def check_new(self, write: Write, holder: Resource | None) -> None:
        """Environment, code and components that the specification names exist."""
        spec = write.properties.get("componentSpec") or {}
        if not isinstance(spec, dict):
            raise user_error("'componentSpec' must be an object.", "properties.componentSpec")
        for path, kind, value in _named(spec):
            endpoints.check_asset(write.ctx, f"properties.componentSpec.{path}", value, kind=kind, workspace=holder)

    def same(self, write: Write, holder: Resource | None, path: str, before: Any, after: Any) -> bool:
        """What it does is the same; what it is called may change."""
        return _done(before) == _done(after)

    def kept(self, path: str, before: Any, after: Any) -> Any:
        """What it is called now."""
        return after

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """The version that a component has by default: its newest."""
        container = ctx.get(id_.parent_id) if id_.name.lower() == DEFAULT_COMPONENT else None
        return references.newest(ctx, container) if container is not None else None


def _done(spec: Any) -> Any:
    if not isinstance(spec, dict):
        return spec
    return {key: value for key, value in spec.items() if key not in TOLD and not key.startswith("_")}


def _named(spec: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Path, kind and value of the references of a specification."""
    for holder, path in ((spec, ""), (spec.get("task"), "task.")):
        if isinstance(holder, dict):
            for key, kind in (("environment", "environments"), ("code", "codes")):
                if key in holder:
                    yield f"{path}{key}", kind, holder[key]
    steps = spec.get("jobs")
    for name, step in steps.items() if isinstance(steps, dict) else ():
        if isinstance(step, dict) and isinstance(step.get("componentId"), str):
            yield f"jobs.{name}.componentId", "components", step["componentId"]
