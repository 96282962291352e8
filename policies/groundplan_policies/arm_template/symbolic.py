# SPDX-License-Identifier: Apache-2.0
"""Symbolic texts of expressions: as much of a name or an id as can be told, with expressions for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groundplan_policies.arm_template.errors import TemplateError
from groundplan_policies.arm_template.ids import ID_FUNCTIONS, id_from
from groundplan_policies.expressions import Call, Expression, ExpressionError, Item, Literal, Member, evaluate
from groundplan_policies.expressions.functions.composite import pieces_of

if TYPE_CHECKING:
    from groundplan_policies.arm_template.evaluator import Evaluator, Functions


def symbol_of(evaluator: Evaluator, expression: Expression, functions: Functions | None = None) -> str:
    """The symbolic text of an expression; the plain text where it is known."""
    functions = evaluator.functions if functions is None else functions
    try:
        value = evaluate(expression, functions)
        if isinstance(value, (str, int)):
            return str(value)
        found = _inside(evaluator, expression, functions)
    except (ExpressionError, TemplateError):
        found = None
    return evaluator.opaque(expression) if found is None else found


def _inside(evaluator: Evaluator, expression: Expression, functions: Functions) -> str | None:
    match expression:
        case Call("parameters" | "variables", (Literal(str() as name),)):
            key = expression.key
            return (evaluator.parameter(name) if key == "parameters" else evaluator.variable(name)).symbol or None
        case Call():
            return _of_call(evaluator, expression, functions)
        case Member(Call() as call, name) if not call.arguments:
            return _of_place(evaluator, call.key, name.casefold())
        case _:
            return _of_output(expression, functions)


def _of_call(evaluator: Evaluator, call: Call, functions: Functions) -> str | None:
    def parts(arguments: Sequence[Expression]) -> list[str]:
        return [symbol_of(evaluator, each, functions) for each in arguments]

    match call.key, call.arguments:
        case "concat", arguments:
            return "".join(parts(arguments))
        case "format", (Literal(str() as template), *values):
            said = parts(values)
            pieces = pieces_of(template)
            if any(place is not None and (place["spec"] or place["width"]) for _, place in pieces):
                return None
            return "".join(fixed if place is None else said[int(place["index"])] for fixed, place in pieces)
        case (("tolower" | "toupper" | "string"), (inner,)):
            return symbol_of(evaluator, inner, functions)
        case name, arguments if name in ID_FUNCTIONS:
            return id_from(evaluator.place, name, parts(arguments))
        case _:
            return None


def _of_place(evaluator: Evaluator, function: str, name: str) -> str | None:
    place = evaluator.place
    match function, name:
        case "resourcegroup", "name":
            return place.group or None
        case "resourcegroup" | "subscription" | "managementgroup", "id":
            return place.id if function != "subscription" else f"/subscriptions/{place.subscription}"
        case "subscription", "subscriptionid":
            return place.subscription or None
        case _:
            return None


def _of_output(expression: Expression, functions: Functions) -> str | None:
    """Of `reference('deployment').outputs.name.value` what the nested template says."""
    match expression:
        case Member(Member(Member(Call() as call, outputs), output), value):
            pass
        case Member(Item(Member(Call() as call, outputs), Literal(str() as output)), value):
            pass
        case _:
            return None
    if call.key != "reference" or outputs.casefold() != "outputs" or value.casefold() != "value":
        return None
    found = evaluate(Member(call, outputs), functions)
    from groundplan_policies.arm_template.deployment import Outputs

    return found.symbol(output) if isinstance(found, Outputs) else None
