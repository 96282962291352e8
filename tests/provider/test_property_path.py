# SPDX-License-Identifier: Apache-2.0
"""Property paths, written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_provider.property_path import covers, format_path, names, parse_path

STEPS = st.lists(st.text(min_size=1, max_size=6).filter(lambda step: step != "*") | st.integers(0, 99), max_size=5)


@given(STEPS.filter(lambda steps: not steps or isinstance(steps[0], str)))
def test_what_is_written_reads_the_same(steps: list[str | int]) -> None:
    """Whatever names contain: dots, brackets, quotes, backslashes."""
    assert tuple(steps) == parse_path(format_path(steps))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("sku.name", ("sku", "name")),
        ("tags.env", ("tags", "env")),
        ('tags["cost.center"]', ("tags", "cost.center")),
        ("rules[0].port", ("rules", 0, "port")),
        ("rules[*].port", ("rules", "*", "port")),
        ("tags.*", ("tags", "*")),
        ("", ()),
    ],
)
def test_forms(text: str, steps: tuple[str | int, ...]) -> None:
    """The forms of Pulumi's documentation."""
    assert steps == parse_path(text)


def test_a_broken_path_is_refused_with_its_place() -> None:
    """The message names where reading stopped."""
    with pytest.raises(ValueError, match=r"can not be read from '\[x'"):
        parse_path("rules[x")


def test_covers() -> None:
    """A pattern covers its place and all below, wildcards any one step."""
    assert covers(("tags",), ("tags", "env"))
    assert covers(("rules", "*", "port"), ("rules", 3, "port"))
    assert not covers(("tags", "env"), ("tags",))
    assert names(("rules", 3, "port")) == ("rules", "port")
