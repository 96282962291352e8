# SPDX-License-Identifier: Apache-2.0
"""An entity of a feature store: what features are about, and the columns that tell one from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name

ColumnType = Literal["String", "Integer", "Long", "Float", "Double", "Binary", "Datetime", "Boolean"]
Stage = Literal["Development", "Production", "Archived"]


@dataclass(frozen=True, kw_only=True)
class FeatureStoreEntityArgs:
    """Arguments of `FeatureStoreEntity`."""

    resource_group_name: Input[str]
    """Required. Resource group of the feature store."""
    feature_store_name: Input[str]
    """Required. Azure name of the feature store."""
    index_columns: Mapping[str, ColumnType]
    """Required. Type of each column that identifies an entity, by its name: `String`, `Integer`, `Long`, `Float`, `Double`, `Binary`,
    `Datetime` or `Boolean`. A change replaces the version: give it another `version`."""
    version: str = "1"
    """Optional. Version of the entity; a change replaces it. Default: 1."""
    stage: Stage = "Development"
    """Optional. `Production`, or `Archived` for no more use. Default: `Development`."""
    entity_name: str | None = None
    """Optional. Azure name. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Tags of the entity. Default: none."""

    def __post_init__(self) -> None:
        if not self.index_columns:
            raise ArgumentError("feature store entity: index_columns is empty; name at least one column and its type")
        allowed = get_args(ColumnType)
        for column, kind in self.index_columns.items():
            if kind not in allowed:
                raise ArgumentError(
                    f"feature store entity: type of index column {column!r} is {kind!r}; allowed are {', '.join(allowed)}"
                )


class FeatureStoreEntity(Component):
    """An entity with one version.

    Example:
        FeatureStoreEntity("account", FeatureStoreEntityArgs(
            resource_group_name=group.name, feature_store_name=features.name, index_columns={"accountID": "String"}))
    """

    id: Output[str]
    """ARM id of the version."""
    reference: Output[str]
    """What feature sets take: `azureml:<name>:<version>`."""

    def __init__(self, name: str, args: FeatureStoreEntityArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        entity_name = check_name("feature_store_entity", args.entity_name or name)
        entity = ml.FeaturestoreEntityContainerEntity(
            name,
            name=entity_name,
            workspace_name=args.feature_store_name,
            resource_group_name=args.resource_group_name,
            properties=ml.FeaturestoreEntityContainerPropertiesArgs(description=args.description, tags=args.tags),
            opts=self.child(),
        )
        version = ml.FeaturestoreEntityVersion(
            f"{name}-version",
            name=entity.name,
            version=args.version,
            workspace_name=args.feature_store_name,
            resource_group_name=args.resource_group_name,
            properties=ml.FeaturestoreEntityVersionPropertiesArgs(
                index_columns=[
                    ml.IndexColumnArgs(column_name=column, data_type=kind)
                    for column, kind in args.index_columns.items()
                ],
                stage=args.stage,
                is_archived=args.stage == "Archived",
                description=args.description,
                tags=args.tags,
            ),
            # what identifies an entity stays as it was published
            opts=self.child(
                ResourceOptions(replace_on_changes=["properties.indexColumns"], delete_before_replace=True)
            ),
        )
        self.id = version.id
        self.reference = Output.concat("azureml:", entity.name, ":", args.version)
        self.seal()
