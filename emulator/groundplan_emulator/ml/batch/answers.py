# SPDX-License-Identifier: Apache-2.0
"""What the front end of batch endpoints answers: `/{endpoint}.{region}.batch.inference.ml.core.local/jobs`.

`POST .../jobs` starts a job, `GET .../jobs` lists them, `GET .../jobs/{name}` is one of them. A client proves who it is with a token of
the emulator's identity; the header `azureml-model-deployment` chooses a deployment.
"""

from __future__ import annotations

import re
from typing import Any, Final

from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.ml.batch import invocations
from groundplan_emulator.ml.jobs import view
from groundplan_emulator.ml.router import authentication
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

ENDPOINTS: Final = f"{WORKSPACES}/batchEndpoints"
_PATH: Final = re.compile(r"/(?P<name>[^/.]+)\.(?P<location>[^/.]+)\.batch\.[^/]+(?P<rest>/.*)?", re.IGNORECASE)


def handle(ctx: Context) -> Response:
    """Answer one request, or raise ArmError."""
    request = ctx.request
    match = _PATH.fullmatch(request.path)
    endpoint = _endpoint(ctx, match["name"], match["location"]) if match else None
    if match is None or endpoint is None:
        raise ArmError(
            404,
            "ResourceNotFound",
            f"There is no batch endpoint behind '{request.path.split('/')[1]}'. Look at scoring_uri of the endpoint.",
        )
    _authenticate(ctx)
    match request.method, (match["rest"] or "").strip("/").split("/"):
        case "POST", ["jobs"]:
            chosen = request.headers.get("azureml-model-deployment", "")
            started = invocations.start(ctx, endpoint, chosen, request.json_object())
            return Response(201, job(ctx, started))
        case "GET", ["jobs"]:
            return lifecycle.page(ctx, [job(ctx, each) for each in invocations.jobs_of(ctx, endpoint)])
        case "GET", ["jobs", name]:
            for each in invocations.jobs_of(ctx, endpoint):
                if each.name.lower() == name.lower():
                    return Response(200, job(ctx, each))
            raise ArmError(404, "ResourceNotFound", f"Endpoint '{endpoint.name}' started no job '{name}'.")
        case method, _:
            raise ArmError(
                404, "NotFound", f"A batch endpoint has no {method} '{match['rest'] or '/'}': POST to '/jobs'."
            )


def job(ctx: Context, resource: Resource) -> dict[str, Any]:
    """A job as GET answers it."""
    return view.view(ctx, resource)


def _endpoint(ctx: Context, name: str, location: str) -> Resource | None:
    for found in ctx.store.of_type(ENDPOINTS, name=name):
        if str(found.body.get("location", "")).lower() == location.lower():
            return found
    return None


def _authenticate(ctx: Context) -> None:
    scheme, _, given = ctx.request.headers.get("authorization", "").partition(" ")
    wrong = "there is no 'Authorization: Bearer TOKEN' header" if scheme.lower() != "bearer" or not given else ""
    wrong = wrong or authentication.wrong_entra_token(ctx.settings.identity, given.encode(), ctx.clock.now())
    if wrong:
        raise ArmError(
            401,
            "AuthenticationFailed",
            f"Authentication failed: {wrong}. Send a token for https://ml.azure.com/.default.",
        )
