# SPDX-License-Identifier: Apache-2.0
"""A feature set with every argument, and one that is computed when it is read."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import TAGS, Surroundings

CODE = "azureml://datastores/workspaceblobstore/paths/featuresets/spending"


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.FeatureSet(
        "full",
        gp.FeatureSetArgs(
            resource_group_name=here.group.name,
            feature_store_name=here.feature_store.name,
            entities=("azureml:account:1", "azureml:customer:1"),
            specification_uri=CODE,
            materialization=gp.Materialization(
                offline=True,
                online=True,
                every=6,
                frequency="Hour",
                start_time="2026-11-01T00:00:00",
                time_zone="UTC",
                vm_size="Standard_E4s_v3",
                spark={"spark.driver.cores": "4"},
            ),
            version="3",
            stage="Production",
            feature_set_name="spending",
            description="What accounts spend",
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Nothing is kept."""
    gp.FeatureSet(
        "locked-down",
        gp.FeatureSetArgs(
            resource_group_name=here.group.name,
            feature_store_name=here.feature_store.name,
            entities=("azureml:account:1",),
            specification_uri=CODE,
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    settings = found.one("machinelearningservices:FeaturesetVersion", "full-version")["properties"]
    assert settings["materializationSettings"]["storeType"] == "OnlineAndOffline"
    assert settings["materializationSettings"]["schedule"]["interval"] == 6
    assert settings["specification"] == {"path": CODE}
    small = found.one("machinelearningservices:FeaturesetVersion", "locked-down-version")["properties"]
    assert "materializationSettings" not in small
    example = found.one("machinelearningservices:FeaturesetVersion", "vibration-version")["properties"]
    assert example["entities"] == ["azureml:machine:1"]
