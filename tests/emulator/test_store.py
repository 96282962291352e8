# SPDX-License-Identifier: Apache-2.0
"""The store: ids ignore case, a transaction is all or nothing, ranges find descendants and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan_emulator.store import CorruptStateError, Deleted, Resource, Store

GROUP = "/subscriptions/s/resourceGroups/g"


def make(store: Store, path: str, parent: str = GROUP) -> Resource:
    resource = Resource(path, "Microsoft.X/things", path.rsplit("/", 1)[-1], {"id": path}, "1", {"secret": "s"})
    store.put(resource, parent)
    return resource


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state.db")


def test_ids_ignore_case(store: Store):
    make(store, f"{GROUP}/providers/Microsoft.X/things/One")

    found = store.get(f"{GROUP}/PROVIDERS/microsoft.x/THINGS/one")

    assert found is not None
    assert found.id == f"{GROUP}/providers/Microsoft.X/things/One"
    assert found.private == {"secret": "s"}


def test_a_failed_transaction_leaves_nothing(store: Store):
    with pytest.raises(RuntimeError), store.transaction():
        make(store, f"{GROUP}/providers/Microsoft.X/things/one")
        raise RuntimeError

    assert store.counts() == {}


def test_writes_are_there_after_a_new_start(tmp_path: Path):
    first = Store(tmp_path / "state.db")
    with first.transaction():
        make(first, f"{GROUP}/providers/Microsoft.X/things/one")

    second = Store(tmp_path / "state.db")

    assert second.counts() == {"microsoft.x/things": 1}


def test_descendants_do_not_include_neighbours_with_a_longer_name(store: Store):
    one = make(store, f"{GROUP}/providers/Microsoft.X/things/one")
    make(store, f"{one.id}/parts/a", one.id)
    make(store, f"{GROUP}/providers/Microsoft.X/things/one-more")
    make(store, f"{GROUP}/providers/Microsoft.X/things/one0")

    assert [found.name for found in store.descendants(one.id)] == ["a"]
    assert [found.name for found in store.children(GROUP)] == ["one", "one-more", "one0"]


def test_soft_deleted_resources_are_found_by_name(store: Store):
    store.bury(Deleted("/a/B", "Microsoft.X/things", "B", "westeurope", 1.0, 2.0, {"x": 1}, {}))

    assert [found.id for found in store.deleted("microsoft.x/Things", name="b")] == ["/a/B"]
    store.exhume("/A/b")
    assert store.deleted() == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    path = tmp_path / "state.db"
    path.write_bytes(b"this is not a database, and it is long enough to be read as one" * 20)

    with pytest.raises(CorruptStateError, match=r"state\.db: file is not a database"):
        Store(path)
