# SPDX-License-Identifier: Apache-2.0
"""What an MLflow model's own files ask for: `conda.yaml`, else `requirements.txt`, beside its `MLmodel`."""

from __future__ import annotations

from pathlib import Path

from groundplan_emulator.ml.environments import Needs, UnsolvableError, needs_of_conda


def needs_of_model(folder: Path) -> Needs:
    """What a model asks for. Raises `UnsolvableError` where there is no MLflow model."""
    found = next(iter(sorted(folder.rglob("MLmodel"), key=lambda each: len(each.parts))), None)
    if found is None:
        raise UnsolvableError("the model's type is mlflow_model, but it has no file 'MLmodel'")
    conda, pip = found.with_name("conda.yaml"), found.with_name("requirements.txt")
    if conda.exists():
        return needs_of_conda(conda.read_text(encoding="utf-8"))
    if pip.exists():
        lines = (line.strip() for line in pip.read_text(encoding="utf-8").splitlines())
        return Needs(packages=tuple(line for line in lines if line and not line.startswith("#")))
    return Needs()
