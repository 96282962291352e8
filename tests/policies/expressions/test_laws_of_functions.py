# SPDX-License-Identifier: Apache-2.0
"""What holds of functions whatever they are given, against Python's own."""

from __future__ import annotations

import base64
import ipaddress
import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groundplan_policies.expressions import STANDARD, Call, Expression, Literal, evaluate, parse

words = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
plain = st.text(alphabet="abcXYZ 09-", max_size=8)
numbers = st.integers(-(2**40), 2**40)
scalars = st.one_of(st.none(), st.booleans(), numbers, words)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(plain, inner, max_size=3)),
    max_leaves=8,
)


def call(name: str, *arguments: Any) -> Any:
    """A call with any values, handed over by a function that gives them."""
    given_values = {**STANDARD, "value": lambda index: arguments[index]}
    parts: tuple[Expression, ...] = tuple(Call("value", (Literal(index),)) for index in range(len(arguments)))
    return evaluate(Call(name, parts), given_values)


@given(words)
def test_base64_and_back(text: str):
    assert call("base64", text) == base64.b64encode(text.encode()).decode()
    assert call("base64ToString", call("base64", text)) == text
    assert call("dataUriToString", call("dataUri", text)) == text
    assert call("uriComponentToString", call("uriComponent", text)) == text


@given(json_values)
def test_json_reads_what_string_writes(value: Any):
    if not isinstance(value, (str, bool, type(None))):
        assert call("json", call("string", value)) == value
    assert call("json", json.dumps(value)) == value


@given(st.lists(plain, max_size=5))
def test_join_and_split(texts: list[str]):
    joined = call("join", texts, ";")
    assert joined == ";".join(texts)
    assert call("split", joined, ";") == joined.split(";")
    assert call("concat", *texts, "") == "".join(texts)


@given(st.one_of(st.lists(numbers, max_size=6), plain), st.integers(-2, 8))
def test_take_and_skip_part_a_list(items: Any, count: int):
    taken, skipped = call("take", items, count), call("skip", items, count)
    assert taken + skipped == items
    assert len(taken) == min(max(count, 0), len(items))


@given(plain, plain)
def test_searching_a_text(text: str, part: str):
    assert call("indexOf", text, part) == text.lower().find(part.lower())
    assert call("lastIndexOf", text, part) == text.lower().rfind(part.lower())
    assert call("contains", text, part) is (part in text)
    assert call("startsWith", text, part) is text.lower().startswith(part.lower())
    assert call("endsWith", text, part) is text.lower().endswith(part.lower())


@given(numbers, numbers.filter(bool))
def test_division_is_that_of_dotnet(one: int, other: int):
    quotient, rest = call("div", one, other), call("mod", one, other)
    assert quotient * other + rest == one
    assert rest == math.fmod(one, other)
    assert call("add", one, other) - call("sub", one, other) == 2 * other
    assert call("mul", one, other) == one * other


@given(numbers, numbers)
def test_comparison_is_that_of_python(one: int, other: int):
    assert call("less", one, other) is (one < other)
    assert call("lessOrEquals", one, other) is (one <= other)
    assert call("greater", one, other) is (one > other)
    assert call("greaterOrEquals", one, other) is (one >= other)
    assert call("equals", one, other) is (one == other)
    assert call("min", one, other) == min(one, other)
    assert call("max", [one, other]) == max(one, other)


@given(json_values, json_values)
def test_equality_is_that_of_json(one: Any, other: Any):
    assert call("equals", one, other) is (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


@given(st.lists(numbers, max_size=6), st.lists(numbers, max_size=6))
def test_union_and_intersection_of_lists(one: list[int], other: list[int]):
    assert call("union", one, other) == list(dict.fromkeys(one + other))
    assert call("intersection", one, other) == [each for each in dict.fromkeys(one) if each in other]


@given(
    st.dictionaries(plain.map(str.lower), numbers, max_size=4),
    st.dictionaries(plain.map(str.lower), numbers, max_size=4),
)
def test_objects_merge_as_in_python(one: dict[str, int], other: dict[str, int]):
    assert call("union", one, other) == one | other
    assert call("shallowMerge", [one, other]) == one | other
    assert call("intersection", one, other) == dict(one.items() & other.items())
    assert [each["key"] for each in call("items", one)] == sorted(one) == call("objectKeys", one)


@given(st.lists(numbers, max_size=8))
def test_sort_sorts(items: list[int]):
    given_values = {**STANDARD, "items_": lambda: items}
    text = "[sort(items_(), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]"
    assert evaluate(parse(text), given_values) == sorted(items)


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2080, 1, 1)).map(lambda each: each.replace(tzinfo=UTC, microsecond=0)),
    st.integers(0, 400),
    st.integers(0, 100),
)
def test_time_is_added_as_in_python(moment: datetime, days: int, hours: int):
    later = call("dateTimeAdd", moment.isoformat(), f"P{days}DT{hours}H")
    assert datetime.fromisoformat(later) == moment + timedelta(days=days, hours=hours)
    assert call("dateTimeToEpoch", moment.isoformat()) == moment.timestamp()
    assert datetime.fromisoformat(call("dateTimeFromEpoch", int(moment.timestamp()))) == moment


@given(st.integers(0, 2**32 - 1), st.integers(8, 28), st.integers(0, 4), st.data())
def test_ranges_are_those_of_python(address: int, prefix: int, more: int, data: st.DataObject):
    network = ipaddress.ip_network((address, prefix), strict=False)
    subnets = list(network.subnets(prefixlen_diff=more))
    index = data.draw(st.integers(0, len(subnets) - 1))
    assert call("cidrSubnet", str(network), prefix + more, index) == str(subnets[index])
    host = data.draw(st.integers(0, network.num_addresses - 3))
    assert ipaddress.ip_address(call("cidrHost", str(network), host)) == network[host + 1]
