# SPDX-License-Identifier: Apache-2.0
"""The expression language of ARM templates and of Azure Policy: read, and evaluated as far as values are known."""

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.evaluate import evaluate
from groundplan_policies.expressions.function import Function, Table, Thunk
from groundplan_policies.expressions.functions import STANDARD
from groundplan_policies.expressions.functions.dates import utc_now
from groundplan_policies.expressions.parse import is_expression, parse, unescaped
from groundplan_policies.expressions.syntax import Call, Expression, Item, Literal, Member

__all__ = [
    "STANDARD",
    "Call",
    "Expression",
    "ExpressionError",
    "Function",
    "Item",
    "Literal",
    "Member",
    "Table",
    "Thunk",
    "evaluate",
    "is_expression",
    "parse",
    "unescaped",
    "utc_now",
]
