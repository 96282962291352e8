# SPDX-License-Identifier: Apache-2.0
"""Environments that Microsoft curates, in its public registry `azureml`: known by their names, without a look at that registry.

`azureml://registries/azureml/environments/sklearn-1.5/versions/27` and `azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest` name the
packages that a script may count on: scikit-learn 1.5 for the first. That is what the version answered here asks for, in a conda file.

Differs from Azure:
- an environment has the packages that its name speaks of and what goes with them, not the image's full list, and no CUDA
- every version of an environment is the same; `latest` is version 1
- models, code, components and data of Microsoft's registry are not here: whatever such a reference names is taken to exist, and what needs
  its files does not run
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from groundplan_emulator.store import Resource

REGISTRY: Final = "azureml"
TYPE: Final = "Microsoft.MachineLearningServices/registries/environments/versions"
_NUMBER = r"(?P<number>\d+\.\d+)"
_OLD = re.compile(r"azureml-", re.IGNORECASE)
_PYTHON = re.compile(r"-py(?:thon)?(?P<major>3)\.?(?P<minor>\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Family:
    """Environments with a common name: a `pattern` for it, an `example`, and packages in which `{}` is the number in the name."""

    pattern: str
    example: str
    packages: tuple[str, ...] = ()


FAMILIES: Final = (
    Family(
        rf"sklearn-{_NUMBER}.*", "sklearn-1.5", ("scikit-learn=={}.*", "scipy", "pandas", "joblib", "mlflow-skinny")
    ),
    Family(rf"lightgbm-{_NUMBER}.*", "lightgbm-3.3", ("lightgbm=={}.*", "scikit-learn", "pandas", "mlflow-skinny")),
    Family(
        rf"acpt-pytorch-{_NUMBER}.*|pytorch-{_NUMBER.replace('number', 'other')}.*",
        "acpt-pytorch-2.8-cuda12.6",
        ("torch=={}.*", "numpy", "mlflow-skinny"),
    ),
    Family(rf"tensorflow-{_NUMBER}.*", "tensorflow-2.16-cuda12", ("tensorflow=={}.*", "numpy", "mlflow-skinny")),
    Family(r"(mlflow|minimal)-.*-inference.*|minimal-.*", "minimal-py311-inference", ("numpy", "pandas")),
    Family(r"python-sdk-v2", "python-sdk-v2", ("azure-ai-ml", "azure-identity", "mlflow-skinny")),
)


def names() -> list[str]:
    """A name of each family."""
    return [family.example for family in FAMILIES]


def old_name(name: str) -> bool:
    """Whether a name is one of those that workspaces themselves used to have: no user's environment may start so."""
    return _OLD.match(name) is not None


def version(name: str, number: str | None) -> Resource | None:
    """An environment's version (None and 'latest': the newest), or None where Microsoft curates no such environment."""
    known = _OLD.sub("", name, count=1)
    for family in FAMILIES:
        match = re.fullmatch(family.pattern, known, re.IGNORECASE)
        if match is not None:
            numbers = [text for text in match.groupdict().values() if text]
            return _made(name, number or "1", [package.format(*numbers) for package in family.packages])
    return None


def _made(name: str, number: str, packages: list[str]) -> Resource:
    python = _PYTHON.search(name)
    lines = ["dependencies:"]
    if python is not None:
        lines.append(f"- python={python['major']}.{python['minor']}")
    lines += ["- pip", "- pip:", *(f"  - {package}" for package in packages)]
    properties: dict[str, Any] = {
        "condaFile": "\n".join([f"name: {name}", *lines, ""]),
        "description": f"Curated by Microsoft: {', '.join(packages)}",
        "environmentType": "Curated",
        "image": f"mcr.microsoft.com/azureml/curated/{name.lower()}:{number}",
        "isAnonymous": False,
        "isArchived": False,
        "osType": "Linux",
        "properties": {},
        "provisioningState": "Succeeded",
        "tags": {},
    }
    id_ = f"azureml://registries/{REGISTRY}/environments/{name}/versions/{number}"
    return Resource(id_, TYPE, number, {"id": id_, "name": number, "type": TYPE, "properties": properties})
