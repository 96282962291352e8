# SPDX-License-Identifier: Apache-2.0
"""The emulator refuses no name that Azure's pages and specifications allow."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan_emulator.types.consumption.budgets import Budgets
from groundplan_emulator.types.container_registry.registries import Registries as ContainerRegistries
from groundplan_emulator.types.container_service.managed_clusters import ManagedClusters
from groundplan_emulator.types.dashboard.grafana import Grafana
from groundplan_emulator.types.devices.iot_hubs import IotHubs
from groundplan_emulator.types.devices.provisioning_services import ProvisioningServices
from groundplan_emulator.types.insights.action_groups import ActionGroups
from groundplan_emulator.types.insights.components import Components
from groundplan_emulator.types.insights.metric_alerts import MetricAlerts
from groundplan_emulator.types.insights.scheduled_query_rules import ScheduledQueryRules
from groundplan_emulator.types.key_vault.secrets import Secrets
from groundplan_emulator.types.machine_learning_services.registries import Registries
from groundplan_emulator.types.machine_learning_services.workspaces import Workspaces
from groundplan_emulator.types.operational_insights.workspaces import Workspaces as LogWorkspaces
from tests.modules.published_names import PUBLISHED

pytestmark = pytest.mark.azure_spec

KINDS = {
    "action_group": ActionGroups,
    "application_insights": Components,
    "budget": Budgets,
    "container_registry": ContainerRegistries,
    "device_provisioning": ProvisioningServices,
    "grafana": Grafana,
    "iot_hub": IotHubs,
    "kubernetes_cluster": ManagedClusters,
    "log_analytics": LogWorkspaces,
    "machine_learning_registry": Registries,
    "machine_learning_workspace": Workspaces,
    "metric_alert": MetricAlerts,
    "scheduled_query_rule": ScheduledQueryRules,
    "secret": Secrets,
}


@pytest.mark.parametrize(("kind", "published"), [row for row in PUBLISHED if row[0] in KINDS])
@settings(max_examples=20)
@given(data=st.data())
def test_what_azure_takes_is_taken(kind: str, published: str, data: st.DataObject) -> None:
    rule = KINDS[kind].name_rule

    assert rule is not None
    assert re.fullmatch(rule.pattern, data.draw(st.from_regex(published, fullmatch=True)))
