# SPDX-License-Identifier: Apache-2.0
"""Conditions, and the values that they are asked of."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.policies.azure_policy.making import VAULT

FIELD = f"{VAULT}/createMode"
IPS = f"{VAULT}/networkAcls.ipRules[*]"
OTHERS = {
    "equals": st.text("ab", max_size=2),
    "like": st.sampled_from(["a*", "*", "ab"]),
    "match": st.sampled_from(["#", "?", "ab"]),
    "matchInsensitively": st.sampled_from(["#", "?", "ab"]),
    "contains": st.text("ab", max_size=2),
    "in": st.lists(st.text("ab", max_size=2), max_size=3),
    "containsKey": st.text("ab", min_size=1, max_size=2),
}
POSITIVE = tuple(OTHERS)
RANKS = ("less", "lessOrEquals", "greater", "greaterOrEquals")


def negative(operator: str) -> str:
    return f"not{operator[0].upper()}{operator[1:]}"
