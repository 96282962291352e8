# SPDX-License-Identifier: Apache-2.0
"""What an MLflow model's own files ask for: `conda.yaml`, else `requirements.txt`, beside its `MLmodel`."""

from __future__ import annotations

from pathlib import Path

from groundplan_emulator.ml.environments import Needs, needs_of_conda
from groundplan_emulator.ml.scoring.failures import DeploymentError


def needs_of_model(folder: Path, name: str) -> Needs:
    """What a model asks for. Raises `DeploymentError` where there is no MLflow model, `UnsolvableError` for a wrong conda file."""
    found = next(iter(sorted(folder.rglob("MLmodel"), key=lambda each: len(each.parts))), None)
    if found is None:
        raise DeploymentError(
            "BadArgument",
            f"The type of the model '{name}' is mlflow_model, but there is no file 'MLmodel' among its files.",
            "Register the folder that MLflow saved, the one with 'MLmodel' in it, as a new version; or register the files as custom_model"
            " and deploy them with a scoring script.",
        )
    conda, pip = found.with_name("conda.yaml"), found.with_name("requirements.txt")
    if conda.exists():
        return needs_of_conda(conda.read_text(encoding="utf-8"))
    if pip.exists():
        lines = (line.strip() for line in pip.read_text(encoding="utf-8").splitlines())
        return Needs(packages=tuple(line for line in lines if line and not line.startswith("#")))
    return Needs()
