# SPDX-License-Identifier: Apache-2.0
"""From a URI to the place of its files; `files.py` lists the spellings. Where jobs put what they write is said here, once.

A job's output that names no place of its own is in `workspaceblobstore` at `azureml/JOB/OUTPUT/`, a run's artifacts are in
`workspaceartifactstore` at `ExperimentRun/dcid.JOB/`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.system_datastores import CONTAINERS, DATASTORES

ARTIFACTS: Final = ("workspaceartifactstore", "ExperimentRun/dcid.{job}")
OUTPUTS: Final = ("workspaceblobstore", "azureml/{job}/{output}")
_HOLDER = (
    r"(?:subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)(?:/providers/[^/]+)?"
    r"/workspaces/(?P<workspace>[^/]+)/)?"
)
_PATH = r"(?:/(?:paths(?:/|$))?(?P<path>.*))?"
_LONG = re.compile(rf"azureml://{_HOLDER}datastores/(?P<datastore>[^/]+){_PATH}", re.IGNORECASE | re.DOTALL)
_JOB = re.compile(
    rf"azureml://{_HOLDER}jobs/(?P<job>[^/]+)/outputs/(?P<output>[^/]+){_PATH}",
    re.IGNORECASE | re.DOTALL,
)
_RUN = re.compile(r"runs:/+(?P<job>[^/]+)(?:/(?P<path>.*))?", re.DOTALL)
_WASBS = re.compile(
    r"(?:wasbs?|abfss?)://(?P<container>[^@/]+)@(?P<account>[^./]+)\.[^/]+/?(?P<path>.*)", re.IGNORECASE | re.DOTALL
)


def place(ctx: Context, uri: str, workspace: Resource | None = None) -> Place:
    """Where the files of a URI are. `workspace` is for the short forms. Raises `NotFoundError`."""
    text = _bare(uri)
    if (match := _LONG.fullmatch(text)) is not None:
        return _in_datastore(ctx, _holder(match, workspace), match["datastore"], match["path"] or "")
    if (match := _JOB.fullmatch(text)) is not None:
        return _of_job(ctx, _holder(match, workspace), match["job"], match["output"], match["path"] or "")
    if (match := _RUN.fullmatch(text)) is not None:
        return _of_job(ctx, _known(workspace, uri), match["job"], "artifacts", match["path"] or "")
    if (match := _WASBS.fullmatch(text)) is not None:
        return Place(match["account"].lower(), match["container"], match["path"].strip("/"))
    if text.lower().startswith(("https://", "http://")):
        return _of_url(ctx, text)
    raise NotFoundError(f"'{uri}' leads to no files that the local Azure holds")


def job_of(uri: str, workspace: Resource) -> str:
    """The job or run of a workspace whose output or artifact a URI names; '' where it names none."""
    text = _bare(uri)
    if (match := _RUN.fullmatch(text)) is not None:
        return match["job"]
    match = _JOB.fullmatch(text)
    return match["job"] if match is not None and _holder(match, workspace).lower() == workspace.key else ""


def _bare(uri: str) -> str:
    text = uri.strip()
    return text if text.startswith("azureml://") else text.removeprefix("azureml:")


def _holder(match: re.Match[str], workspace: Resource | None) -> str:
    if not match["workspace"]:
        return _known(workspace, match[0])
    group = f"/subscriptions/{match['subscription']}/resourceGroups/{match['group']}"
    return f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{match['workspace']}"


def _known(workspace: Resource | None, uri: str) -> str:
    if workspace is None:
        raise NotFoundError(f"'{uri}' does not say in which workspace it is")
    return workspace.id


def _in_datastore(ctx: Context, holder: str, name: str, path: str) -> Place:
    datastore = ctx.get(f"{holder}/datastores/{name}")
    if datastore is None:
        if ctx.get(holder) is None:
            raise NotFoundError(f"there is no workspace '{holder.rsplit('/', 1)[1]}'")
        there = ", ".join(each.name for each in ctx.children(holder, DATASTORES)) or "none"
        raise NotFoundError(f"there is no datastore '{name}' (datastores of the workspace: {there})")
    properties = datastore.properties
    container = properties.get("containerName") or properties.get("filesystem") or properties.get("fileShareName")
    if not container or not properties.get("accountName"):
        raise NotFoundError(f"datastore '{datastore.name}' is of a kind that holds no blobs here")
    return Place(str(properties["accountName"]).lower(), str(container), path.strip("/"))


def _of_job(ctx: Context, holder: str, job: str, output: str, path: str) -> Place:
    found = ctx.get(f"{holder}/jobs/{job}")
    said = (
        [found.private, found.properties] if found else []
    )  # where it goes, and before that is known, what was asked for
    stated = next((uri for each in said if (uri := ((each.get("outputs") or {}).get(output) or {}).get("uri"))), None)
    if isinstance(stated, str) and stated and _JOB.fullmatch(stated) is None and "${{" not in stated:
        root = place(ctx, stated, ctx.get(holder))
        return Place(root.account, root.container, f"{root.name}/{path}".strip("/"))
    datastore, pattern = ARTIFACTS if output.lower() == "artifacts" else OUTPUTS
    return _in_datastore(ctx, holder, datastore, f"{pattern.format(job=job, output=output)}/{path}")


def _of_url(ctx: Context, url: str) -> Place:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise NotFoundError(f"'{url.partition('?')[0]}' is no URL ({error})") from None
    # a registry writes account and container as one segment: ACCOUNT.blob.SUFFIX%2FCONTAINER
    segments = [each for each in unquote(parts.path).split("/") if each]
    host = parts.hostname or ""
    if ".blob." in host or ".dfs." in host:
        account = host.partition(".")[0]
    elif segments and segments[0] == "blob":
        account, segments = (segments[1:2] or [""])[0], segments[2:]
    elif segments and "." not in segments[0]:
        account = _owner(ctx, segments[0])
    else:
        account, segments = (segments[:1] or [""])[0].partition(".")[0], segments[1:]
    if not account or not segments:
        raise NotFoundError(f"'{parts.scheme}://{parts.netloc}{parts.path}' names no blob container")
    return Place(account.lower(), segments[0], "/".join(segments[1:]))


def _owner(ctx: Context, container: str) -> str:
    """The account of a container that is named alone: azure-ai-ml loses the account of a build context's address."""
    for each in ctx.store.of_type(CONTAINERS, name=container):
        return each.id.split("/")[8]
    return ""


def uri_of(datastore: Resource, path: str) -> str:
    """The long URI of a path in a datastore."""
    segments = datastore.id.split("/")
    holder = f"azureml://subscriptions/{segments[2]}/resourcegroups/{segments[4]}/workspaces/{segments[8]}"
    return f"{holder}/datastores/{datastore.name}/paths/{path}"
