# SPDX-License-Identifier: Apache-2.0
"""The catalog: types by token, by ARM type and by path; functions."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from groundplan_arm import Catalog, UnknownType, load, schema
from groundplan_arm.data import DataFile
from groundplan_arm.resource_type import ResourceType

CATALOG = load()
VAULT = CATALOG.by_token("azure-native:keyvault:Vault")
SUBNET = CATALOG.by_token("azure-native:network:Subnet")
VAULT_ID = "/subscriptions/S/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/Kv-One"


def test_a_type_of_the_table() -> None:
    assert VAULT.arm_type == "Microsoft.KeyVault/vaults"
    assert VAULT.api_version == "2024-11-01"
    assert "2026-05-15" in VAULT.api_versions  # azure-mgmt-keyvault
    assert VAULT.path_params == ("resourceGroupName", "vaultName")
    assert (VAULT.name_param, VAULT.autoname, VAULT.scope, VAULT.tracked) == (
        "vaultName",
        "random",
        "resource_group",
        True,
    )
    assert VAULT.parent_type == "Microsoft.Resources/resourceGroups"
    assert VAULT.inputs["properties"].required
    assert "azureApiVersion" in VAULT.outputs


def test_a_versioned_token_is_the_same_type() -> None:
    assert CATALOG.by_token("azure-native:keyvault/v20241101:Vault") is VAULT
    assert CATALOG.by_token("azure-native:network/v20230901preview:Subnet") is SUBNET


@pytest.mark.parametrize("token", ["azure-native:compute:VirtualMachine", "keyvault:Vault", "aws:s3:Bucket", ""])
def test_an_unknown_type_says_how_it_is_added(token: str) -> None:
    with pytest.raises(UnknownType, match=r"docs/add-a-type\.md") as caught:
        CATALOG.by_token(token)
    assert caught.value.token == token
    assert f"'{token}'" in str(caught.value)


def test_arm_types_ignore_case() -> None:
    assert CATALOG.by_arm_type("microsoft.keyvault/VAULTS") is VAULT
    assert CATALOG.by_arm_type("Microsoft.KeyVault/nothing") is None


def test_of_types_that_share_an_arm_type_the_plainest_comes_first() -> None:
    found = CATALOG.by_arm_type("Microsoft.CostManagement/views")
    assert found is not None
    assert found.token == "azure-native:costmanagement:View"


def test_the_constants_of_a_body_choose_between_types_that_share_an_arm_type() -> None:
    script = CATALOG.by_arm_type("Microsoft.Resources/deploymentScripts")
    assert script is not None
    assert CATALOG.by_body(script, {"kind": "AzurePowerShell"}).class_name == "AzurePowerShellScript"
    assert CATALOG.by_body(script, {"kind": "AzureCLI"}).class_name == "AzureCliScript"
    assert CATALOG.by_body(VAULT, {}) is VAULT


def test_the_type_that_stands_for_any_resource_matches_no_path() -> None:
    generic = CATALOG.by_token("azure-native:resources:Resource")
    unknown = "/subscriptions/S/resourceGroups/RG/providers/Contoso.Shop/carts/c/items/i"
    assert CATALOG.match_path(unknown) is None
    assert generic.parse_id(unknown) == {
        "resourceGroupName": "RG",
        "resourceProviderNamespace": "Contoso.Shop",
        "parentResourcePath": "carts/c",
        "resourceType": "items",
        "resourceName": "i",
    }
    made = generic.resource_id(generic.parse_id(VAULT_ID), subscription_id="S")  # no parent
    assert made.lower() == VAULT_ID.lower()


TYPES = [found for found in CATALOG.types() if found.class_name != "Resource"]


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda found: found.token)
def test_each_path_leads_to_its_type(resource_type: ResourceType) -> None:
    scoped = re.sub(r"\{(scope|scopeId|resourceUri)\}", lambda _: VAULT_ID[1:], resource_type.path)
    resource_id = re.sub(r"\{(\w+)\}", r"The-\1", scoped)
    match = CATALOG.match_path(resource_id.replace("/providers/", "/Providers/"))
    assert match is not None
    assert match[0].arm_type.lower() == resource_type.arm_type.lower()
    values = resource_type.parse_id(resource_id)
    assert tuple(values) == resource_type.path_params
    assert set(values) <= set(resource_type.inputs)
    assert resource_type.resource_id(values, subscription_id="The-subscriptionId") == resource_id
    if resource_type.name_param and not resource_type.path.startswith("/{resourceId}"):
        assert values[resource_type.name_param] == f"The-{resource_type.name_param}"


def test_required_inputs_are_in_the_path_the_query_or_the_body() -> None:
    for resource_type in CATALOG.types():
        for known in resource_type.inputs.values():
            assert known.role in ("path", "query", "body"), (resource_type.token, known.name)
            assert known.at or known.role == "path"
        others = [name for name in resource_type.path_params if name != resource_type.name_param]
        assert all(resource_type.inputs[name].role == "path" for name in others), resource_type.token


def test_an_extension_is_found_below_any_scope() -> None:
    for scope in ("/subscriptions/S", "/subscriptions/S/resourceGroups/RG", VAULT_ID):
        match = CATALOG.match_path(f"{scope}/providers/Microsoft.Authorization/roleAssignments/r-1")
        assert match is not None
        assert match[0].class_name == "RoleAssignment"
        assert match[1] == {"scope": scope[1:], "roleAssignmentName": "r-1"}


def test_a_path_that_no_template_fits() -> None:
    assert CATALOG.match_path("/subscriptions/S/resourceGroups/RG/providers/Microsoft.KeyVault/vaults") is None
    assert CATALOG.match_path("/") is None


def test_missing_path_inputs_are_named() -> None:
    with pytest.raises(ValueError, match="needs virtualNetworkName, subnetName to name its resource"):
        SUBNET.resource_id({"resourceGroupName": "rg"}, subscription_id="s")
    with pytest.raises(ValueError, match=r"is not an id of Microsoft\.Network/virtualNetworks/subnets"):
        SUBNET.parse_id(VAULT_ID)


def test_create_only_properties_are_inputs() -> None:
    for resource_type in CATALOG.types():
        tops = {path.split(".")[0] for path in resource_type.create_only}
        assert tops <= set(resource_type.inputs), resource_type.token
        assert not tops & set(resource_type.path_params), resource_type.token
    assert CATALOG.by_token("azure-native:network:PrivateEndpoint").create_only == {"subnet"}


@pytest.mark.parametrize(
    ("token", "secrets"),
    [
        ("keyvault:Secret", {"properties.value"}),
        (
            "machinelearningservices:Datastore",
            {"properties.credentials.secrets.key", "properties.credentials.secrets.sasToken"},
        ),
        ("machinelearningservices:WorkspaceConnection", {"properties.credentials.key", "properties.credentials.keys"}),
        ("applicationinsights:Component", {"connectionString", "instrumentationKey"}),
        ("containerservice:ManagedCluster", {"windowsProfile.adminPassword"}),
        ("network:ApplicationGateway", {"sslCertificates[*].data", "sslCertificates[*].password"}),
    ],
)
def test_secrets_of_a_type(token: str, secrets: set[str]) -> None:
    assert secrets <= CATALOG.by_token(f"azure-native:{token}").secrets


def test_what_only_names_a_key_is_no_secret() -> None:
    for token in ("keyvault:Key", "storage:StorageAccount", "keyvault:Vault", "machinelearningservices:Workspace"):
        assert CATALOG.by_token(f"azure-native:{token}").secrets == frozenset()


def test_functions_of_the_table() -> None:
    keys = CATALOG.function("azure-native:storage:listStorageAccountKeys")
    assert (keys.method, keys.api_version, keys.secrets) == ("POST", "2024-01-01", {"keys[*].value"})
    args = {"accountName": "st", "resourceGroupName": "rg", "expand": "kerb"}
    assert keys.url_path(args, subscription_id="S").endswith("/storageAccounts/st/listKeys")
    assert keys.body(args) == {"expand": "kerb"}
    vault = CATALOG.function("azure-native:keyvault:getVault")
    assert (vault.method, vault.of, vault.path) == ("GET", VAULT, VAULT.path)
    assert CATALOG.function("azure-native:authorization:getClientConfig").kind == "client_config"
    with pytest.raises(UnknownType):
        CATALOG.function("azure-native:compute:getImage")
    with pytest.raises(ValueError, match="needs resourceGroupName"):
        keys.url_path({"accountName": "st"}, subscription_id="S")


def test_each_function_takes_what_its_path_needs() -> None:
    for function in CATALOG.functions.values():
        if function.kind == "arm":
            assert {name.lower() for name in function.path_params} <= {name.lower() for name in function.args}, (
                function.token
            )


def test_threads_may_share_a_catalog() -> None:
    catalog = Catalog(DataFile())

    def read(_: int) -> int:
        return len(schema.request_schema(catalog.by_token("azure-native:network:VirtualNetwork"))["$defs"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(read, range(32)))) == 1


def test_reading_the_catalog_imports_no_sdk() -> None:
    code = (
        "import sys; from groundplan_arm import load; load().by_token('azure-native:keyvault:Vault').inputs;"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('pulumi', 'pulumi_azure_native')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
