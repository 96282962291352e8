# SPDX-License-Identifier: Apache-2.0
"""The data file is what the installed SDK and the tables give, and a wrong row is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from groundplan_arm import data
from groundplan_arm.generate import placement
from groundplan_arm.generate.__main__ import main
from groundplan_arm.generate.build import build


@pytest.fixture(autouse=True)
def tables_read_anew() -> Any:
    placement.table.cache_clear()
    yield
    placement.table.cache_clear()


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    placement.table.cache_clear()
    return build()


def test_the_data_file_is_up_to_date(documents: dict[str, Any], tmp_path: Path) -> None:
    shipped = data.DataFile()
    for name, document in documents.items():
        assert name in shipped, f"{name}: run `python -m groundplan_arm.generate`"
        assert shipped.read(name) == orjson.loads(orjson.dumps(document)), (
            f"{name}: run `python -m groundplan_arm.generate`"
        )
    assert data.write(tmp_path / "types.bin", documents) < 1_000_000
    assert data.PATH.stat().st_size < 1_000_000
    assert len(documents["index"]["types"]) >= 422


def test_tables_name_what_the_sdk_has(documents: dict[str, Any]) -> None:
    for token in placement.table("enums"):
        module, name = token.split(":")
        assert name in documents[module]["enums"], f"tables/enums.toml: {token}"
    rows = placement.table("placement")
    for part in ("resource_names", "resource_places", "inside_properties", "query"):
        assert set(rows[part]) <= set(placement.table("types")), f"tables/placement.toml: {part}"
    assert set(placement.table("create_only")) - {"assumed_location"} <= set(placement.table("types"))


def small_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, types: str, **others: str) -> None:
    """Our tables with only the given types."""
    for path in placement.TABLES.glob("*.toml"):
        keep = {"types": types, "create_only": "assumed_location = []", "functions": ""}
        (tmp_path / path.name).write_text({**keep, **others}.get(path.stem, path.read_text()))
    monkeypatch.setattr(placement, "TABLES", tmp_path)


VAULTS = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults"


def test_one_row_is_all_that_a_type_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = VAULTS.replace("Microsoft.KeyVault/vaults", "Microsoft.Compute/sshPublicKeys/{sshPublicKeyName}")
    small_table(tmp_path, monkeypatch, f'"compute:SshPublicKey" = {{ path = "{path}" }}')
    documents = build()
    row = documents["index"]["types"]["compute:SshPublicKey"]
    assert (row["path"], row["auto"], row["tracked"]) == (path, "random", True)
    assert documents["index"]["functions"]["compute:getSshPublicKey"]["path"] == path
    assert documents["compute"]["resources"]["SshPublicKey"]["in"]["publicKey"] == [
        "s",
        {"at": ["properties", "publicKey"]},
    ]


@pytest.mark.parametrize(
    ("types", "others", "sentence"),
    [
        (f'"keyvault:Valt" = {{ path = "{VAULTS}/{{vaultName}}" }}', {}, "has no resource 'keyvault:Valt'"),
        (f'"keyvalt:Vault" = {{ path = "{VAULTS}/{{vaultName}}" }}', {}, "no module 'keyvalt'"),
        (f'"keyvault:Vault" = {{ path = "{VAULTS}/{{nonsense}}" }}', {}, "path parameters without an input: nonsense"),
        (f'"keyvault:Vault" = {{ path = "{VAULTS}/{{location}}" }}', {}, "its get function does not ask for location"),
        (
            f'"keyvault:Vault" = {{ path = "{VAULTS}/{{vaultName}}" }}',
            {"create_only": '"keyvault:Vault" = ["colour"]\nassumed_location = []'},
            "keyvault:Vault has no input colour",
        ),
        (f'"keyvault:AccessPolicy" = {{ path = "{VAULTS}/{{vaultName}}" }}', {}, "the SDK names no API version"),
    ],
)
def test_a_row_that_does_not_hold_together_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    types: str,
    others: dict[str, str],
    sentence: str,
) -> None:
    small_table(tmp_path, monkeypatch, types, **others)
    before = data.PATH.read_bytes()
    assert main() == 1
    assert sentence in capsys.readouterr().err
    assert data.PATH.read_bytes() == before
