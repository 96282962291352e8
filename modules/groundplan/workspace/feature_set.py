# SPDX-License-Identifier: Apache-2.0
"""A feature set: features of some entities, how they are computed, and when they are materialized."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name
from groundplan.workspace.feature_store_entity import Stage


@dataclass(frozen=True, kw_only=True)
class Materialization:
    """When features are computed ahead, where they go, and on what."""

    offline: bool = True
    """Optional. Keep them in the offline store, for training. Default: yes."""
    online: bool = False
    """Optional. Keep them in the online store, for inference; the feature store needs one. Default: no."""
    every: int = 1
    """Optional. How many units of `frequency` lie between two runs, 1 or more. Default: 1."""
    frequency: Literal["Minute", "Hour", "Day", "Week", "Month"] = "Day"
    """Optional. Unit of `every`. Default: `Day`."""
    start_time: str | None = None
    """Optional. First run, as `2026-11-01T00:00:00`. Default: at once."""
    time_zone: str = "UTC"
    """Optional. Windows name of the time zone of `start_time`. Default: UTC."""
    vm_size: str = "Standard_E8s_v3"
    """Optional. Size of the serverless Spark nodes. Default: `Standard_E8s_v3`."""
    spark: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Spark settings, e.g. `spark.executor.instances`. Default: Azure's."""

    def __post_init__(self) -> None:
        if not (self.offline or self.online):
            raise ArgumentError(
                "materialization: neither offline nor online, so nothing would be kept; set one or leave it out"
            )
        if self.every < 1:
            raise ArgumentError(f"materialization: every is {self.every}; allowed are 1 and more")


@dataclass(frozen=True, kw_only=True)
class FeatureSetArgs:
    """Arguments of `FeatureSet`."""

    resource_group_name: Input[str]
    """Required. Resource group of the feature store."""
    feature_store_name: Input[str]
    """Required. Azure name of the feature store."""
    entities: tuple[Input[str], ...]
    """Required. What the features are about: `FeatureStoreEntity.reference` of each."""
    specification_uri: Input[str]
    """Required. Folder with `FeatureSetSpec.yaml` and the code that transforms, e.g. `azureml://datastores/.../paths/...`. A change
    replaces the version: give it another `version`."""
    materialization: Materialization | None = None
    """Optional. Compute features ahead on a schedule. Default: they are computed when they are read."""
    version: str = "1"
    """Optional. Version of the feature set; a change replaces it. Default: 1."""
    stage: Stage = "Development"
    """Optional. `Production`, or `Archived` for no more use. Default: `Development`."""
    feature_set_name: str | None = None
    """Optional. Azure name. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Tags of the feature set. Default: none."""

    def __post_init__(self) -> None:
        if not self.entities:
            raise ArgumentError("feature set: entities is empty; pass the reference of at least one FeatureStoreEntity")


class FeatureSet(Component):
    """A feature set with one version.

    Example:
        FeatureSet("transactions", FeatureSetArgs(
            resource_group_name=group.name, feature_store_name=features.name, entities=(account.reference,),
            specification_uri="azureml://datastores/code/paths/transactions", materialization=Materialization()))
    """

    id: Output[str]
    """ARM id of the version."""
    reference: Output[str]
    """Name and version: `azureml:<name>:<version>`."""

    def __init__(self, name: str, args: FeatureSetArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        container = ml.FeaturesetContainerEntity(
            name,
            name=check_name("feature_set", args.feature_set_name or name),
            workspace_name=args.feature_store_name,
            resource_group_name=args.resource_group_name,
            properties=ml.FeaturesetContainerPropertiesArgs(description=args.description, tags=args.tags),
            opts=self.child(),
        )
        version = ml.FeaturesetVersion(
            f"{name}-version",
            name=container.name,
            version=args.version,
            workspace_name=args.feature_store_name,
            resource_group_name=args.resource_group_name,
            properties=ml.FeaturesetVersionPropertiesArgs(
                entities=[*args.entities],
                specification=ml.FeaturesetSpecificationArgs(path=args.specification_uri),
                materialization_settings=_materialization(args.materialization),
                stage=args.stage,
                is_archived=args.stage == "Archived",
                description=args.description,
                tags=args.tags,
            ),
            # what a published version computes, and of what, stays as it was
            opts=self.child(
                ResourceOptions(
                    replace_on_changes=["properties.entities", "properties.specification"], delete_before_replace=True
                )
            ),
        )
        self.id = version.id
        self.reference = Output.concat("azureml:", container.name, ":", args.version)
        self.seal()


def _materialization(given: Materialization | None) -> ml.MaterializationSettingsArgs | None:
    if given is None:
        return None
    both = "OnlineAndOffline" if given.online else "Offline"
    return ml.MaterializationSettingsArgs(
        store_type=both if given.offline else "Online",
        resource=ml.MaterializationComputeResourceArgs(instance_type=given.vm_size),
        spark_configuration=given.spark or None,
        schedule=ml.RecurrenceTriggerArgs(
            trigger_type="Recurrence",
            frequency=given.frequency,
            interval=given.every,
            start_time=given.start_time,
            time_zone=given.time_zone,
        ),
    )
