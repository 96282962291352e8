# SPDX-License-Identifier: Apache-2.0
"""An open app with all there is to reach, and a closed one on a plan that it shares."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

TELEMETRY = "InstrumentationKey=0b1f6471-1bf0-4dda-aec3-cb9272f09590"


def full(here: Surroundings) -> None:
    """Every argument; the second app lives on the plan of the first."""
    first = gp.FunctionApp(
        "full",
        gp.FunctionAppArgs(
            resource_group_name=here.group.name,
            storage_account_id=here.data.id,
            app_name=here.names("function_app", "full"),
            plan_name=here.names("app_service_plan", "full"),
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            subnet_id=here.application_network.subnet_ids["functions"],
            public_network_access=True,
            allowed_sources=("AzureEventGrid", "203.0.113.0/24"),
            package_uri="https://stvision.blob.core.windows.net/releases/scoring-1.zip",
            python_version="3.12",
            scoring={"CHURN_URI": gp.ScoringTarget(uri="https://churn.example/score", endpoint_id=here.workspace.id)},
            events={
                "HUB": gp.EventHubSource(host="evhns-vision.servicebus.windows.net", scope_id=here.group.id),
                "QUEUE": gp.QueueSource(queue_endpoint=here.data.queue_endpoint, scope_id=here.data.id),
            },
            settings={"BATCH_SIZE": "16"},
            secrets={"PARTNER_KEY": "https://kv.vault.azure.net/secrets/partner"},
            key_vault_id=here.vault.id,
            application_insights_connection_string=TELEMETRY,
            application_insights_id=here.monitoring.application_insights_id,
            storage_roles=("Storage Blob Data Owner", "Storage Table Data Contributor"),
            sku="EP2",
            min_instances=2,
            max_instances=10,
            zone_redundant=True,
            identity_ids=(here.identity.id,),
        ),
    )
    gp.FunctionApp(
        "full-neighbour",
        gp.FunctionAppArgs(
            resource_group_name=here.group.name,
            storage_account_id=here.data.id,
            app_name=here.names("function_app", "next"),
            plan_id=first.plan_id,
            subnet_id=here.application_network.subnet_ids["functions"],
            private_endpoint=here.placement,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Only what it needs, logged and locked."""
    gp.FunctionApp(
        "locked-down",
        gp.FunctionAppArgs(
            resource_group_name=here.group.name,
            app_name=here.names("function_app", "locked"),
            storage_account_id=here.data.id,
            subnet_id=here.application_network.subnet_ids["functions"],
            private_endpoint=here.placement,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; no password, no key."""
    closed = found.one("web:WebApp", "locked-down")
    config = closed["siteConfig"]
    assert (closed["httpsOnly"], closed["publicNetworkAccess"]) == (True, "Disabled")
    assert (config["minTlsVersion"], config["ftpsState"]) == ("1.2", "Disabled")
    for kind, suffix in (("FtpAllowed", "ftp"), ("ScmAllowed", "scm")):
        assert found.one(f"web:WebApp{kind}", f"locked-down-{suffix}")["allow"] is False
    live = found.outputs("web:WebApp", "locked-down")
    assert live["defaultHostName"].endswith(".azurewebsites.net")
    owner = found.one("authorization:RoleAssignment", "locked-down-storage-storage-blob-data-owner")
    assert owner["principalId"] == live["identity"]["principalId"]
    settings = _settings(found, "locked-down")
    assert settings["AzureWebJobsStorage__accountName"].startswith("st")
    assert "AzureWebJobsStorage" not in settings

    plan = found.one("web:AppServicePlan", "full-plan")
    assert plan["sku"] == {"name": "EP2", "tier": "ElasticPremium", "capacity": 2}
    assert found.one("web:WebApp", "full-neighbour")["serverFarmId"].endswith(plan["name"])
    assert TELEMETRY not in str(found.rows)
    tags = [rule["tag"] for rule in found.one("web:WebApp", "full")["siteConfig"]["ipSecurityRestrictions"]]
    assert tags == ["ServiceTag", "Default"]
    roles = {row["urn"].rpartition("::")[2] for row in found.under("FunctionApp", "full")}
    assert {"full-scoring-CHURN_URI", "full-events-HUB", "full-events-QUEUE", "full-secrets", "full-telemetry"} <= roles


def _settings(found: Declared, name: str) -> dict[str, str]:
    return {each["name"]: str(each["value"]) for each in found.one("web:WebApp", name)["siteConfig"]["appSettings"]}
