# SPDX-License-Identifier: Apache-2.0
"""`python measuring.py PLAN RESULTS`: compares production data with a baseline, feature by feature.

It runs in an environment with Evidently and pandas, which it loads for drift only. PLAN is JSON: `{"signals": [{"name", "type",
"production": [FILE], "reference": [FILE], "features": [NAME] or null, "kinds": {NAME: "Numerical"}, "thresholds": [{"dataType", "metric",
"value"}]}]}`; files are JSON Lines, JSON, CSV or Parquet. RESULTS becomes `{"signals": {NAME: {"type", "productionRows", "referenceRows",
"metrics": [{"feature", "dataType", "metric", "value", "threshold", "breached"}]}}}`; `value` is null where it cannot be computed.

Drift: distances (Jensen-Shannon, PSI, normalized Wasserstein) are breached above their threshold; the Kolmogorov-Smirnov and chi-squared
tests give p-values, breached below it. Data quality: shares of the production rows or values, between 0 and 1, breached above.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

Row = dict[str, Any]
METHODS = {
    "JensenShannonDistance": "jensenshannon",
    "PopulationStabilityIndex": "psi",
    "NormalizedWassersteinDistance": "wasserstein",
    "TwoSampleKolmogorovSmirnovTest": "ks",
    "PearsonsChiSquaredTest": "chisquare",
}
"""Evidently's names."""
P_VALUES = frozenset({"TwoSampleKolmogorovSmirnovTest", "PearsonsChiSquaredTest"})


def main(plan: Path, results: Path) -> int:
    """Compute every signal."""
    found: dict[str, Any] = {}
    for signal in json.loads(plan.read_text(encoding="utf-8"))["signals"]:
        found[signal["name"]] = measured(signal)
    results.write_text(json.dumps({"signals": found}, indent=2), encoding="utf-8")
    return 0


def measured(signal: dict[str, Any]) -> dict[str, Any]:
    """The metrics of one signal."""
    production, reference = rows_of(signal["production"]), rows_of(signal["reference"])
    if not production or not reference:
        raise SystemExit(
            f"signal '{signal['name']}': the {'production' if not production else 'reference'} data has no rows"
        )
    kinds = {**kinds_of(reference), **(signal.get("kinds") or {})}
    features = signal.get("features") or [name for name in kinds if any(name in row for row in production)]
    unknown = [name for name in features if name not in kinds]
    if unknown or not features:
        raise SystemExit(
            f"signal '{signal['name']}': "
            + (
                f"the reference data has no column '{unknown[0]}'"
                if unknown
                else "production and reference data share no column"
            )
            + f"; its columns: {', '.join(sorted(kinds))}"
        )
    wanted = [
        (name, threshold)
        for name in features
        for threshold in signal["thresholds"]
        if threshold["dataType"] == kinds[name]
    ]
    if signal["type"] == "DataQuality":
        values = [quality(name, threshold, production, reference) for name, threshold in wanted]
    else:
        values = drift(wanted, kinds, production, reference)
    metrics = [entry(name, threshold, value) for (name, threshold), value in zip(wanted, values)]  # noqa: B905  (older Pythons have no strict)
    return {
        "type": signal["type"],
        "productionRows": len(production),
        "referenceRows": len(reference),
        "metrics": metrics,
    }


def entry(feature: str, threshold: dict[str, Any], value: float | None) -> dict[str, Any]:
    """A metric with its verdict."""
    limit, metric = threshold["value"], threshold["metric"]
    breached = False
    if value is not None and limit is not None:
        breached = value < limit if metric in P_VALUES else value > limit
    return {
        "feature": feature,
        "dataType": threshold["dataType"],
        "metric": metric,
        "value": value,
        "threshold": limit,
        "breached": breached,
    }


def quality(feature: str, threshold: dict[str, Any], production: list[Row], reference: list[Row]) -> float | None:
    """A share of the production data."""
    values = [row.get(feature) for row in production]
    present = [value for value in values if not is_null(value)]
    if threshold["metric"] == "NullValueRate":
        return 1 - len(present) / len(values)
    known = [value for row in reference if not is_null(value := row.get(feature))]
    if not present or not known:
        return None
    numerical = threshold["dataType"] == "Numerical"
    if threshold["metric"] == "DataTypeErrorRate":
        types = {type(value) for value in known}
        wrong = [value for value in present if (number(value) is None if numerical else type(value) not in types)]
        return len(wrong) / len(present)
    if not numerical:
        seen = {str(value) for value in known}
        return sum(str(value) not in seen for value in present) / len(present)
    numbers = [each for value in known if (each := number(value)) is not None]
    read = [each for value in present if (each := number(value)) is not None]
    if not numbers or not read:
        return None
    return sum(not min(numbers) <= each <= max(numbers) for each in read) / len(read)


