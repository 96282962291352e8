# SPDX-License-Identifier: Apache-2.0
"""`python child.py FOLDER`: MLflow's own tracking server over `FOLDER/tracking.db`, run by the interpreter of an environment of its own.

It listens on a free port of 127.0.0.1, says `ready PORT` and serves whoever sends the header of `GROUNDPLAN_TRACKING_SECRET`.
With `--make` it only makes an empty database: MLflow's migrations take seconds, so that is done once and copied.

Nothing of Groundplan can be imported here. Besides MLflow's own routes there is one: `POST /groundplan/runs` makes a run with a given id.
"""

from __future__ import annotations

import contextvars
import hmac
import os
import socket
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

WANTED: contextvars.ContextVar[str | None] = contextvars.ContextVar("wanted", default=None)
"""The id of the run that is being made; MLflow's REST API leaves it to chance."""
THREADS = 16


def new_id() -> Any:
    """What MLflow's store takes for `uuid.uuid4()`."""
    wanted = WANTED.get()
    return SimpleNamespace(hex=wanted) if wanted else uuid.uuid4()


def logged_model(told: dict[str, Any]) -> Any:
    """What MLflow's store writes down of a model that a client of MLflow 2 logs. Its signature is not: that would need pandas."""
    from mlflow.models import Model

    kept = ("artifact_path", "flavors", "utc_time_created", "run_id", "model_uuid")
    return Model(**{name: told[name] for name in kept if name in told})


def configure(folder: Path) -> str:
    """Set what MLflow's server reads from its environment; the address of the database."""
    database = f"sqlite:///{folder / 'tracking.db'}"
    os.environ |= {
        "_MLFLOW_SERVER_FILE_STORE": database,
        "_MLFLOW_SERVER_REGISTRY_STORE": database,
        "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
        "MLFLOW_ENABLE_WORKSPACES": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    return database


def make(folder: Path) -> None:
    """Make an empty database."""
    database = configure(folder)
    from mlflow.server.handlers import initialize_backend_stores

    initialize_backend_stores(database, database, "mlflow-artifacts:/")


def serve(folder: Path) -> None:
    """Serve until the process is ended."""
    configure(folder)
    secret = os.environ.pop("GROUNDPLAN_TRACKING_SECRET")
    import waitress.server
    from flask import Response, request
    from mlflow.entities import RunTag
    from mlflow.exceptions import MlflowException
    from mlflow.server import app, handlers
    from mlflow.store.tracking import sqlalchemy_store

    ids = SimpleNamespace(uuid4=new_id, UUID=uuid.UUID)
    setattr(sqlalchemy_store, "uuid", ids)  # noqa: B010  (no export of that module's)

    def allowed() -> Response | None:
        given = request.headers.get("X-Groundplan-Secret", "")
        return None if hmac.compare_digest(given.encode(), secret.encode()) else Response(status=403)

    setattr(handlers, "Model", SimpleNamespace(from_dict=logged_model))  # noqa: B010

    # before MLflow's own, which look the workspace up
    app.before_request_funcs.setdefault(None, []).insert(0, allowed)

    @app.post("/groundplan/runs")
    def runs() -> Any:
        wanted = request.get_json()
        store = handlers._get_tracking_store()
        try:
            store.get_run(wanted["run_id"])
        except MlflowException:
            tags = [RunTag(key, value) for key, value in wanted["tags"].items()]
            token = WANTED.set(wanted["run_id"])
            try:
                store.create_run(wanted["experiment_id"], "", wanted["started"], tags, wanted["name"])
            finally:
                WANTED.reset(token)
        return {}

    handlers._get_tracking_store()
    listener = socket.create_server(("127.0.0.1", 0))
    server = waitress.server.create_server(app, sockets=[listener], threads=THREADS, max_request_body_size=1 << 30)
    sys.stdout.write(f"ready {listener.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    make(Path(sys.argv[2])) if sys.argv[1] == "--make" else serve(Path(sys.argv[1]))
