# SPDX-License-Identifier: Apache-2.0
"""Classes of azure-native that are loaded one by one are those of the whole module. Each case is a Python of its own."""

import subprocess
import sys

import pytest

MODULES = [
    "network",
    "machinelearningservices",
    "storage",
    "authorization",
    "web",
    "monitor",
    "cdn",
    "synapse",
    "containerservice",
]

EACH = """
import ast, pathlib, sys, types
import pulumi_azure_native
import groundplan
from groundplan.azure_classes import ModuleOfClasses
for name in sys.argv[1:]:
    module = sys.modules[f"pulumi_azure_native.{name}"]
    public = set()
    for file in pathlib.Path(module.__path__[0]).glob("[!_]*.py"):
        for line in ast.parse(file.read_text()).body:
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__all__" and file.stem != "outputs":
                public |= set(ast.literal_eval(line.value))
    assert len(public) > 10, name
    one_by_one = {each: getattr(module, each) for each in sorted(public)}
    assert type(module) is ModuleOfClasses, f"{name} was loaded whole"
    for each in dir(sys.modules[f"pulumi_azure_native.{name}._inputs"]):
        if each.endswith("Args"):
            getattr(module, each)
    assert type(module) is ModuleOfClasses, f"{name} was loaded whole"
    whole = types.ModuleType(module.__name__)
    whole.__path__, whole.__file__, whole.__spec__ = module.__path__, module.__file__, module.__spec__
    module.__spec__.loader.exec_module(whole)
    different = [each for each, value in one_by_one.items() if vars(whole)[each] is not value]
    assert not different, (name, different)
"""

FEW = """
import sys
from pulumi_azure_native import network
import groundplan
assert network.PrivateEndpoint.__module__ == "pulumi_azure_native.network.private_endpoint"
assert network.SubnetArgs.__module__ == "pulumi_azure_native.network._inputs"
assert "pulumi_azure_native.network.subnet" not in sys.modules
assert network.get_subnet.__name__ == "get_subnet"
assert network.GetSubnetResult.__name__ == "GetSubnetResult"
assert network.get_subnet.__name__ == "get_subnet"
"""

UNKNOWN = """
from pulumi_azure_native import network
import groundplan
try:
    network.PrivateEndpiont
except AttributeError as error:
    assert str(error) == "module 'pulumi_azure_native.network' has no attribute 'PrivateEndpiont'", error
else:
    raise AssertionError("it is not there")
assert network.Subnet.__name__ == "Subnet"
"""

STAR = """
import groundplan.component
from pulumi_azure_native.network import *
assert Subnet and AdminRule and get_subnet
"""

NAMES = """
from pulumi_azure_native import keyvault
import groundplan
assert {"Vault", "Key", "VaultPropertiesArgs", "SkuName"} <= set(dir(keyvault))
"""

LOADED = """
from pulumi_azure_native import keyvault
before = keyvault.Vault
import groundplan, types
assert keyvault.Vault is before and type(keyvault) is types.ModuleType
"""

KEPT = """
import dill
from pulumi_azure_native import network
import groundplan
network.Subnet
assert dill.loads(dill.dumps(lambda: network, recurse=True))() is network
"""


def run(program: str, *arguments: str) -> None:
    """In a Python that has nothing loaded."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "program", [FEW, UNKNOWN, STAR, NAMES, LOADED, KEPT], ids=["few", "unknown", "star", "dir", "loaded", "kept"]
)
def test_a_module_of_azure_native(program: str) -> None:
    """What programs do with one: take few of its classes, misspell one, take all, list them, use it before Groundplan, keep it."""
    run(program)


def test_every_name() -> None:
    """No name of these modules leads elsewhere, and none needs the whole module."""
    run(EACH, *MODULES)
