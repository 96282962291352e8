# SPDX-License-Identifier: Apache-2.0
"""Virtual environments for users' code: what an environment asks for (`needs`), and the interpreter that has it (`making`)."""

from typing import Final

from groundplan_emulator.ml.environments.making import prepare
from groundplan_emulator.ml.environments.needs import Needs, UnsolvableError, needs_of, needs_of_conda

__all__ = ["COLLECTOR", "MLFLOW", "SCORING_SERVER", "Needs", "UnsolvableError", "needs_of", "needs_of_conda", "prepare"]

SCORING_SERVER: Final = "azureml-inference-server-http==1.5.1"
"""What answers for a scoring script, as in Azure's own images."""
COLLECTOR: Final = "azureml-ai-monitoring==1.0.0"
"""What sends a model's inputs and outputs to the data collector's agent."""
MLFLOW: Final = ("mlflow-skinny==3.17.2", "pandas>=2,<3")
"""What loads an MLflow model, as far as its own requirements do not name it."""
