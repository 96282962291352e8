# SPDX-License-Identifier: Apache-2.0
"""Evaluating expressions: laziness, values that nobody knows, and errors that say what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.expressions import STANDARD, ExpressionError, evaluate, parse
from groundplan_policies.values import SECRET, UNKNOWN

GIVEN = {
    "nobody": UNKNOWN,
    "password": SECRET,
    "some": ["a", UNKNOWN],
    "tags": {"Owner": "me", "cost": UNKNOWN},
    "hidden": {"key": SECRET},
    "plain": {"Name": "x", "list": [1, 2]},
    "none": None,
}
FUNCTIONS = {**STANDARD, "given": lambda name: GIVEN[name]}


def value(text: str) -> Any:
    return evaluate(parse(text), FUNCTIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[concat('a', given('nobody'))]", UNKNOWN),
        ("[concat('a', given('password'))]", SECRET),
        ("[concat(given('nobody'), given('password'))]", SECRET),
        ("[string(given('tags'))]", UNKNOWN),
        ("[string(given('hidden'))]", SECRET),
        ("[given('nobody').a[0]]", UNKNOWN),
        ("[given('plain').list[given('nobody')]]", UNKNOWN),
        ("[given('tags').owner]", "me"),
        ("[given('tags').cost]", UNKNOWN),
        ("[length(given('some'))]", 2),
        ("[first(given('some'))]", "a"),
        ("[concat(given('some'), createArray('b'))]", ["a", UNKNOWN, "b"]),
        ("[createObject('a', given('nobody'))]", {"a": UNKNOWN}),
        ("[createObject(given('nobody'), 'a')]", UNKNOWN),
        ("[createArray(given('password'))]", [SECRET]),
        ("[union(given('tags'), createObject('owner', 'you'))]", {"Owner": "you", "cost": UNKNOWN}),
        ("[contains(given('some'), 'a')]", True),
        ("[contains(given('some'), 'b')]", UNKNOWN),
        ("[contains(given('tags'), 'COST')]", True),
        ("[contains(given('nobody'), 'b')]", UNKNOWN),
        ("[equals(given('some'), createArray('a', 'b'))]", UNKNOWN),
        ("[empty(given('tags'))]", False),
        ("[coalesce(given('none'), 'a', given('nobody'))]", "a"),
        ("[coalesce(given('nobody'), 'a')]", UNKNOWN),
        ("[and(false(), given('nobody'))]", False),
        ("[and(given('nobody'), false())]", False),
        ("[and(given('nobody'), true())]", UNKNOWN),
        ("[or(given('nobody'), true())]", True),
        ("[or(false(), given('password'))]", SECRET),
        ("[not(given('nobody'))]", UNKNOWN),
        ("[if(given('nobody'), 'a', 'b')]", UNKNOWN),
        ("[if(given('nobody'), 'a', 'a')]", "a"),
        ("[if(given('nobody'), 1, true())]", UNKNOWN),
        ("[if(given('nobody'), given('password'), 'a')]", SECRET),
        ("[if(true(), 'a', given('nobody'))]", "a"),
        ("[map(given('some'), lambda('x', concat('-', lambdaVariables('x'))))]", ["-a", UNKNOWN]),
        ("[filter(given('some'), lambda('x', equals(lambdaVariables('x'), 'a')))]", UNKNOWN),
        ("[sort(given('some'), lambda('x', 'y', less(lambdaVariables('x'), lambdaVariables('y'))))]", UNKNOWN),
        ("[toObject(given('some'), lambda('x', lambdaVariables('x')))]", UNKNOWN),
        ("[groupBy(given('some'), lambda('x', lambdaVariables('x')))]", UNKNOWN),
        ("[flatten(createArray(given('some'), given('nobody')))]", UNKNOWN),
        ("[flatten(createArray(given('some'), createArray()))]", ["a", UNKNOWN]),
        ("[shallowMerge(createArray(given('tags'), given('password')))]", SECRET),
        ("[tryGet(given('tags'), 'cost', 'deeper')]", UNKNOWN),
        ("[reduce(given('nobody'), 0, lambda('x', 'y', 1))]", UNKNOWN),
    ],
)
def test_what_becomes_of_values_that_nobody_knows(text: str, expected: object):
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        "[if(true(), 'a', int('no number'))]",
        "[if(false(), json('{'), 'a')]",
        "[if(or(true(), bool('no')), 'a', 'b')]",
        "[if(and(false(), bool('no')), 'b', 'a')]",
        "[coalesce('a', int('no number'))]",
    ],
)
def test_what_is_not_needed_is_not_evaluated(text: str):
    assert value(text) == "a"


def test_names_of_functions_and_properties_ignore_case():
    assert value("[CONCAT(tolower('A'), given('plain').NAME, given('plain')['name'])]") == "axx"


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("[conct('a')]", "there is no function 'conct'; did you mean 'concat'?", 2),
        ("[toLower(padLeft('a', 'b'))]", "argument 2 of padLeft is the string 'b'; int is expected", 10),
        ("[toLower(null())]", "argument 1 of toLower is null; string is expected", 2),
        ("[toLower(true())]", "argument 1 of toLower is the bool true", 2),
        ("[toLower('a', 'b')]", "toLower is given 2 arguments; 1 is expected", 2),
        ("[substring('a')]", "substring is given 1 arguments; 2 to 3 are expected", 2),
        ("[replace('a')]", "replace is given 1 arguments; 3 are expected", 2),
        ("[concat()]", "concat is given 0 arguments; 1 or more are expected", 2),
        ("[given('plain').nme]", "there is no property 'nme'; there are: Name, list", 17),
        ("[given('plain').list[2]]", "there is no item 2; the array has 2", 21),
        ("[given('plain').list[-1]]", "there is no item -1", 21),
        ("[given('plain').name.more]", "the string 'x' has no property 'more'", 22),
        ("[given('plain').list['a']]", "an array takes an int", 21),
        ("[if('a', 1, 2)]", "if is given the string 'a'; a bool is expected", 2),
        ("[and(true(), 1)]", "and is given the int 1", 2),
        ("[less(1, 'a')]", "less is given the int 1 and the string 'a'", 2),
        ("[substring('abc', 2, 5)]", "start 2 and length 5; the string 'abc' has 3 characters", 2),
        ("[json('{')]", "a text that is JSON is expected", 2),
        ("[base64ToString('!')]", "a text in base64 is expected", 2),
        ("[dataUriToString('x')]", "'data:...,...' is expected", 2),
        ("[format('{1}', 'a')]", "there is no value 1", 2),
        ("[format('{', 'a')]", "a lone '{' at 0", 2),
        ("[div(1, 0)]", "div is given 1 to divide by 0", 2),
        ("[mod(1, 0)]", "mod is given 1 to divide by 0", 2),
        ("[int('a')]", "int is given the string 'a'", 2),
        ("[float('a')]", "float is given the string 'a'", 2),
        ("[bool('a')]", "bool is given the string 'a'", 2),
        ("[min(createArray('a'))]", "min is given the string 'a'; ints", 2),
        ("[max(createArray())]", "max is given an empty array", 2),
        ("[range(0, -1)]", "0 to 10000 is expected", 2),
        ("[concat(createArray(), 'a')]", "concat is given the string 'a' beside an array", 2),
        ("[union(createArray(), given('plain'))]", "union is given the object", 2),
        ("[intersection(createObject(), createArray())]", "intersection is given the array", 2),
        ("[createObject('a')]", "pairs of a name and a value", 2),
        ("[createObject(1, 2)]", "createObject is given the int 1 as a name", 2),
        ("[flatten(createArray(1))]", "an array of arrays is expected", 2),
        ("[contains('a', createArray())]", "a string is expected", 2),
        ("[contains(given('plain'), 1)]", "the name of a property is expected", 2),
        ("[indexOf('a', 1)]", "indexOf is given the int 1", 2),
        ("[indexFromEnd(createArray(1), 2)]", "counted from 1 at the end", 2),
        ("[lambdaVariables('x')]", "which no lambda around it declares", 2),
        ("[map(createArray(1), lambda('x', 'y', 'z', 1))]", "is called with 2 values", 2),
        ("[filter(createArray(1), lambda('x', 1))]", "the lambda of filter gives the int 1; a bool is expected", 2),
        ("[toObject(createArray(1), lambda('x', 1))]", "the lambda of toObject gives the int 1 as a name", 2),
        ("[map(createArray(1), 'a')]", "argument 2 of map is the string 'a'; lambda is expected", 2),
        ("[lambda(1, 2)]", "lambda is given the int 1 as the name of a variable", 2),
        ("[padLeft('a', 3, '--')]", "one character is expected", 2),
        ("[replace('a', '', 'b')]", "one of at least one character", 2),
        ("[split('a', createArray(1))]", "split is given the int 1 among the delimiters", 2),
        ("[parseCidr('10.0.0.0')]", "a range such as '10.0.0.0/24' is expected", 2),
        ("[cidrSubnet('10.0.0.0/24', 20, 0)]", "/24 to /32 is expected", 2),
        ("[cidrSubnet('10.0.0.0/24', 26, 4)]", "has 4 ranges of /26", 2),
        ("[cidrHost('10.0.0.0/30', 2)]", "has 2 hosts", 2),
        ("[dateTimeAdd('soon', 'P1D')]", "dateTimeAdd is given the string 'soon'", 2),
        ("[dateTimeAdd('2030-01-01', 'a day')]", "a duration such as", 2),
        ("[dateTimeAdd('2030-01-01', 'P9999Y')]", "out of the calendar", 2),
        ("[dateTimeFromEpoch(99999999999999999)]", "out of the calendar", 2),
    ],
)
def test_errors_name_function_argument_and_value(text: str, says: str, column: int):
    with pytest.raises(ExpressionError) as caught:
        value(text)
    assert says in str(caught.value)
    assert caught.value.column == column


def test_a_function_of_ones_own_sees_no_marks():
    seen: list[object] = []

    def own(*values: object) -> str:
        seen.extend(values)
        return "ran"

    functions = {**FUNCTIONS, "own": own}
    assert evaluate(parse("[own('a', given('some'))]"), functions) is UNKNOWN
    assert seen == []
    assert evaluate(parse("[own('a')]"), functions) == "ran"
    assert seen == ["a"]


def test_a_function_that_leads_back_to_itself_is_an_error():
    functions: dict[str, Any] = {}
    functions["again"] = lambda: evaluate(parse("[again()]"), functions)
    with pytest.raises(ExpressionError, match="back to itself"):
        evaluate(parse("[again()]"), functions)
