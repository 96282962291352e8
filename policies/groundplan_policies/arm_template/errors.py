# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a template, and what could not be made out of one that is right."""

from __future__ import annotations

from dataclasses import dataclass

Steps = tuple[str | int, ...]
"""Where in a document: names of properties and indexes of items, from the outermost in."""


def written(steps: Steps) -> str:
    """A place in a document as a JSON path: `$.resources[0].properties`."""
    text = "$"
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.replace("_", "a").replace("-", "a").replace("$", "a").isalnum():
            text += f".{step}"
        else:
            text += f"['{step}']"
    return text


class TemplateError(ValueError):
    """A document that is no template, or not a right one.

    `steps`: where in the document. `line`, `column`: where in the file, from 1, when it was read from a text.
    """

    where = ""

    def __init__(self, steps: Steps, problem: str, place: tuple[int, int] | None = None) -> None:
        at = f"line {place[0]}, column {place[1]}, " if place else ""
        super().__init__(f"{self.where}{at}{written(steps)}: {problem}")
        self.steps = steps
        self.problem = problem
        self.line, self.column = place or (None, None)


class ParametersError(TemplateError):
    """A file of parameters that is not right, or does not fit the template; `steps`, `line` and `column` are those in it."""

    where = "in the parameters: "


@dataclass(frozen=True, slots=True)
class Note:
    """Something that could not be told from the document; what depends on it is unknown."""

    steps: Steps
    message: str

    def __str__(self) -> str:
        return f"{written(self.steps)}: {self.message}"
