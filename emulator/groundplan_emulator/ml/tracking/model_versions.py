# SPDX-License-Identifier: Apache-2.0
"""`model-versions/...`: versions of a workspace's models as MLflow's registry names them."""

from __future__ import annotations

from typing import Any, Final

from groundplan_emulator.ml.tracking import artifacts, filters
from groundplan_emulator.ml.tracking.assets import LABELS, Models, milliseconds, tag_list, tags_of
from groundplan_emulator.ml.tracking.refusal import invalid, missing
from groundplan_emulator.store import Resource

STAGES: Final = ("None", "Staging", "Production", "Archived")
RUN: Final = "mlflow.runId"
SOURCE: Final = "mlflow.modelSourceUri"
MODEL: Final = "mlflow.modelId"
"""Properties of an asset that MLflow's registry knows besides; clients of ARM see them too."""
_FIELDS: Final = ("name", "version_number", "run_id", "source_path", "source", "model_id")


def create(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """The next version of a model that is there, over files that are there (`model_source`)."""
    container = models.model(values)
    numbers = [int(each.name) for each in models.ctx.children(container.id) if each.name.isdigit()]
    said = {RUN: values.get("run_id"), SOURCE: values.get("source"), MODEL: values.get("model_id")}
    properties: dict[str, Any] = {
        "modelUri": values["uri"],
        "modelType": values["type"],
        "flavors": values["flavors"],
        "description": values.get("description") or "",
        "tags": tags_of(values),
        "properties": {key: str(value) for key, value in said.items() if value},
    }
    if models.ctx.get(f"{models.workspace.id}/jobs/{values.get('run_id')}") is not None:
        properties["jobName"] = values["run_id"]
    made = models.put(models.id_of(container.name, str(max(numbers, default=0) + 1)), properties)
    return {"model_version": view(container, made)}


def get(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """One version."""
    found = models.version(values)
    return {"model_version": view(models.model(values), found)}


def update(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Another description."""
    found = models.change(models.version(values), description=str(values.get("description") or ""))
    return {"model_version": view(models.model(values), found)}


def delete(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Delete a version, and its labels with it; its files stay."""
    found = models.version(values)
    container = models.model(values)
    models.remove(found)
    labels = container.private.get(LABELS) or {}
    container.private[LABELS] = {label: version for label, version in labels.items() if version != found.name}
    models.ctx.save(container)
    return {}


def transition(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Another stage; `archive_existing_versions` archives the others that are in it."""
    wanted = next((stage for stage in STAGES if stage.lower() == str(values.get("stage", "")).lower()), None)
    if wanted is None:
        raise invalid(f"'{values.get('stage')}' is no stage; allowed: {', '.join(STAGES)}.")
    container = models.model(values)
    found = models.version(values)
    if values.get("archive_existing_versions"):
        for other in models.versions(container):
            if other.key != found.key and other.properties.get("stage") == wanted:
                models.change(other, stage="Archived")
    return {"model_version": view(container, models.change(found, stage=wanted))}


def set_tag(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Set a tag of a version."""
    found = models.version(values)
    tags = found.properties.get("tags") or {}
    models.change(found, tags={**tags, str(values["key"]): str(values.get("value", ""))})
    return {}


def delete_tag(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Remove a tag of a version."""
    found = models.version(values)
    tags = found.properties.get("tags") or {}
    models.change(found, tags={key: value for key, value in tags.items() if key != values.get("key")})
    return {}


def download_uri(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Where a client finds the files, whoever made the version."""
    found = models.version(values)
    if not found.properties.get("modelUri"):
        raise missing(f"Model Version (name={values.get('name')}, version={found.name}) has no files")
    return {"artifact_uri": f"{artifacts.SCHEME}/{artifacts.REGISTERED}/{models.model(values).name}/{found.name}"}


def search(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Versions of all models that a filter lets through, the last changed ones first."""
    test = filters.test_of(str(values.get("filter") or ""), _FIELDS)
    found: list[dict[str, Any]] = []
    for container in models.all():
        for version in models.versions(container):
            shown = view(container, version)
            fields = {**shown, "version_number": version.name, "source_path": shown["source"]}
            if test(fields, {tag["key"]: tag["value"] for tag in shown["tags"]}):
                found.append(shown)
    default = ("last_updated_timestamp DESC", "name", "version_number DESC")
    return page(filters.ordered(found, listed(values.get("order_by")), default), values, "model_versions")


def page(found: list[dict[str, Any]], values: dict[str, Any], name: str) -> dict[str, Any]:
    """Some of what was found, from `page_token` on."""
    token, most = str(values.get("page_token") or "0"), str(values.get("max_results") or "100")
    if not token.isdigit() or not most.isdigit() or not 0 < int(most) <= 200_000:
        raise invalid(
            f"max_results is {most} and page_token '{token}'; allowed: 1 to 200000, and a token that was answered."
        )
    end = int(token) + int(most)
    more = {"next_page_token": str(end)} if end < len(found) else {}
    return {name: found[int(token) : end], **more}


def listed(value: Any) -> list[str]:
    """A value that a query gives once or several times."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


def view(container: Resource, version: Resource) -> dict[str, Any]:
    """A version as MLflow answers it."""
    properties, said = version.properties, version.properties.get("properties") or {}
    labels = container.private.get(LABELS) or {}
    shown: dict[str, Any] = {
        "name": container.name,
        "version": version.name,
        "creation_timestamp": milliseconds(version, "createdAt"),
        "last_updated_timestamp": milliseconds(version, "lastModifiedAt"),
        "current_stage": properties.get("stage") or "None",
        "description": properties.get("description") or "",
        "source": said.get(SOURCE) or properties.get("modelUri") or "",
        "run_id": said.get(RUN) or properties.get("jobName") or "",
        "status": "READY",
        "tags": tag_list(properties.get("tags") or {}),
        "aliases": [label for label, name in labels.items() if name == version.name],
    }
    return shown | ({"model_id": said[MODEL]} if said.get(MODEL) else {})
