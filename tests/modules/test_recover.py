# SPDX-License-Identifier: Apache-2.0
"""A vault comes back under its old name."""

from tests.provider.conftest import Stack

PROGRAM = """
import groundplan as gp
import pulumi
from pulumi_azure_native import authorization, resources

config = pulumi.Config()
group = resources.ResourceGroup("group", resource_group_name="rg-recover", location="westeurope")
gp.KeyVault(
    "vault",
    gp.KeyVaultArgs(
        resource_group_name=group.name,
        tenant_id=authorization.get_client_config().tenant_id,
        public_network_access=True,
        recover_deleted=config.get_bool("recover") or False,
        vault_name="kv-recovered-by-test",
    ),
)
"""


def test_recover_deleted(stack: Stack) -> None:
    """With purge protection the name stays taken, so the only way back is to recover; switching that off changes nothing."""
    stack.env["GROUNDPLAN_ON_SOFT_DELETED"] = "refuse"
    (stack.folder / "__main__.py").write_text(PROGRAM)
    stack.up()
    stack.destroy()

    assert "kv-recovered-by-test" in stack.up(code=1)

    stack.pulumi("config", "set", "recover", "true")
    stack.up()
    stack.pulumi("config", "rm", "recover")
    stack.unchanged()
    stack.destroy()
