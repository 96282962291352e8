# SPDX-License-Identifier: Apache-2.0
"""Evaluates the parts of one template: its expressions with its parameters, variables, functions and loops."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from groundplan_policies.arm_template.errors import Note, Steps, TemplateError
from groundplan_policies.arm_template.symbols import opaque
from groundplan_policies.arm_template.trace import Recorder, Traced
from groundplan_policies.expressions import ExpressionError, evaluate, is_expression, parse, unescaped
from groundplan_policies.expressions.evaluate import key_in, nearest
from groundplan_policies.expressions.function import told
from groundplan_policies.values import UNKNOWN, Mark

if TYPE_CHECKING:
    from datetime import datetime

    from groundplan_policies.arm_template.deployment import Deployment
    from groundplan_policies.arm_template.place import Place
    from groundplan_policies.expressions import Expression

Leaf = Callable[[str, Steps, str], Any]
"""Evaluates a text: itself, where it stands in the document, and the path in what is being evaluated."""
Functions = Mapping[str, Callable[..., Any]]


class Undeclared(ExpressionError):  # noqa: N818  (the name says what is wrong)
    """A parameter, variable or function that the template does not declare."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One round of a `copy` loop; the index is unknown where the count is."""

    name: str
    index: int | Mark
    of_resource: bool


@dataclass(slots=True)
class Session:
    """What all templates of one document have in common: they are nested in each other."""

    recorder: Recorder
    notes: dict[Note, None]
    deployments: dict[str, Deployment]
    """By the symbolic id of the deployment, as keys are compared."""
    now: datetime | None