def drift(
    wanted: list[tuple[str, dict[str, Any]]], kinds: dict[str, str], production: list[Row], reference: list[Row]
) -> list[float | None]:
    """How far apart the distributions are, by Evidently."""
    import pandas  # pyright: ignore[reportMissingImports]
    from evidently import DataDefinition, Dataset, Report  # pyright: ignore[reportMissingImports]
    from evidently.metrics import ValueDrift  # pyright: ignore[reportMissingImports]

    names = list(dict.fromkeys(name for name, _ in wanted))
    definition = cast("Any", DataDefinition)(
        numerical_columns=[name for name in names if kinds[name] == "Numerical"],
        categorical_columns=[name for name in names if kinds[name] != "Numerical"],
    )

    def column(rows: list[Row], name: str) -> list[Any]:
        values = [row.get(name) for row in rows]
        if kinds[name] == "Numerical":
            return [number(value) for value in values]
        return [None if is_null(value) else str(value) for value in values]

    def data(rows: list[Row]) -> Any:
        frame = cast("Any", pandas).DataFrame({name: column(rows, name) for name in names})
        return cast("Any", Dataset).from_pandas(frame, data_definition=definition)

    able = {name for name in names if filled(column(production, name)) and filled(column(reference, name))}
    metrics = [
        cast("Any", ValueDrift)(column=name, method=METHODS[each["metric"]]) for name, each in wanted if name in able
    ]
    if not metrics:
        return [None] * len(wanted)
    done = cast("Any", Report)(metrics).run(data(production), data(reference)).dict()["metrics"]
    scores: Iterator[Any] = iter(done)
    return [finite(next(scores)["value"]) if name in able else None for name, _ in wanted]


def filled(values: list[Any]) -> bool:
    """Whether there is a value."""
    return any(value is not None for value in values)


def finite(value: Any) -> float | None:
    """A number that JSON knows; None for others."""
    return float(value) if math.isfinite(float(value)) else None


def kinds_of(rows: list[Row]) -> dict[str, str]:
    """Each column is Numerical, where all of its values are numbers, or Categorical."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row[name] for row in rows if not is_null(row.get(name))]
        numerical = bool(values) and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in values
        )
        found[name] = "Numerical" if numerical else "Categorical"
    return found


def is_null(value: Any) -> bool:
    """None, nothing, or no number."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: Any) -> float | None:
    """A value as a number, or None."""
    if isinstance(value, bool):
        return None
    try:
        read = float(value)
    except (TypeError, ValueError):
        return None
    return read if math.isfinite(read) else None


def rows_of(paths: list[str]) -> list[Row]:
    """The rows of files; those that are no tables are passed over."""
    rows: list[Row] = []
    for path in map(Path, paths):
        suffix = path.suffix.lower()
        if suffix in (".jsonl", ".json", ".ndjson"):
            rows += json_rows(path.read_text(encoding="utf-8"))
        elif suffix in (".csv", ".tsv"):
            with path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.DictReader(file, delimiter="\t" if suffix == ".tsv" else ",")
                rows += [{name: typed(value) for name, value in row.items()} for row in reader]
        elif suffix in (".parquet", ".pq"):
            import pandas  # pyright: ignore[reportMissingImports]

            rows += cast("Any", pandas).read_parquet(path).to_dict("records")
    return rows


def json_rows(text: str) -> Iterator[Row]:
    """Objects of a JSON array, or one a line."""
    given = (
        json.loads(text)
        if text.lstrip().startswith("[")
        else [json.loads(line) for line in text.splitlines() if line.strip()]
    )
    yield from (each for each in given if isinstance(each, dict))


def typed(text: str | None) -> Any:
    """A field of a CSV file as a number where it is one."""
    read = number(text)
    return text if read is None else int(read) if read.is_integer() and "." not in str(text) else read


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
