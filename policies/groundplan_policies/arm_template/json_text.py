# SPDX-License-Identifier: Apache-2.0
"""Reads JSON as Azure's own tools take it, and knows where each part stands.

Comments and texts over several lines are allowed, as in templates that people write.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundplan_policies.arm_template.errors import Steps, TemplateError

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_DECODER = json.JSONDecoder(strict=False)  # line breaks in texts are allowed
_WORDS = {"true": True, "false": False, "null": None}
_BICEP = re.compile(r"^\s*(?:targetScope|param|var|resource|module|output|@\w+\()", re.MULTILINE)
_BUILD = "Bicep is not read: 'az bicep build --file main.bicep' makes the JSON template that is"


@dataclass(frozen=True, slots=True)
class JsonText:
    """What a JSON text holds, and where."""

    content: Any
    places: Mapping[Steps, tuple[int, int]] = field(repr=False)
    """Line and column, from 1, of every value."""

    def locate(self, steps: Steps) -> tuple[int, int]:
        """Line and column of a value; of the innermost that there is around it where it is not there."""
        while steps not in self.places:
            steps = steps[:-1]
        return self.places[steps]


def read_json(text: str) -> JsonText:
    """Reads a text. Raises `TemplateError`."""
    reader = _Reader(text.removeprefix("\ufeff"))
    try:
        content = reader.document()
    except TemplateError:
        if _BICEP.search(text) and not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            raise TemplateError((), f"the text is Bicep; {_BUILD}") from None
        raise
    except RecursionError:
        raise TemplateError((), "it is nested too deep to be a template") from None
    return JsonText(content, reader.places)


def load_json(path: Path) -> JsonText:
    """Reads a file. Raises `TemplateError`, which does not name the file, and `OSError`."""
    if path.suffix in (".bicep", ".bicepparam"):
        name = path.name
        command = (
            f"'az bicep build --file {name}'" if path.suffix == ".bicep" else f"'az bicep build-params --file {name}'"
        )
        raise TemplateError((), f"{name} is Bicep, which is not read; {command} makes the JSON that is")
    try:
        return read_json(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TemplateError((), f"it is no text in UTF-8 ({error})") from None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.places: dict[Steps, tuple[int, int]] = {}

    def document(self) -> Any:
        self._skip()
        content = self._value(())
        self._skip()
        if self._at < len(self._text):
            raise self._error((), "nothing after the end of the document")
        return content

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _place(self) -> tuple[int, int]:
        line = bisect_right(self._lines, self._at)
        return line, self._at - self._lines[line - 1] + 1

    def _error(self, steps: Steps, expected: str) -> TemplateError:
        there = repr(self._text[self._at]) if self._at < len(self._text) else "the end of the text"
        return TemplateError(steps, f"{there} is there; {expected} is expected", self._place())

    def _take(self, sign: str) -> bool:
        if not self._text.startswith(sign, self._at):
            return False
        self._at += len(sign)
        self._skip()
        return True

    def _value(self, steps: Steps) -> Any:
        self.places[steps] = self._place()
        match self._text[self._at : self._at + 1]:
            case "{":
                return self._object(steps)
            case "[":
                return self._list(steps)
            case '"':
                return self._string(steps)
            case _:
                return self._scalar(steps)

    def _string(self, steps: Steps) -> str:
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            raise TemplateError(steps, f"the text is not right: {error.msg}", self._place()) from None
        self._skip()
        return value

    def _scalar(self, steps: Steps) -> Any:
        for word, value in _WORDS.items():
            if self._take(word):
                return value
        found = _NUMBER.match(self._text, self._at)
        if found is None:
            raise self._error(steps, "a value, such as an object or a text in double quotes,")
        self._at = found.end()
        self._skip()
        return float(found[0]) if found[1] or found[2] else int(found[0])

    def _object(self, steps: Steps) -> dict[str, Any]:
        content: dict[str, Any] = {}
        self._take("{")
        while not self._take("}"):
            if content and not self._take(","):
                raise self._error(steps, "',' or '}'")
            if self._take("}"):  # after a comma too much, as Azure's tools allow
                break
            if not self._text.startswith('"', self._at):
                raise self._error(steps, "the name of a property in double quotes")
            name = self._string(steps)
            if not self._take(":"):
                raise self._error((*steps, name), "':'")
            content[name] = self._value((*steps, name))
        return content

    def _list(self, steps: Steps) -> list[Any]:
        content: list[Any] = []
        self._take("[")
        while not self._take("]"):
            if content and not self._take(","):
                raise self._error(steps, "',' or ']'")
            if self._take("]"):
                break
            content.append(self._value((*steps, len(content))))
        return content
