# SPDX-License-Identifier: Apache-2.0
"""Functions that a template declares itself: `contoso.uniqueName('a')`."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, cast

from groundplan_policies.arm_template.errors import Steps, TemplateError
from groundplan_policies.expressions import ExpressionError, Function, evaluate, is_expression, unescaped
from groundplan_policies.expressions.evaluate import nearest
from groundplan_policies.expressions.function import told

if TYPE_CHECKING:
    from groundplan_policies.arm_template.evaluator import Evaluator


def user_functions_of(evaluator: Evaluator, document: Mapping[str, Any]) -> dict[str, Function]:
    """The functions of a template by lower-case name with the namespace. Raises `TemplateError`."""
    section = document.get("functions") or []
    steps = (*evaluator.steps, "functions")
    if not isinstance(section, list):
        raise TemplateError(steps, f"{told(section)} is there; an array of namespaces is expected")
    found: dict[str, Function] = {}
    for index, group in enumerate(cast("list[Any]", section)):
        inside = (*steps, index)
        if (
            not isinstance(group, dict)
            or not isinstance(group.get("namespace"), str)
            or not isinstance(group.get("members"), dict)
        ):
            raise TemplateError(inside, f"{told(group)} is there; an object with 'namespace' and 'members' is expected")
        namespace = cast("dict[str, Any]", group)["namespace"]
        for name, declared in cast("dict[str, Any]", group)["members"].items():
            full = f"{namespace}.{name}"
            found[full.casefold()] = _function(evaluator, full, declared, (*inside, "members", name))
    return found


def _function(evaluator: Evaluator, name: str, declared: Any, steps: Steps) -> Function:
    if not isinstance(declared, dict) or not isinstance(declared.get("output"), dict):
        raise TemplateError(steps, f"{told(declared)} is there; an object with 'parameters' and 'output' is expected")
    content = cast("dict[str, Any]", declared)
    names = [str(each.get("name")) for each in content.get("parameters") or []]

    def call(*values: Any) -> Any:
        if len(values) != len(names):
            raise ExpressionError(f"{name} is given {len(values)} arguments; {len(names)} are expected")
        bound = dict(zip((each.casefold() for each in names), values, strict=True))

        def parameters(key: Any) -> Any:
            if str(key).casefold() not in bound:
                raise ExpressionError(f"{name} has no parameter '{key}'{nearest(str(key), names)}")
            return bound[str(key).casefold()]

        inner: dict[str, Callable[..., Any]] = {"parameters": Function(parameters, "all")}
        functions = ChainMap(inner, cast("MutableMapping[str, Callable[..., Any]]", evaluator.functions))

        def leaf(text: str, where: Steps, _at: str) -> Any:
            return evaluate(evaluator.expression(text, where), functions) if is_expression(text) else unescaped(text)

        return evaluator.value(content["output"].get("value"), (*steps, "output", "value"), "", leaf)

    return Function(call, "all")