class Evaluator:
    """Evaluates in one template.

    `given`: the values of its parameters, by lower-case name, each evaluated when it is asked for.
    `label`: tells its unknown parameters from those of other templates, '' for the outermost.
    """

    def __init__(
        self,
        session: Session,
        document: Mapping[str, Any],
        steps: Steps,
        place: Place,
        given: Mapping[str, Callable[[], Traced]],
        label: str = "",
    ) -> None:
        from groundplan_policies.arm_template.functions import functions_of
        from groundplan_policies.arm_template.parameters import declared_in
        from groundplan_policies.arm_template.user_functions import user_functions_of

        self.session = session
        self.steps = steps
        self.place = place
        self.label = label
        self.definitions: Mapping[str, Any] = document.get("definitions") or {}
        self.deployment: Deployment | None = None
        self.loops: tuple[Loop, ...] = ()
        self._given = given
        self._declared = declared_in(document, steps)
        self._variables = _variables_in(document, steps)
        self._known: dict[tuple[str, str], Traced] = {}
        self.functions: Functions = functions_of(self, user_functions_of(self, document))

    # -- the parts of a document

    def value(self, node: Any, steps: Steps, at: str = "", leaf: Leaf | None = None) -> Any:
        """A part of the document with its expressions evaluated. Raises `TemplateError`."""
        if isinstance(node, str):
            return leaf(node, steps, at) if leaf else self.text(node, steps)
        if isinstance(node, list):
            items = cast("list[Any]", node)
            return [self.value(each, (*steps, index), f"{at}[{index}]", leaf) for index, each in enumerate(items)]
        if isinstance(node, dict):
            return self._object(cast("dict[str, Any]", node), steps, at, leaf)
        return node

    def _object(self, node: dict[str, Any], steps: Steps, at: str, leaf: Leaf | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, each in node.items():
            if name == "copy" and _are_loops(each):
                for index, loop in enumerate(each):
                    inner = (*steps, "copy", index)
                    key = loop["name"]
                    found[key] = self._repeated(loop, inner, f"{at}.{key}" if at else key, leaf)
                continue
            key: Any = unescaped(name)
            if is_expression(name):
                said = self.value(name, (*steps, name), f"{at}.{name}" if at else name, leaf)
                key = name if isinstance(said, Mark) else said  # whatever it is, there is something under it
            found[str(key)] = self.value(each, (*steps, name), f"{at}.{key}" if at else str(key), leaf)
        return found

    def _repeated(self, loop: Mapping[str, Any], steps: Steps, at: str, leaf: Leaf | None) -> Any:
        count = self.count(loop, steps)
        if isinstance(count, Mark):
            return count
        found: list[Any] = []
        for index in range(count):
            with self.looping((*self.loops, Loop(loop["name"], index, of_resource=False))):
                found.append(self.value(loop.get("input"), (*steps, "input"), f"{at}[{index}]", leaf))
        return found

    def count(self, loop: Mapping[str, Any], steps: Steps) -> int | Mark:
        """How many rounds a loop has. Raises `TemplateError`."""
        count = self.value(loop.get("count"), (*steps, "count"))
        if isinstance(count, Mark):
            self.note((*steps, "count"), "the number of rounds of this loop is not known")
            return count
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 10000:
            raise TemplateError((*steps, "count"), f"{told(count)} is there; an int from 0 to 10000 is expected")
        return count

    def text(self, text: str, steps: Steps) -> Any:
        """A text of the document: what its expression comes to, or the text itself. Raises `TemplateError`."""
        if not is_expression(text):
            return unescaped(text)
        expression = self.expression(text, steps)
        try:
            return evaluate(expression, self.functions)
        except Undeclared as error:
            raise TemplateError(steps, str(error)) from None
        except ExpressionError as error:
            self.note(steps, f"can not be evaluated: {error}")
            self.session.recorder.current.open = True
            return UNKNOWN

    def expression(self, text: str, steps: Steps) -> Expression:
        """The expression in a text. Raises `TemplateError`."""
        try:
            return parse(text)
        except ExpressionError as error:
            raise TemplateError(steps, f"the expression is not right: {error}") from None

    def symbol(self, text: str, steps: Steps) -> str:
        """The symbolic text of a text of the document. Raises `TemplateError`."""
        from groundplan_policies.arm_template.symbolic import symbol_of

        if not is_expression(text):
            return unescaped(text)
        value = self.text(text, steps)  # notes and raises what there is to say about the expression
        return str(value) if isinstance(value, (str, int)) else symbol_of(self, self.expression(text, steps))

    def traced(self, node: Any, steps: Steps) -> Traced:
        """A part of the document with what it came out of. Raises `TemplateError`."""
        with self.session.recorder.record() as trace:
            value = self.value(node, steps)
        with self.session.recorder.record():  # a name or id with unknown parts is that resource's for all that
            symbol = self.symbol(node, steps) if isinstance(node, str) else ""
        return Traced(value, trace, symbol)

    # -- what expressions ask for

    def parameter(self, name: str) -> Traced:
        """A parameter. Raises `Undeclared`."""
        from groundplan_policies.arm_template.parameters import value_of

        key = key_in(self._declared, name)
        if key is None:
            raise Undeclared(f"there is no parameter '{name}'{nearest(name, self._declared)}")
        cached = self._known.get(("parameter", key))
        if cached is None:
            cached = value_of(self, key, self._declared[key], self._given.get(key.casefold()))
            self._known["parameter", key] = cached
        return cached

    def variable(self, name: str) -> Traced:
        """A variable. Raises `Undeclared`."""
        key = key_in(self._variables, name)
        if key is None:
            raise Undeclared(f"there is no variable '{name}'{nearest(name, self._variables)}")
        cached = self._known.get(("variable", key))
        if cached is None:
            node, steps = self._variables[key]
            with self.looping(()):
                if steps[-2:-1] == ("copy",) and isinstance(steps[-1], int):
                    with self.session.recorder.record() as trace:
                        cached = Traced(self._repeated(node, steps, "", None), trace, "")
                else:
                    cached = self.traced(node, steps)
            self._known["variable", key] = cached
        return cached

    def loop(self, name: str | None) -> Loop:
        """The loop that `copyIndex` asks for. Raises `ExpressionError`."""
        inside = list(reversed(self.loops))
        if name is None:
            found = next((each for each in inside if each.of_resource), inside[0] if inside else None)
        else:
            found = next((each for each in inside if each.name.casefold() == name.casefold()), None)
        if found is None:
            there = ", ".join(each.name for each in inside) or "none"
            raise ExpressionError(
                f"copyIndex asks for {f'the loop {name!r}' if name else 'a loop'}; around it: {there}"
            )
        return found

    @contextmanager
    def looping(self, loops: tuple[Loop, ...]) -> Generator[None]:
        """Other loops for the time being."""
        before, self.loops = self.loops, loops
        try:
            yield
        finally:
            self.loops = before

    def note(self, steps: Steps, message: str) -> None:
        """Notes something that can not be told."""
        self.session.notes[Note(steps, message)] = None

    def opaque(self, expression: Expression) -> str:
        """The symbolic text of an expression of this template that nobody can look into."""
        text = f"{self.label}{expression}"
        if self.loops and "copyindex" in text.casefold():
            text += "".join(f" #{each.index}" for each in self.loops)
        return opaque(text)


def _are_loops(node: Any) -> bool:
    if not isinstance(node, list) or not node:
        return False
    return all(isinstance(each, dict) and "name" in each and "count" in each for each in cast("list[Any]", node))


def _variables_in(document: Mapping[str, Any], steps: Steps) -> dict[str, tuple[Any, Steps]]:
    """The variables of a template, those that a loop makes among them, each with its place."""
    section = document.get("variables") or {}
    inside = (*steps, "variables")
    if not isinstance(section, dict):
        raise TemplateError(inside, f"{told(section)} is there; an object of variables by name is expected")
    found: dict[str, tuple[Any, Steps]] = {}
    for name, node in cast("dict[str, Any]", section).items():
        if name == "copy" and _are_loops(node):
            found.update({each["name"]: (each, (*inside, "copy", index)) for index, each in enumerate(node)})
        else:
            found[name] = (node, (*inside, name))
    return found
