# SPDX-License-Identifier: Apache-2.0
"""Our placement of every property against the wire names of Microsoft's own clients."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from groundplan_arm import load
from groundplan_arm.model import ModuleTypes, Properties
from groundplan_arm.notation import named_types
from tests.arm.azure_models import Client

pytestmark = pytest.mark.azure_spec

# clients, how many types of the table each covers at least, and what its later api-version no longer has
CLIENTS = [
    ("azure.mgmt.keyvault", 6, set[str]()),
    ("azure.mgmt.storage", 14, set[str]()),
    (
        "azure.mgmt.network",
        90,
        {
            "DefaultUserRule kind",  # the discriminator of a base class that the model no longer has
            "DefaultUserRule properties.flag",
            "UserRule kind",
            "NetworkSecurityPerimeter* location",
            "NetworkSecurityPerimeter* tags",
            "NetworkSecurityPerimeter* etag",
        },
    ),
    (
        "azure.ai.ml._restclient.arm_ml_service",
        38,
        {  # of an older api-version (2021-03-01-preview) than the client's
            "EnvironmentSpecificationVersion condaFile",
            "EnvironmentSpecificationVersion docker",
            "EnvironmentSpecificationVersion environmentSpecificationType",
            "EnvironmentSpecificationVersion inferenceContainerProperties",
        },
    ),
]


@pytest.mark.parametrize(("package", "least", "gone"), CLIENTS, ids=[client[0] for client in CLIENTS])
def test_properties_are_where_the_client_has_them(package: str, least: int, gone: set[str]) -> None:
    client = Client(package)
    sent = {_shape(found.path): found.body for found in client.operations if found.method == "PUT" and found.body}
    got = {_shape(found.path): found.answer for found in client.operations if found.method == "GET" and found.answer}
    covered, checked, wrong = 0, 0, set[str]()
    for resource_type in load().types():
        shape = _shape(resource_type.path)
        covered += shape in sent
        for side, models in ((resource_type.inputs, sent), (resource_type.outputs, got)):
            if shape in models:
                for name, present in _compare(
                    client, resource_type.module, resource_type.class_name, side, [models[shape]], set()
                ):
                    checked += 1
                    if not present:
                        wrong.add(name)
    named = {re.sub(r"^(NetworkSecurityPerimeter|Nsp)\w+", "NetworkSecurityPerimeter*", name) for name in wrong}
    assert named - gone == set()
    assert covered >= least
    assert checked > 10 * covered


def _compare(
    client: Client, module: ModuleTypes, where: str, side: Properties, models: list[str], seen: set[tuple[str, str]]
) -> Iterator[tuple[str, bool]]:
    """Each body property with whether the models have its place; then those of the nested types."""
    for known in side.values():
        if known.role != "body":
            continue
        inner = _follow(client, models, known.at)
        yield f"{re.sub('(Args|Response)$', '', where)} {'.'.join(known.at)}", inner is not None
        for mark, name in named_types(known.kind):
            if mark == "#" and inner and (name, str(inner)) not in seen:
                seen.add((name, str(inner)))
                yield from _compare(client, module, name, module.nested(name), inner, seen)


def _follow(client: Client, models: list[str], place: tuple[str, ...]) -> list[str] | None:
    for step in place:
        fields = [client.fields(model) for model in models]
        found = [field[step] for field in fields if step in field]
        if not found:
            return None
        models = sorted({model for each in found for model in each})
    return models


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path).lower().strip("/")


@pytest.mark.parametrize(
    "package",
    [
        "azure.mgmt.keyvault",
        "azure.mgmt.network",
        "azure.mgmt.storage",
        "azure.mgmt.resource.resources",
        "azure.mgmt.authorization.v2022_04_01",
        "azure.mgmt.machinelearningservices",
        "azure.ai.ml._restclient.arm_ml_service",
    ],
)
def test_the_api_versions_of_installed_clients_are_accepted(package: str) -> None:
    catalog = load()
    tried = 0
    for operation in Client(package).operations:
        shape = re.sub(r"\{(\w+)\}", r"\1", operation.path)
        match = catalog.match_path(shape) if operation.method == "PUT" else None
        if match is not None and operation.api_version:
            tried += 1
            assert operation.api_version in match[0].api_versions or match[0].multi_version, operation
    assert tried > 0
