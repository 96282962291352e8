# SPDX-License-Identifier: Apache-2.0
"""Search spaces of sweeps, and samples of them.

A space is `{name: [distribution, arguments]}`, as azure-ai-ml writes it: `["choice", [[1, 2]]]`, `["uniform", [0, 1]]`. Distributions as
Azure defines them: `quniform` rounds to a multiple of its last argument, `loguniform` is exp(uniform), `randint` is below its argument.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Sample = dict[str, Any]


class SpaceError(ValueError):
    """A search space that cannot be sampled; the message says why."""


def _rounded(value: float, step: float) -> float:
    # 0.30000000000000004 is no multiple of 0.1 that anybody wants to read
    return float(f"{round(value / step) * step:.12g}")


_DRAWS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "uniform": (2, lambda rng, low, high: rng.uniform(low, high)),
    "quniform": (3, lambda rng, low, high, step: _rounded(rng.uniform(low, high), step)),
    "loguniform": (2, lambda rng, low, high: math.exp(rng.uniform(low, high))),
    "qloguniform": (3, lambda rng, low, high, step: _rounded(math.exp(rng.uniform(low, high)), step)),
    "normal": (2, lambda rng, mean, deviation: rng.gauss(mean, deviation)),
    "qnormal": (3, lambda rng, mean, deviation, step: _rounded(rng.gauss(mean, deviation), step)),
    "lognormal": (2, lambda rng, mean, deviation: math.exp(rng.gauss(mean, deviation))),
    "qlognormal": (3, lambda rng, mean, deviation, step: _rounded(math.exp(rng.gauss(mean, deviation)), step)),
    "randint": (1, lambda rng, upper: rng.randrange(int(upper))),
}


def check(space: Mapping[str, Any], algorithm: str) -> None:
    """Raise `SpaceError` for a space that the algorithm cannot sample."""
    if not space:
        raise SpaceError("The search space is empty: give at least one parameter a distribution.")
    for name, given in space.items():
        kind, arguments = _parts(name, given)
        if kind == "choice":
            values = _values(arguments)
            if not values or any(isinstance(value, dict | list) for value in values):
                raise SpaceError(f"The choice of '{name}' needs values that are numbers, texts or booleans.")
            continue
        if kind not in _DRAWS:
            raise SpaceError(f"'{name}' has the distribution '{kind}'; allowed: choice, {', '.join(_DRAWS)}.")
        if algorithm == "Grid":
            raise SpaceError(f"Grid sampling takes choices only, but '{name}' is '{kind}': use random sampling.")
        if len(arguments) != _DRAWS[kind][0] or any(isinstance(each, str | bool) for each in arguments):
            raise SpaceError(f"'{kind}' of '{name}' needs {_DRAWS[kind][0]} numbers, not {arguments}.")


def samples(space: Mapping[str, Any], algorithm: str, seed: object) -> Iterator[Sample]:
    """The samples of a space: each combination once for a grid, without an end otherwise. The same seed gives the same ones."""
    if algorithm == "Grid":
        names = list(space)
        for values in itertools.product(*(_values(_parts(name, space[name])[1]) for name in names)):
            yield dict(zip(names, values, strict=True))
        return
    rng = random.Random(str(seed))  # noqa: S311  (nothing secret)
    choices = all(_parts(name, given)[0] == "choice" for name, given in space.items())
    seen: set[tuple[str, ...]] = set()
    most = math.prod(len(_values(_parts(name, given)[1])) for name, given in space.items()) if choices else math.inf
    while len(seen) < most:
        sample = {name: _draw(rng, name, given) for name, given in space.items()}
        key = tuple(map(str, sample.values()))
        if key in seen and choices:
            continue  # nobody pays for the same trial twice
        seen.add(key)
        yield sample


def _draw(rng: random.Random, name: str, given: object) -> Any:
    kind, arguments = _parts(name, given)
    return rng.choice(_values(arguments)) if kind == "choice" else _DRAWS[kind][1](rng, *arguments)


def _parts(name: str, given: Any) -> tuple[str, list[Any]]:
    if isinstance(given, list) and len(given) == 2 and isinstance(given[1], list):
        return str(given[0]).lower(), given[1]
    raise SpaceError(f"The distribution of '{name}' must be [name, arguments], not {given}.")


def _values(arguments: list[Any]) -> list[Any]:
    return arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
