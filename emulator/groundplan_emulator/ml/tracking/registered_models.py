# SPDX-License-Identifier: Apache-2.0
"""`registered-models/...`: a workspace's models as MLflow's registry names them."""

from __future__ import annotations

from typing import Any, Final

from groundplan_emulator.ml.tracking import filters, model_versions
from groundplan_emulator.ml.tracking.assets import LABELS, Models, milliseconds, tag_list, tags_of
from groundplan_emulator.ml.tracking.refusal import Refusal, invalid, missing
from groundplan_emulator.store import Resource

_FIELDS: Final = ("name",)
PROMPT: Final = "mlflow.prompt.is_prompt"


def create(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """A model without versions."""
    name = str(values.get("name") or "")
    if not name:
        raise invalid("A registered model needs a name.")
    tags = tags_of(values)
    if PROMPT in tags:
        raise invalid(f"'{name}' is a prompt; the registry of a workspace keeps models only.")
    found = models.ctx.get(models.id_of(name))
    if found is not None and not found.properties.get("isArchived", False):
        raise Refusal(400, "RESOURCE_ALREADY_EXISTS", f"Registered Model (name={name}) already exists.")
    properties = {"tags": tags, "description": values.get("description") or "", "isArchived": False}
    return {"registered_model": view(models, models.put(models.id_of(name), properties))}


def get(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """One model."""
    return {"registered_model": view(models, models.model(values))}


def update(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Another description."""
    found = models.change(models.model(values), description=str(values.get("description") or ""))
    return {"registered_model": view(models, found)}


def rename(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Refused: the name is part of an asset's id."""
    found = models.model(values)
    raise invalid(
        f"The model '{found.name}' is an asset of the workspace and keeps its name; register its versions under the new"
        " name with copy_model_version."
    )


def delete(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Delete a model and all of its versions; their files stay."""
    models.remove(models.model(values))
    return {}


def search(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Models that a filter lets through, by name. MLflow's client always asks for what is no prompt."""
    test = filters.test_of(str(values.get("filter") or ""), _FIELDS)
    found: list[dict[str, Any]] = []
    for container in models.all():
        tags = {key: str(value) for key, value in (container.properties.get("tags") or {}).items()}
        if test({"name": container.name}, {PROMPT: "false", **tags}):
            found.append(view(models, container))
    ordered = filters.ordered(found, model_versions.listed(values.get("order_by")), ("name",))
    return model_versions.page(ordered, values, "registered_models")


def latest_versions(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """The newest version of each stage."""
    wanted = {stage.lower() for stage in model_versions.listed(values.get("stages"))}
    shown = _latest(models, models.model(values))
    return {"model_versions": [each for each in shown if not wanted or each["current_stage"].lower() in wanted]}


def set_tag(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Set a tag of a model."""
    found = models.model(values)
    models.change(
        found, tags={**(found.properties.get("tags") or {}), str(values["key"]): str(values.get("value", ""))}
    )
    return {}


def delete_tag(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Remove a tag of a model."""
    found = models.model(values)
    tags = found.properties.get("tags") or {}
    models.change(found, tags={key: value for key, value in tags.items() if key != values.get("key")})
    return {}


def set_alias(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Give a version a label, which no other version of the model keeps."""
    version, container = models.version(values), models.model(values)
    container.private[LABELS] = {**(container.private.get(LABELS) or {}), str(values["alias"]): version.name}
    models.ctx.save(container)
    return {}


def delete_alias(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """Take a label away."""
    container = models.model(values)
    labels = container.private.get(LABELS) or {}
    container.private[LABELS] = {label: version for label, version in labels.items() if label != values.get("alias")}
    models.ctx.save(container)
    return {}


def by_alias(models: Models, values: dict[str, Any]) -> dict[str, Any]:
    """The version that has a label; `latest` is the newest."""
    container, alias = models.model(values), str(values.get("alias") or "")
    number = (container.private.get(LABELS) or {}).get(alias)
    if number is None and alias == "latest":
        newest = _latest(models, container)
        number = max(newest, key=lambda each: each["creation_timestamp"])["version"] if newest else None
    if number is None:
        raise missing(f"Registered model alias {alias} not found.")
    return model_versions.get(models, {"name": container.name, "version": number})


def _latest(models: Models, container: Resource) -> list[dict[str, Any]]:
    shown = [model_versions.view(container, each) for each in models.versions(container)]
    newest: dict[str, dict[str, Any]] = {}
    for each in filters.ordered(shown, ("creation_timestamp", "version_number"), ()):
        newest[each["current_stage"]] = each
    return list(newest.values())


def view(models: Models, container: Resource) -> dict[str, Any]:
    """A model as MLflow answers it."""
    labels = container.private.get(LABELS) or {}
    return {
        "name": container.name,
        "creation_timestamp": milliseconds(container, "createdAt"),
        "last_updated_timestamp": milliseconds(container, "lastModifiedAt"),
        "description": container.properties.get("description") or "",
        "latest_versions": _latest(models, container),
        "tags": tag_list(container.properties.get("tags") or {}),
        "aliases": [{"alias": label, "version": version} for label, version in labels.items()],
    }
