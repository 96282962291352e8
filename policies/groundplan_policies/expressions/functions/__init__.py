# SPDX-License-Identifier: Apache-2.0
"""The pure functions of ARM templates: what they give depends on their arguments alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from groundplan_policies.expressions.function import Function
from groundplan_policies.expressions.functions.cidr import CIDR
from groundplan_policies.expressions.functions.collections import COLLECTIONS
from groundplan_policies.expressions.functions.dates import DATES
from groundplan_policies.expressions.functions.lambdas import LAMBDAS
from groundplan_policies.expressions.functions.logic import LOGIC
from groundplan_policies.expressions.functions.numbers import NUMBERS
from groundplan_policies.expressions.functions.strings import STRINGS

STANDARD: Final[Mapping[str, Function]] = {
    **STRINGS,
    **COLLECTIONS,
    **LAMBDAS,
    **LOGIC,
    **NUMBERS,
    **DATES,
    **CIDR,
}
"""By lower-case name."""
