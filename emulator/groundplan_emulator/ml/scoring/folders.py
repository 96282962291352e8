# SPDX-License-Identifier: Apache-2.0
"""Where a deployment's files are, below `ml/deployments` of the state folder:

ENDPOINT-DEPLOYMENT-HASH/logs/           what was written, and what happened
ENDPOINT-DEPLOYMENT-HASH/HASH/code       AML_APP_ROOT
ENDPOINT-DEPLOYMENT-HASH/HASH/model/NAME/VERSION     AZUREML_MODEL_DIR; below it the model's file, or its folder by name
ENDPOINT-DEPLOYMENT-HASH/HASH/home       HOME
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import uuid
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from groundplan_emulator.ml import files
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.ml.scoring.failures import DeploymentError
from groundplan_emulator.ml.scoring.plan import INCARNATION, Plan
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.settings import Settings
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_SCRIPT = Path(__file__).with_name("mlflow_score.py")


@dataclass(frozen=True, slots=True)
class Generation:
    """The files of one version of a deployment."""

    folder: Path
    model_name: str

    @property
    def code(self) -> Path:
        """AML_APP_ROOT."""
        return self.folder / "code"

    @property
    def model(self) -> Path:
        """AZUREML_MODEL_DIR."""
        return self.folder / "model" / self.model_name

    @property
    def home(self) -> Path:
        """HOME."""
        return self.folder / "home"


def root(settings: Settings) -> Path:
    """The folder of all deployments."""
    return settings.folder / "ml" / "deployments"


def of(settings: Settings, deployment: Resource) -> Path:
    """The folder of a deployment, another one for each time that it was made."""
    made = f"{deployment.key}\0{deployment.private.get(INCARNATION, '')}"
    endpoint, name = deployment.id.split("/")[-3], deployment.name
    return root(settings) / f"{endpoint}-{name}-{hashlib.sha256(made.encode()).hexdigest()[:10]}"


async def generate(azure: Azure, plan: Plan, folder: Path) -> Generation:
    """The files of a plan, downloaded now where they are not there yet. Raises `DeploymentError`."""
    made = Generation(folder / plan.fingerprint, plan.model_name)
    if made.folder.exists():
        return made
    temporary = Generation(folder / f"{plan.fingerprint}.{uuid.uuid4().hex[:8]}.new", plan.model_name)
    try:
        for each in (temporary.code, temporary.model, temporary.home):
            each.mkdir(parents=True, exist_ok=True)
        if plan.code is not None:
            await files.download(azure, plan.code, temporary.code)
        elif plan.mlflow:
            await asyncio.to_thread(shutil.copyfile, _SCRIPT, temporary.code / plan.script)
        if plan.model is not None:
            await files.download(azure, plan.model, await _target(azure, plan.model, temporary.model))
        temporary.folder.rename(made.folder)
    except NotFoundError as error:
        what = "code" if plan.code is not None and not any(temporary.code.iterdir()) else "model"
        raise DeploymentError(
            "BadArgument", f"Unable to download user {what}: {error}.", "Upload it again, and make a new version."
        ) from None
    finally:
        await asyncio.to_thread(shutil.rmtree, temporary.folder, ignore_errors=True)
    return made


async def _target(azure: Azure, source: Place, model: Path) -> Path:
    """A single file lies in the model's folder itself, a folder keeps its name in it."""
    name = PurePosixPath(source.name).name
    found = await asyncio.to_thread(_names, azure, source)
    return model if not name or found == [source.name] else model / name


def _names(azure: Azure, source: Place) -> list[str]:
    with azure.store.reader() as connection:
        return files.names(connection, replace(source, name=source.name.rstrip("/")))
