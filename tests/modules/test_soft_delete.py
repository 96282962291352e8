# SPDX-License-Identifier: Apache-2.0
"""Names that Azure keeps after a delete: refused, recovered, purged, by a program on the real engine."""

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

PROGRAM = """
import groundplan as gp
import pulumi
from pulumi_azure_native import authorization, resources

config = pulumi.Config()
policy = gp.SoftDelete(on_create=config.get("create") or "refuse", on_destroy=config.get("destroy") or "keep")
group = resources.ResourceGroup("group", resource_group_name="rg-soft", location="westeurope")
gp.KeyVault(
    "vault",
    gp.KeyVaultArgs(
        resource_group_name=group.name,
        tenant_id=authorization.get_client_config().tenant_id,
        public_network_access=True,
        purge_protection=config.get_bool("protect") or False,
        soft_delete=policy,
        vault_name="kv-soft-delete",
    ),
)
gp.AiServices(
    "llm",
    gp.AiServicesArgs(
        resource_group_name=group.name, public_network_access=True, soft_delete=policy, account_name="ais-soft-delete"
    ),
)
"""


def kept(azure: RunningAzure) -> set[str]:
    names = {id_.rpartition("/")[2] for id_ in azure.status()["soft_deleted"]}
    return {name for name in names if name.endswith("-soft-delete")}


def choose(stack: Stack, create: str, destroy: str) -> None:
    stack.pulumi("config", "set", "create", create)
    stack.pulumi("config", "set", "destroy", destroy)


def test_a_vault_and_an_account(stack: Stack, azure: RunningAzure) -> None:
    """Kept by default; then refused by name; recovered; and in the end purged."""
    both = {"kv-soft-delete", "ais-soft-delete"}
    stack.env["GROUNDPLAN_ON_SOFT_DELETED"] = "refuse"  # the local provider does not help
    (stack.folder / "__main__.py").write_text(PROGRAM)
    stack.up()
    stack.unchanged()
    stack.destroy()
    assert kept(azure) == both

    said = stack.up(code=1)
    assert "key vault: a deleted 'kv-soft-delete' holds the name until 20" in said
    assert "AI services: a deleted 'ais-soft-delete' holds the name until 20" in said
    assert 'SoftDelete(on_create="recover")' in said

    choose(stack, "recover", "purge")
    stack.preview()
    assert kept(azure) == both, "a preview changes nothing"
    stack.up()
    assert kept(azure) == set()
    stack.unchanged()

    stack.destroy()
    assert kept(azure) == set()


WORKSPACE = """
import groundplan as gp
import pulumi
from pulumi_azure_native import authorization, resources

config = pulumi.Config()
group = resources.ResourceGroup("group", resource_group_name="rg-soft-ml", location="westeurope")
vault = gp.KeyVault(
    "vault",
    gp.KeyVaultArgs(
        resource_group_name=group.name,
        tenant_id=authorization.get_client_config().tenant_id,
        public_network_access=True,
        purge_protection=False,
        soft_delete=gp.SoftDelete(on_create="purge", on_destroy="purge"),
        vault_name="kv-ml-soft-delete",
    ),
)
data = gp.Storage(
    "data", gp.StorageArgs(resource_group_name=group.name, public_network_access=True, account_name="stsoftdelete")
)
workspace = gp.Workspace(
    "ml",
    gp.WorkspaceArgs(
        resource_group_name=group.name,
        key_vault_id=vault.id,
        storage_account_id=data.id,
        public_network_access=True,
        managed_network="AllowInternetOutbound" if config.get_bool("looser") else "AllowOnlyApprovedOutbound",
        soft_delete=gp.SoftDelete(on_create="purge", on_destroy="purge") if config.get_bool("purge") else None,
        workspace_name="ml-soft-delete",
    ),
)
pulumi.export("guid", workspace.workspace_id)
"""


def test_a_workspace(stack: Stack, azure: RunningAzure) -> None:
    """A replacement purges what it deleted, as its name is wanted again; a guard that goes alone purges nothing."""
    stack.env["GROUNDPLAN_ON_SOFT_DELETED"] = "refuse"
    stack.pulumi("config", "set", "purge", "true")
    (stack.folder / "__main__.py").write_text(WORKSPACE)
    stack.up()
    first = stack.outputs()["guid"]

    stack.pulumi("config", "set", "looser", "true")
    stack.up()
    second = stack.outputs()["guid"]
    assert first != second
    assert kept(azure) == set()

    stack.pulumi("config", "set", "purge", "false")
    stack.up()
    assert not any(
        "PurgeGuard" in row["type"] and "ml-purge" in row["urn"] for row in stack.state()["deployment"]["resources"]
    )
    assert stack.outputs()["guid"] == second
    stack.destroy()
    assert kept(azure) == {"ml-soft-delete"}

    stack.pulumi("config", "set", "purge", "true")
    stack.up()
    assert stack.outputs()["guid"] not in (first, second)
    stack.destroy()
    assert kept(azure) == set()
