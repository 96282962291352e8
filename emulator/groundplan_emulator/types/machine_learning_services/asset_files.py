# SPDX-License-Identifier: Apache-2.0
"""The URIs of assets: in the form in which the service keeps them, and compared by what they lead to."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.ml import files, places
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob import rows
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import user_error
from groundplan_emulator.types.machine_learning_services.system_datastores import DATASTORES

SHORT: Final = ("azureml://datastores/", "azureml://jobs/", "runs:/")
_OWN: Final = re.compile(r"https://127\.0\.0\.1:\d+/(?=[^/]+\.blob\.)")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
ACCOUNTS: Final = "Microsoft.Storage/storageAccounts"


def settled(ctx: Context, holder: Resource | None, target: str, uri: str) -> str:
    """A URI as it is kept: datastores with their workspace, outputs of jobs as paths of datastores, addresses without a query.

    `holder` is the workspace or the registry that the asset belongs to. Refuses a datastore that is not there (UserError).
    """
    text = uri.strip().removeprefix("azureml:") if not uri.startswith("azureml://") else uri.strip()
    if text.lower().startswith(("http://", "https://")):
        return _address(ctx, target, text)
    if _SCHEME.match(text) is None:
        raise user_error(
            f"'{target}' is '{uri}', which is no URI: it must start with azureml://datastores/, azureml://jobs/, runs:/, https:// or wasbs://.",
            target,
        )
    if not text.lower().startswith(("azureml://", "runs:/")):
        return uri
    if holder is not None and holder.type.lower().endswith("/registries") and text.lower().startswith(SHORT):
        raise user_error(
            f"'{target}' is '{uri}', but registry '{holder.name}' has no datastores and no jobs:"
            " upload the files when you create the asset, or share it from a workspace.",
            target,
        )
    try:
        place = files.place(ctx, text, holder)
    except NotFoundError as error:
        raise user_error(f"'{target}' is '{uri}': {error}.", target) from None
    lower = text.lower()
    if lower.startswith("azureml://datastores/") and holder is not None:
        segments = holder.id.split("/")
        return f"azureml://subscriptions/{segments[2]}/resourcegroups/{segments[4]}/workspaces/{segments[8]}/{text[len('azureml://') :]}"
    if "/jobs/" in lower or lower.startswith("runs:/"):
        return _in_datastore(ctx, holder, _logged(ctx, holder, text, place)) or text
    return text


def _address(ctx: Context, target: str, url: str) -> str:
    """Without a query, which may hold a signature; with account and container where it is one of the emulator's blobs."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise user_error(f"'{target}' is '{url.partition('?')[0]}', which is no URL ({error}).", target) from None
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    place = place_of(ctx, bare, None)
    if place is None or not _local(ctx, place):
        return bare if "sig=" in parts.query else url
    if parts.hostname != "127.0.0.1":
        return bare
    tail = f"{place.name}/" if place.name and parts.path.endswith("/") else place.name
    return f"{ctx.settings.https}/{place.account}.blob.{STORAGE_SUFFIX}/{place.container}/{tail}"


def current(ctx: Context, uri: str) -> str:
    """An address of the emulator's own blobs with the port that it has now; other URIs as they are."""
    match = _OWN.match(uri)
    return f"{ctx.settings.https}/{uri[match.end() :]}" if match else uri


def _logged(ctx: Context, holder: Resource | None, uri: str, place: Place) -> Place:
    """The place of an artifact; where there are no such artifacts, of the model that the run logged under their name."""
    from groundplan_emulator.ml.tracking import logged_models

    if holder is None or not (run := places.job_of(uri, holder)) or files.names(ctx.store.database, place):
        return place
    return logged_models.found(ctx, holder, run, place) or place


def _in_datastore(ctx: Context, holder: Resource | None, place: Place) -> str | None:
    for store in ctx.children(holder.id, DATASTORES) if holder is not None else ():
        names = (str(store.properties.get("accountName", "")).lower(), store.properties.get("containerName"))
        if names == (place.account, place.container):
            return files.uri_of(store, place.name)
    return None


def _local(ctx: Context, place: Place) -> bool:
    """Whether the emulator holds the account."""
    return next(iter(ctx.store.of_type(ACCOUNTS, name=place.account)), None) is not None


def place_of(ctx: Context, uri: object, holder: Resource | None) -> Place | None:
    """Where the files of a URI are, or None where it leads out of the emulator."""
    if not isinstance(uri, str):
        return None
    try:
        return files.place(ctx, uri, holder)
    except NotFoundError:
        return None


def same(ctx: Context, before: object, after: object, holder: Resource | None) -> bool:
    """Whether two URIs lead to the same place; in a registry, where every upload has a place of its own, to the same content."""
    if before == after:
        return True
    one, other = place_of(ctx, before, holder), place_of(ctx, after, holder)
    if one is None or other is None:
        return False
    if one == other:
        return True
    in_registry = holder is not None and holder.type.lower().endswith("/registries")
    return in_registry and bool(content := files.sums(ctx, one)) and content == files.sums(ctx, other)


def flavors(ctx: Context, uri: object) -> dict[str, Any]:
    """The flavours of an MLflow model, as its `MLmodel` file names them; empty where there is none."""
    from groundplan_emulator.ml.tracking.model_source import flavors as named

    place = place_of(ctx, uri, None)
    if place is None:
        return {}
    file = Place(place.account, place.container, f"{place.name}/MLmodel".lstrip("/"))
    return named(rows.content(ctx, file))


def require(ctx: Context, holder: Resource | None, target: str, uri: str) -> None:
    """400 with the detail ModelAssetPathNotFoundInStorage where a URI of the emulator's own storage leads to no blobs."""
    place = place_of(ctx, uri, holder)
    if place is None or not _local(ctx, place) or files.names(ctx.store.database, place):
        return
    message = f"No blobs found in storage at model asset path: {place.name}"
    raise ArmError(
        400,
        "UserError",
        f"The request is invalid. {message} ('{target}' is '{uri}', container '{place.container}' of storage account '{place.account}')."
        " Upload the files first, or correct the path.",
        target=target,
        details=[{"code": "ModelAssetPathNotFoundInStorage", "message": message}],
    )
