# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an expression, and where."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that can not be read or evaluated.

    `problem`: what is wrong, and what is allowed. `expression`: the text that it is wrong in. `column`: where in it, from 1.
    """

    def __init__(self, problem: str, *, expression: str = "", column: int | None = None) -> None:
        shown = expression if len(expression) <= 120 else f"{expression[:117]}..."
        at = "" if column is None else f"column {column}: "
        super().__init__(f"{at}{problem}{f' (in {shown})' if shown else ''}")
        self.problem = problem
        self.expression = expression
        self.column = column
