# SPDX-License-Identifier: Apache-2.0
"""How much a rule weighs in a pack."""

from typing import Literal, get_args

Level = Literal["mandatory", "advisory", "remediate", "disabled"]
"""`mandatory`: a violation stops the update. `advisory`: it is told. `remediate`: the rule's remedy is applied, and what it can
not mend counts as mandatory. `disabled`: the rule is not asked."""
LEVELS: tuple[Level, ...] = get_args(Level)
