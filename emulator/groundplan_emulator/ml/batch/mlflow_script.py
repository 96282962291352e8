# SPDX-License-Identifier: Apache-2.0
"""The scoring script of an MLflow model that has none: reads each file as the model's signature says, returns `[file, prediction]`.

It runs in an environment with the model's own requirements, MLflow, pandas and, for images, Pillow. `AZUREML_MODEL_DIR` has one folder, the
model's, or is one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif"})
TYPES = IMAGES | {".csv"}
model: Any = None


def init() -> None:
    """Load the model."""
    global model  # noqa: PLW0603  (a scoring script is made like this)
    from mlflow import pyfunc

    root = Path(os.environ["AZUREML_MODEL_DIR"])
    folders = sorted(file.parent for file in root.rglob("MLmodel"))
    if not folders:
        raise RuntimeError("The model has no file 'MLmodel': it is no MLflow model.")
    model = pyfunc.load_model(str(folders[0]))


def run(mini_batch: list[str]) -> list[list[Any]]:
    """One row for each prediction."""
    rows: list[list[Any]] = []
    for path in mini_batch:
        name = Path(path).name
        try:
            predictions = listed(model.predict(read(Path(path))))
        except Exception as error:
            raise RuntimeError(f"Error processing input file: '{path}'. Exception: {error}") from error
        rows += [[name, prediction] for prediction in predictions]
    return rows


def read(path: Path) -> Any:
    """A file as the model takes it."""
    if path.suffix.lower() == ".csv":
        import pandas  # pyright: ignore[reportMissingImports]

        return pandas.read_csv(path)
    return image(path)


def image(path: Path) -> Any:
    """An image as a tensor with one element, in the shape and type of the model's signature where it has one."""
    import numpy
    from PIL import Image  # pyright: ignore[reportMissingImports]

    pixels = numpy.asarray(Image.open(path), dtype=numpy.uint8)[None, ...]
    schema = model.metadata.get_input_schema()
    if schema is None or not schema.is_tensor_spec():
        return pixels
    wanted = schema.inputs[0]
    return pixels.astype(wanted.type).reshape([1, *list(wanted.shape)[1:]])


def listed(predictions: Any) -> list[Any]:
    """Predictions as plain Python values, one for each row."""
    if hasattr(predictions, "to_dict") and hasattr(predictions, "columns"):
        rows: list[list[Any]] = predictions.to_numpy().tolist()
        return [row[0] if len(row) == 1 else row for row in rows]
    found = predictions.tolist() if hasattr(predictions, "tolist") else predictions
    return list(found) if isinstance(found, (list, tuple)) else [found]
