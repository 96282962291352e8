# SPDX-License-Identifier: Apache-2.0
"""Clusters, instances, sizes and quotas, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from typing import Any

import pytest
from azure.ai.ml.entities import (
    AmlCompute,
    ComputeInstance,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

pytestmark = pytest.mark.azure_spec


def test_a_cluster(ml: Any):
    cluster = AmlCompute(
        name="cpu", size="Standard_DS3_v2", min_instances=0, max_instances=4, idle_time_before_scale_down=300
    )
    made = ml.compute.begin_create_or_update(cluster).result()
    made.min_instances = 2
    ml.compute.begin_update(made).result()

    found = ml.compute.get("cpu")
    assert (found.size, found.min_instances, found.max_instances) == ("Standard_DS3_v2", 2, 4)
    assert found.idle_time_before_scale_down == 300
    assert len(list(ml.compute.list_nodes("cpu"))) == 2
    assert "cpu" in {compute.name for compute in ml.compute.list()}

    ml.compute.begin_delete("cpu").result()
    with pytest.raises(ResourceNotFoundError):
        ml.compute.get("cpu")


def test_an_instance_is_stopped_and_started(ml: Any):
    ml.compute.begin_create_or_update(ComputeInstance(name="aiml-box", size="STANDARD_DS3_V2")).result()

    ml.compute.begin_stop("aiml-box").result()
    stopped = ml.compute.get("aiml-box").state
    ml.compute.begin_start("aiml-box").result()
    started = ml.compute.get("aiml-box").state

    assert (stopped, started) == ("Stopped", "Running")
    ml.compute.begin_delete("aiml-box").result()


def test_sizes_and_usage(ml: Any):
    ml.compute.begin_create_or_update(AmlCompute(name="gpu", size="Standard_NC24ads_A100_v4", max_instances=2)).result()

    sizes = {size.name: size for size in ml.compute.list_sizes()}
    usage = {entry.name["value"]: entry for entry in ml.compute.list_usage()}

    assert sizes["Standard_NC24ads_A100_v4"].gpus == 1
    assert sizes["Standard_DS3_v2"].family == "standardDSv2Family"
    assert vars(usage["StandardNCADSA100v4Family"])["currentValue"] == 48  # the SDK keeps the wire name
    ml.compute.begin_delete("gpu").result()


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (AmlCompute(name="bad", size="Standard_DS3_v9"), "Did you mean Standard_DS3_v2"),
        (AmlCompute(name="bad", size="Standard_DS3_v2", min_instances=3, max_instances=1), r"minNodeCount \(3\)"),
        (AmlCompute(name="bad-1", size="Standard_DS3_v2"), "does not end in a hyphen and digits"),
    ],
)
def test_a_wrong_compute_is_refused(ml: Any, compute: AmlCompute, text: str):
    with pytest.raises(HttpResponseError, match=text):
        ml.compute.begin_create_or_update(compute).result()
