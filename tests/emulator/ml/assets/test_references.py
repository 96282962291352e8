# SPDX-License-Identifier: Apache-2.0
"""Every spelling of a reference leads to the same version, and one that leads nowhere says what there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.app import Azure
from groundplan_emulator.ml import references
from groundplan_emulator.ml.references import NotFoundError, Reference
from tests.emulator.ml.assets.conftest import REGISTRY, WORKSPACE, keep, version, workspace

NAMES = st.text("abcXYZ019_-.", min_size=1, max_size=12)
KIND = st.sampled_from(references.KINDS)
HOW = st.sampled_from(["versions", "labels"])
SPELLINGS = {
    "holder": "/subscriptions/{holder}/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ws",
    "registry": "azureml://registries/{registry}",
    "workspace": "azureml://locations/westeurope/workspaces/{workspace}",
}


@given(st.sampled_from(sorted(SPELLINGS)), NAMES, KIND, NAMES, HOW, NAMES)
def test_a_long_reference_has_its_parts(where: str, place: str, kind: str, name: str, how: str, which: str):
    stem = SPELLINGS[where].format(**{where: place})

    found = references.parse(f"{stem}/{kind}/{name}/{how}/{which}")

    expected = stem if where == "holder" else place
    number, label = (which, None) if how == "versions" else (None, which)
    assert found == Reference(name, number, label, kind, **{where: expected})


@given(NAMES, NAMES, st.sampled_from([":", "@"]), st.booleans())
def test_a_short_reference_has_its_parts(name: str, which: str, mark: str, prefixed: bool):
    found = references.parse(f"{'azureml:' * prefixed}{name}{mark}{which}")

    assert found == (Reference(name, which) if mark == ":" else Reference(name, label=which))


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_none(text: str):
    found = references.parse(text)

    assert found is None or (found.name and (found.version is None) != (found.label is None))


@pytest.mark.parametrize(
    "reference",
    [
        "m:1",
        "azureml:m:1",
        "azureml:m@latest",
        f"{WORKSPACE}/models/m/versions/1",
        f"azureml:{WORKSPACE}/models/M/labels/latest",
        "azureml://subscriptions/s/resourcegroups/g/workspaces/ws/models/m/versions/1",
        "azureml://subscriptions/s/resourcegroups/g/providers/Microsoft.MachineLearningServices/workspaces/ws/models/m/versions/1",
        "azureml://locations/westeurope/workspaces/guid/models/m/versions/1",
        "azureml://locations/westeurope/workspaces/ws/models/m/labels/latest",
    ],
)
def test_spellings_of_a_workspace(core: Azure, reference: str):
    version(core, WORKSPACE, "models", "m", "1")

    with core.working() as ctx:
        found = references.version(ctx, reference, kind="models", workspace=workspace(core))

    assert found.id == f"{WORKSPACE}/models/m/versions/1"


def test_a_registry_is_followed(core: Azure):
    version(core, REGISTRY, "components", "c", "1")
    version(core, REGISTRY, "components", "c", "2")
    version(core, REGISTRY, "components", "c", "3", isArchived=True)

    with core.working() as ctx:
        named = references.version(ctx, "azureml://registries/shared/components/c/versions/1")
        latest = references.version(ctx, "azureml://registries/shared/components/c/labels/default")

    assert (named.name, latest.name) == ("1", "2")


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("azureml:n:1", "workspace 'ws' has no model 'n' (its models: m)"),
        ("azureml:m:7", "model 'm' of workspace 'ws' has no version '7' (its versions: 1, 2)"),
        ("azureml:m@best", "model 'm' of workspace 'ws' has no label 'best' (its versions: 1, 2)"),
        ("azureml://registries/shared/models/m/versions/1", "registry 'shared' has no model 'm' (its models: none)"),
        ("azureml://registries/other/models/m/versions/1", "there is no registry 'other' (registries: shared)"),
        ("azureml://registries/azureml/models/m/versions/1", "only environments are here, no models"),
        ("azureml://registries/azureml/environments/mine/versions/1", "'mine' is none of them"),
        ("azureml://locations/x/workspaces/other/models/m/versions/1", "there is no workspace with the id 'other'"),
        (f"{WORKSPACE}2/models/m/versions/1", "there is no workspace 'ws2'"),
        ("nothing at all", "'nothing at all' is no reference"),
    ],
)
def test_what_leads_nowhere_says_what_there_is(core: Azure, reference: str, message: str):
    version(core, WORKSPACE, "models", "m", "1")
    version(core, WORKSPACE, "models", "m", "2")

    with core.working() as ctx, pytest.raises(NotFoundError) as caught:
        references.version(ctx, reference, kind="models", workspace=workspace(core))

    assert message in str(caught.value)


def test_a_short_reference_needs_a_workspace(core: Azure):
    with core.working() as ctx, pytest.raises(NotFoundError, match="in which workspace or registry"):
        references.version(ctx, "m:1", kind="models")


def test_a_label_of_the_container_wins_over_the_newest(core: Azure):
    version(core, WORKSPACE, "data", "d", "1")
    version(core, WORKSPACE, "data", "d", "2")
    container = keep(core, f"{WORKSPACE}/data/d", "Microsoft.MachineLearningServices/workspaces/data")
    container.private["labels"] = {"Champion": "1", "latest": "1"}
    with core.working() as ctx:
        ctx.save(container)

        for label in ("champion", "latest"):
            assert references.version(ctx, f"d@{label}", kind="data", workspace=workspace(core)).name == "1"


@pytest.mark.parametrize(
    ("reference", "needs"),
    [
        ("azureml://registries/azureml/environments/sklearn-1.5/versions/27", "scikit-learn==1.5.*"),
        ("azureml://registries/azureml/environments/sklearn-1.5/labels/latest", "scikit-learn==1.5.*"),
        ("azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest", "python=3.8"),
        ("azureml:AzureML-acpt-pytorch-2.8-cuda12.6:5", "torch==2.8.*"),
    ],
)
def test_curated_environments_are_known_by_name(core: Azure, reference: str, needs: str):
    with core.working() as ctx:
        found = references.version(ctx, reference, kind="environments", workspace=workspace(core))

    assert needs in found.properties["condaFile"]
    assert found.properties["environmentType"] == "Curated"
