# SPDX-License-Identifier: Apache-2.0
"""Reading expressions: what they are made of, where they are wrong, and that the text of one reads as the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_policies.expressions import (
    Call,
    Expression,
    ExpressionError,
    Item,
    Literal,
    Member,
    is_expression,
    parse,
    unescaped,
)

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
literals = st.one_of(st.text(max_size=12), st.integers(-(10**12), 10**12)).map(Literal)
function_names = st.one_of(names, st.tuples(names, names).map(".".join))


def _more(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Call, function_names, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Member, inner, names),
        st.builds(Item, inner, inner),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(literals, st.builds(Call, function_names)), _more, max_leaves=12
)


@given(expressions)
def test_the_text_of_an_expression_reads_as_that_expression(expression: Expression):
    assert parse(f"[{expression}]") == expression


@given(expressions, st.sampled_from([" ", "\n  ", "\t"]))
def test_space_between_the_parts_does_not_matter(expression: Expression, space: str):
    spaced = (
        str(expression)
        if "'" in str(expression)
        else str(expression).replace(",", f"{space},").replace("(", f"({space}")
    )
    assert parse(f"[{space}{spaced}{space}]") == expression


@given(st.text(max_size=30))
def test_any_text_in_brackets_is_read_or_refused_with_a_column(text: str):
    whole = f"[{text}]"
    column, found = _read(whole)
    assert 1 <= column <= len(whole) + 1
    assert found is None or parse(f"[{found}]") == found


def _read(text: str) -> tuple[int, Expression | None]:
    try:
        return 1, parse(text)
    except ExpressionError as error:
        return error.column or 0, None


def test_every_kind_of_part():
    assert parse("[resourceGroup().tags['cost center']]") == Item(
        Member(Call("resourceGroup"), "tags"), Literal("cost center")
    )
    assert parse("[variables('it''s')[ add(1, -2) ].b.c]") == Member(
        Member(
            Item(Call("variables", (Literal("it's"),)), Call("add", (Literal(1), Literal(-2)))),
            "b",
        ),
        "c",
    )
    assert parse("[contoso.name('a')]") == Call("contoso.name", (Literal("a"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a()]", True),
        ("['a']", True),
        ("[[a]", False),
        ("[a", False),
        ("a]", False),
        ("", False),
        ("[", False),
        (" [a()]", False),
        ("[]", True),
    ],
)
def test_what_is_an_expression(text: str, expected: bool):
    assert is_expression(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("[[a]", "[a]"), ("[[a", "[[a"), ("[a", "[a"), ("a", "a"), ("[[[a]]", "[[a]]")]
)
def test_two_brackets_stand_for_one(text: str, expected: str):
    assert unescaped(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("concat('a')", 1, "stands in brackets"),
        ("[]", 2, "']' is there; a function call"),
        ("[concat('a']", 12, "']' is there; ',' or the ')' that ends the arguments of 'concat'"),
        ("[concat('a',)]", 13, "')' is there"),
        ("[concat('a') b]", 14, "'b' is there; '.', '['"),
        ("[name]", 2, "a call, 'name(...)'"),
        ("['abc]", 2, "no closing quote"),
        ("[1.5]", 2, "float('1.5')"),
        ("[a().1]", 6, "the name of a property"),
        ("[a()[0]", 8, "the end is there"),
        ("[a()] ]", 7, "nothing after"),
        ("[contoso.()]", 10, "a function of the namespace 'contoso'"),
        ("[a(#)]", 4, "'#' is there"),
    ],
)
def test_what_is_wrong_and_where(text: str, column: int, says: str):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.column == column
    assert says in str(caught.value)


def test_nesting_without_end_is_an_error_and_no_crash():
    with pytest.raises(ExpressionError, match="no more than"):
        parse(f"[{'a(' * 5000}{')' * 5000}]")
