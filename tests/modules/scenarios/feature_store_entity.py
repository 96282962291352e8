# SPDX-License-Identifier: Apache-2.0
"""An entity with every argument, and one as small as can be."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.FeatureStoreEntity(
        "full",
        gp.FeatureStoreEntityArgs(
            resource_group_name=here.group.name,
            feature_store_name=here.feature_store.name,
            index_columns={"account": "String", "opened": "Datetime"},
            version="2",
            stage="Production",
            entity_name="account",
            description="A customer's account",
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """One that is not to be used any more."""
    gp.FeatureStoreEntity(
        "locked-down",
        gp.FeatureStoreEntityArgs(
            resource_group_name=here.group.name,
            feature_store_name=here.feature_store.name,
            index_columns={"customer": "Long"},
            stage="Archived",
        ),
    )


def check(found: Declared) -> None:
    """Container and version have one name."""
    container = found.one("machinelearningservices:FeaturestoreEntityContainerEntity", "full")
    version = found.one("machinelearningservices:FeaturestoreEntityVersion", "full-version")
    assert (container["name"], version["name"], version["version"]) == ("account", "account", "2")
    assert version["properties"]["indexColumns"][1] == {"columnName": "opened", "dataType": "Datetime"}
    old = found.one("machinelearningservices:FeaturestoreEntityVersion", "locked-down-version")
    assert old["properties"]["isArchived"] is True
