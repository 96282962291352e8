# SPDX-License-Identifier: Apache-2.0
"""URIs to places, and files between the blob plane and folders."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan_emulator.app import Azure
from groundplan_emulator.ml import files
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.system_datastores import DATASTORES
from tests.emulator.ml.assets.conftest import ARTIFACTS, BLOBS, WORKSPACE, blob, keep, workspace

STARTS = (
    "",
    "https://",
    "https://[",
    "https://127.0.0.1:2/acct.blob.core.local/",
    "azureml://datastores/workspaceblobstore/paths/",
    "azureml://jobs/",
    "runs:/",
    "wasbs://c@acct.",
)
LONG = "azureml://subscriptions/s/resourcegroups/g/workspaces/ws"


@pytest.mark.parametrize(
    ("uri", "container", "name"),
    [
        ("azureml://datastores/workspaceblobstore/paths/a/b.txt", BLOBS, "a/b.txt"),
        ("azureml:azureml://datastores/workspaceblobstore/paths/a/", BLOBS, "a"),
        ("azureml://datastores/workspaceblobstore/paths", BLOBS, ""),
        ("azureml://datastores/workspaceblobstore", BLOBS, ""),
        ("azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.j/x", ARTIFACTS, "ExperimentRun/dcid.j/x"),
        (f"{LONG}/datastores/workspaceblobstore/paths/a", BLOBS, "a"),
        (f"{LONG.replace('groups/g/', 'groups/g/providers/X/')}/datastores/workspaceblobstore/paths/a", BLOBS, "a"),
        ("azureml://jobs/j/outputs/model/paths/m.pkl", BLOBS, "azureml/j/model/m.pkl"),
        ("azureml://jobs/j/outputs/model", BLOBS, "azureml/j/model"),
        (f"{LONG}/jobs/j/outputs/artifacts/paths/model/", ARTIFACTS, "ExperimentRun/dcid.j/model"),
        ("runs:/j/model", ARTIFACTS, "ExperimentRun/dcid.j/model"),
        ("azureml://jobs/elsewhere/outputs/out/paths/x", BLOBS, "own/place/x"),
        ("azureml://jobs/resolved/outputs/out/paths/x", BLOBS, "resolved/x"),
        ("https://127.0.0.1:2/acct.blob.core.local/c/a%20b", "c", "a b"),
        ("https://127.0.0.1:2/acct.blob.core.local%2Fc/a", "c", "a"),
        ("https://127.0.0.1:2/blob/acct/c/a", "c", "a"),
        ("https://acct.blob.core.windows.net:443/c/a/b", "c", "a/b"),
        (f"https://127.0.0.1:2/{BLOBS}/LocalUpload/x", BLOBS, "LocalUpload/x"),
        ("wasbs://c@acct.blob.core.windows.net/a/b", "c", "a/b"),
    ],
)
def test_places(core: Azure, uri: str, container: str, name: str):
    outputs = {"out": {"uri": "azureml://datastores/workspaceblobstore/paths/own/place"}}
    jobs = "Microsoft.MachineLearningServices/workspaces/jobs"
    keep(core, f"{WORKSPACE}/jobs/elsewhere", jobs, outputs=outputs)
    asked = {"out": {"uri": "azureml://datastores/workspaceblobstore/paths/${{name}}"}}
    running = keep(core, f"{WORKSPACE}/jobs/resolved", jobs, outputs=asked)
    running.private["outputs"] = {"out": {"uri": "azureml://datastores/workspaceblobstore/paths/resolved/"}}

    with core.working() as ctx:
        ctx.save(running)
        assert files.place(ctx, uri, workspace(core)) == Place("acct", container, name)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        (
            "azureml://datastores/mine/paths/a",
            "there is no datastore 'mine' (datastores of the workspace: workspaceart",
        ),
        (f"{LONG}2/datastores/workspaceblobstore/paths/a", "there is no workspace 'ws2'"),
        ("azureml://datastores/workspacefilestore2/paths/a", "there is no datastore"),
        ("https://127.0.0.1:2/nocontainer/a", "names no blob container"),
        ("https://127.0.0.1:2/?sig=secret", "names no blob container"),
        ("hdfs://x/y", "leads to no files"),
        ("", "leads to no files"),
    ],
)
def test_places_that_are_none(core: Azure, uri: str, message: str):
    with core.working() as ctx, pytest.raises(NotFoundError) as caught:
        files.place(ctx, uri, workspace(core))

    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(STARTS), st.text(max_size=40))
def test_any_text_is_a_place_or_is_refused(core: Azure, start: str, rest: str):
    with core.working() as ctx:
        try:
            found = files.place(ctx, start + rest, workspace(core))
        except NotFoundError:
            return
        assert found.account
        assert found.container
        assert files.names(ctx.store.database, found) == []


def test_a_short_uri_needs_a_workspace(core: Azure):
    with core.working() as ctx, pytest.raises(NotFoundError, match="in which workspace"):
        files.place(ctx, "azureml://datastores/workspaceblobstore/paths/a")


@given(st.text(max_size=80))
def test_any_path_is_the_end_of_its_uri(path: str):
    datastore = Resource(f"{WORKSPACE}/datastores/mine", DATASTORES, "mine", {})

    assert files.uri_of(datastore, path) == f"{LONG}/datastores/mine/paths/{path}"


def fetched(core: Azure, name: str, target: Path) -> dict[str, bytes]:
    made = asyncio.run(files.download(core, Place("acct", BLOBS, name), target))
    return {file.relative_to(target).as_posix(): file.read_bytes() for file in made}


def test_a_folder_keeps_its_paths(core: Azure, tmp_path: Path):
    blob(core, "model/a.txt", b"a")
    blob(core, "model/sub/b.txt", b"b")
    blob(core, "model-other/c.txt", b"c")
    blob(core, "model.txt", b"d")

    assert fetched(core, "model/", tmp_path / "x") == {"a.txt": b"a", "sub/b.txt": b"b"}
    assert fetched(core, "model", tmp_path / "y") == {"a.txt": b"a", "sub/b.txt": b"b"}


def test_a_single_blob_is_called_as_it_is(core: Azure, tmp_path: Path):
    blob(core, "model/deep/a.txt", b"a")

    assert fetched(core, "model/deep/a.txt", tmp_path) == {"a.txt": b"a"}


def test_the_whole_container(core: Azure, tmp_path: Path):
    blob(core, "a.txt", b"a")
    blob(core, "z/b.txt", b"b")

    assert fetched(core, "", tmp_path) == {"a.txt": b"a", "z/b.txt": b"b"}


def test_blobs_that_stand_for_folders_are_none_of_the_files(core: Azure, tmp_path: Path):
    for marker in ("model", "model/sub", "model/sub/"):
        blob(core, marker, b"")
    blob(core, "model/sub/b.txt", b"b")

    assert fetched(core, "model", tmp_path) == {"sub/b.txt": b"b"}


@pytest.mark.parametrize("name", ["model/../../escaped", "model/a/../../../escaped"])
def test_nothing_lands_outside_of_the_folder(core: Azure, tmp_path: Path, name: str):
    blob(core, name)

    with pytest.raises(NotFoundError, match="outside of its folder"):
        fetched(core, "model", tmp_path / "inner")

    assert not list(tmp_path.rglob("escaped"))


def test_where_there_is_nothing(core: Azure, tmp_path: Path):
    with pytest.raises(NotFoundError, match=f"no files at '{BLOBS}/nothing' of 'acct'"):
        fetched(core, "nothing", tmp_path)


def test_upload_and_download_are_each_others_reverse(core: Azure, tmp_path: Path):
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "a ä.txt").write_bytes(b"a")
    (source / "sub" / "100%.bin").write_bytes(b"\x00\xff")

    assert files.upload(core, source, Place("acct", "made-by-upload", "in/here/")) == 2

    with core.working() as ctx:
        assert (
            ctx.get(
                f"{WORKSPACE.partition('/providers')[0]}/providers/Microsoft.Storage/storageAccounts/acct"
                "/blobServices/default/containers/made-by-upload"
            )
            is not None
        )
    made = asyncio.run(files.download(core, Place("acct", "made-by-upload", "in/here"), tmp_path / "target"))
    assert {file.relative_to(tmp_path / "target").as_posix() for file in made} == {"a ä.txt", "sub/100%.bin"}


def test_a_copy_stays_when_its_source_goes(core: Azure, tmp_path: Path):
    blob(core, "model/a.txt", b"a")
    blob(core, "model/sub/b.txt", b"b")
    source = Place("acct", BLOBS, "model")
    with core.working() as ctx:
        assert files.copy(ctx, source, Place("acct", "copies", "m")) == 2
        assert files.copy(ctx, Place("acct", BLOBS, "model/a.txt"), Place("acct", "copies", "one.txt")) == 1
        assert files.sums(ctx, source) == files.sums(ctx, Place("acct", "copies", "m"))
        ctx.store.database.execute("DELETE FROM blobs WHERE container = ?", (BLOBS,))

    made = asyncio.run(files.download(core, Place("acct", "copies", ""), tmp_path))

    assert {file.relative_to(tmp_path).as_posix(): file.read_bytes() for file in made} == {
        "m/a.txt": b"a",
        "m/sub/b.txt": b"b",
        "one.txt": b"a",
    }


def test_sums_tell_other_content_apart(core: Azure):
    blob(core, "one/a.txt", b"a")
    blob(core, "two/a.txt", b"b")
    with core.working() as ctx:
        one, two = (files.sums(ctx, Place("acct", BLOBS, name)) for name in ("one", "two"))

    assert one.keys() == two.keys() == {"a.txt"}
    assert one != two


def test_nothing_is_written_to_an_account_that_is_not_there(core: Azure):
    with core.working() as ctx, pytest.raises(NotFoundError, match="no storage account 'other'"):
        files.write(ctx, Place("other", "c", "a"), b"")
