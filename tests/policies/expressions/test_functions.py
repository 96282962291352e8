# SPDX-License-Identifier: Apache-2.0
"""The functions one by one, against the examples of Microsoft's documentation and against Python."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest

from groundplan_policies.expressions import STANDARD, evaluate, parse, utc_now
from groundplan_policies.values import UNKNOWN
from tests.policies.expressions.calling import value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # texts
        ("[base64('one, two, three')]", "b25lLCB0d28sIHRocmVl"),
        ("[base64ToString('b25lLCB0d28sIHRocmVl')]", "one, two, three"),
        ("[base64ToJson(base64('{\"a\": 1}'))]", {"a": 1}),
        ("[concat('prefix', '-', 3, true())]", "prefix-3True"),
        ("[concat(createArray(1), createArray(2, 3))]", [1, 2, 3]),
        ("[dataUri('Hello')]", "data:text/plain;charset=utf8;base64,SGVsbG8="),
        ("[dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')]", "Hello, World!"),
        ("[dataUriToString('data:,a%20b')]", "a b"),
        ("[endsWith('abcdef', 'EF')]", True),
        ("[startsWith('abcdef', 'AB')]", True),
        ("[startsWith('abcdef', 'e')]", False),
        ("[format('{0}, {1}. Number: {2:N0}', 'Hello', 'User', 8175133)]", "Hello, User. Number: 8,175,133"),
        ("[format('{{{0}}}{0:D3}|{1,4}|{1,-4}|{0:X}', 10, 'a')]", "{10}010|   a|a   |A"),
        ("[format('{0:000}/{1:F1}/{0:N1}', 7, 2)]", "007/2.0/7.0"),
        ("[format('{0}', true())]", "True"),
        ("[indexOf('test', 'T')]", 0),
        ("[lastIndexOf('test', 't')]", 3),
        ("[indexOf('abcdef', 'z')]", -1),
        ("[indexOf(createArray('one', 'Two'), 'Two')]", 1),
        ("[lastIndexOf(createArray(1, 2, 1), 1)]", 2),
        ("[join(createArray('a', 'b', 3), '; ')]", "a; b; 3"),
        ("[json('null')]", None),
        ("[json('[1, true]')]", [1, True]),
        ("[padLeft('123', 10, '0')]", "0000000123"),
        ("[padLeft(5, 3)]", "  5"),
        ("[replace('123-123-1234', '-', '')]", "1231231234"),
        ("[split('one;two,three', createArray(';', ','))]", ["one", "two", "three"]),
        ("[split('a,b', ',')]", ["a", "b"]),
        ("[string(createObject('a', createArray(1, true(), null())))]", '{"a":[1,true,null]}'),
        ("[string(5)]", "5"),
        ("[string(false())]", "False"),
        ("[substring('one two three', 4, 3)]", "two"),
        ("[substring('one', 1)]", "ne"),
        ("[toUpper(toLower('One'))]", "ONE"),
        ("[trim('  a b ')]", "a b"),
        (
            "[uri('http://contoso.com/resources/', 'nested/azuredeploy.json')]",
            "http://contoso.com/resources/nested/azuredeploy.json",
        ),
        (
            "[uri('http://contoso.com/firstpath/azuredeploy.json', 'myscript.sh')]",
            "http://contoso.com/firstpath/myscript.sh",
        ),
        ("[uriComponent('http://contoso.com/a b')]", "http%3A%2F%2Fcontoso.com%2Fa%20b"),
        ("[uriComponentToString('a%20b')]", "a b"),
        # lists and objects
        ("[array('a')]", ["a"]),
        ("[array(createArray(1))]", [1]),
        ("[createObject('int', 1, 'inner', createObject())]", {"int": 1, "inner": {}}),
        ("[contains('OneTwoThree', 'e')]", True),
        ("[contains('OneTwoThree', 'E')]", False),
        ("[contains(createObject('One', 1), 'one')]", True),
        ("[contains(createArray('one'), 'One')]", False),
        ("[contains(createArray(1), true())]", False),
        ("[empty('')]", True),
        ("[empty(null())]", True),
        ("[empty(createObject())]", True),
        ("[empty(createArray(0))]", False),
        ("[first('One')]", "O"),
        ("[first('')]", ""),
        ("[first(createArray())]", None),
        ("[last(createArray(1, 2))]", 2),
        ("[last(createArray())]", None),
        ("[last('')]", ""),
        ("[skip('one two', 4)]", "two"),
        ("[skip(createArray(1, 2, 3), 2)]", [3]),
        ("[skip('one', -1)]", "one"),
        ("[take('one two', 3)]", "one"),
        ("[take(createArray(1), 5)]", [1]),
        ("[take('one', -1)]", ""),
        ("[flatten(createArray(createArray(1), createArray(2, createArray(3))))]", [1, 2, [3]]),
        ("[intersection(createArray(1, 2, 3, 3), createArray(3, 4))]", [3]),
        ("[intersection(createObject('a', 1, 'b', 2), createObject('a', 1, 'b', 3))]", {"a": 1}),
        ("[items(createObject('b', 1, 'a', 2))]", [{"key": "a", "value": 2}, {"key": "b", "value": 1}]),
        ("[objectKeys(createObject('b', 1, 'a', 2))]", ["a", "b"]),
        ("[length(createObject('a', 1))]", 1),
        ("[range(5, 3)]", [5, 6, 7]),
        ("[union(createArray(1, 2), createArray(2, 3))]", [1, 2, 3]),
        (
            '[union(json(\'{"a": {"b": 1, "c": 2}, "l": [1]}\'), json(\'{"a": {"b": 3}, "l": [2]}\'))]',
            {"a": {"b": 3, "c": 2}, "l": [2]},
        ),
        (
            "[shallowMerge(createArray(createObject('a', createObject('b', 1)), createObject('a', createObject('c', 2))))]",
            {"a": {"c": 2}},
        ),
        ("[tryGet(createObject('a', createArray(1)), 'A', 0)]", 1),
        ("[tryGet(createObject('a', createArray(1)), 'a', 1)]", None),
        ("[tryGet(createObject('a', 1), 'b', 'c')]", None),
        ("[tryGet(null(), 'b')]", None),
        ("[indexFromEnd(createArray('a', 'b', 'c'), 1)]", "c"),
        ("[tryIndexFromEnd(createArray('a'), 2)]", None),
        ("[coalesce(null(), null(), 'a')]", "a"),
        ("[coalesce(null())]", None),
        # functions of functions
        (
            "[map(createArray('a', 'b'), lambda('x', 'i', concat(lambdaVariables('X'), lambdaVariables('i'))))]",
            ["a0", "b1"],
        ),
        ("[mapValues(createObject('a', 1), lambda('x', add(lambdaVariables('x'), 1)))]", {"a": 2}),
        ("[filter(range(0, 5), lambda('x', less(lambdaVariables('x'), 2)))]", [0, 1]),
        ("[filter(createArray('a', 'b'), lambda('x', 'i', equals(lambdaVariables('i'), 1)))]", ["b"]),
        ("[reduce(range(1, 4), 0, lambda('sum', 'x', add(lambdaVariables('sum'), lambdaVariables('x'))))]", 10),
        ("[reduce(range(1, 3), 0, lambda('s', 'x', 'i', add(lambdaVariables('s'), lambdaVariables('i'))))]", 3),
        ("[sort(createArray(3, 1, 2), lambda('x', 'y', less(lambdaVariables('x'), lambdaVariables('y'))))]", [1, 2, 3]),
        (
            "[toObject(createArray('a', 'b'), lambda('x', lambdaVariables('x')), lambda('x', toUpper(lambdaVariables('x'))))]",
            {"a": "A", "b": "B"},
        ),
        ("[toObject(createArray('a'), lambda('x', lambdaVariables('x')))]", {"a": "a"}),
        (
            "[groupBy(createArray('ab', 'ac', 'b'), lambda('x', first(lambdaVariables('x'))))]",
            {"a": ["ab", "ac"], "b": ["b"]},
        ),
        (
            "[map(range(0, 2), lambda('x', map(range(0, 2), lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))))]",
            [[0, 1], [1, 2]],
        ),
        # comparison and logic
        ("[equals(createObject('a', createArray(1)), createObject('a', createArray(1)))]", True),
        ("[equals('a', 'A')]", False),
        ("[equals(1, true())]", False),
        ("[equals(null(), null())]", True),
        ("[less('A', 'a')]", True),
        ("[greater(2, 1)]", True),
        ("[greaterOrEquals('a', 'a')]", True),
        ("[lessOrEquals(3, 2)]", False),
        ("[and(true(), not(false()))]", True),
        ("[or(false(), false())]", False),
        ("[bool('True')]", True),
        ("[bool(0)]", False),
        ("[bool('0')]", False),
        ("[if(true(), 'a', 'b')]", "a"),
        # numbers
        ("[add(1, sub(2, mul(3, 4)))]", -9),
        ("[div(-7, 2)]", -3),
        ("[mod(-7, 2)]", -1),
        ("[int('4')]", 4),
        ("[int(4)]", 4),
        ("[float('3.5')]", 3.5),
        ("[min(createArray(3, 1))]", 1),
        ("[max(3, 1, 5)]", 5),
        # time
        ("[dateTimeAdd('2023-01-31 00:00:00Z', 'P1M')]", "2023-03-02T00:00:00Z"),
        ("[dateTimeAdd('2024-01-31 00:00:00Z', 'P1M')]", "2024-03-01T00:00:00Z"),
        ("[dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y', 'u')]", "2023-04-07 14:53:14Z"),
        ("[dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')]", "2020-03-29T14:53:14Z"),
        ("[dateTimeAdd('20200407T145314Z', 'PT1H30M1.5S', 'yyyy-MM-ddTHH:mm:ss.fffK')]", "2020-04-07T16:23:15.500Z"),
        ("[dateTimeAdd('2020-04-07T23:00:00+02:00', 'P1W', 'd')]", "04/14/2020"),
        ("[dateTimeAdd('2020-04-07', 'PT0S', 'R')]", "Tue, 07 Apr 2020 00:00:00 GMT"),
        ("[dateTimeAdd('2020-04-07', 'PT13H', 'h:mm tt dddd d MMMM yy')]", "1:00 PM Tuesday 7 April 20"),
        ("[dateTimeAdd('2020-04-07', 'PT13H', '\\D ''at'' HH''h''')]", "D at 13h"),
        ("[dateTimeToEpoch('2023-05-31T00:00:00Z')]", 1685491200),
        ("[dateTimeFromEpoch(1683040573)]", "2023-05-02T15:16:13Z"),
        # addresses
        (
            "[parseCidr('10.144.0.0/20')]",
            {
                "network": "10.144.0.0",
                "netmask": "255.255.240.0",
                "broadcast": "10.144.15.255",
                "firstUsable": "10.144.0.1",
                "lastUsable": "10.144.15.254",
                "cidr": 20,
            },
        ),
        (
            "[parseCidr('fdad:3236:5555::/48')]",
            {
                "network": "fdad:3236:5555::",
                "netmask": "ffff:ffff:ffff::",
                "firstUsable": "fdad:3236:5555::",
                "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff",
                "cidr": 48,
            },
        ),
        ("[cidrSubnet('10.144.0.0/20', 24, 4)]", "10.144.4.0/24"),
        ("[cidrSubnet('fdad:3236:5555::/48', 52, 1)]", "fdad:3236:5555:1000::/52"),
        ("[cidrHost('10.144.3.0/24', 0)]", "10.144.3.1"),
        ("[cidrHost('fdad:3236:5555:3000::/52', 4)]", "fdad:3236:5555:3000::5"),
        # hashes: results that Azure's own implementation is known to give
        ("[uniqueString('test')]", "rbgf3xv4ufgzg"),
        ("[uniqueString('abc')]", "cgtzqvhu4i23s"),
        ("[uniqueString('hello', 'world')]", "a7wkljktk6wne"),
        ("[uniqueString('foo', 'bar', 'baz')]", "xzi4ioaxtmth4"),
        ("[uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-rg')]", "bmg7c6xu4tw46"),
    ],
)
def test_examples(text: str, expected: object):
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_a_guid_is_a_name_based_uuid_in_the_documented_namespace():
    namespace = UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
    assert value("[guid('a', 'b')]") == str(uuid5(namespace, "a-b"))


@pytest.mark.parametrize("spec", ["E2", "C", "#,##0", "P1"])
def test_a_number_format_that_is_not_known_gives_no_wrong_text(spec: str):
    assert value(f"[format('{{0:{spec}}}', 5)]") is UNKNOWN


@pytest.mark.parametrize("pattern", ["F", "y y", "gg", "q"])
def test_a_time_format_that_is_not_known_gives_no_wrong_text(pattern: str):
    assert value(f"[dateTimeAdd('2020-04-07', 'P1D', '{pattern}')]") is UNKNOWN


def test_utc_now_tells_a_given_moment_and_is_unknown_without():
    moment = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    functions = {**STANDARD, "utcnow": utc_now(moment)}
    assert evaluate(parse("[utcNow()]"), functions) == "20300102T030405Z"
    assert evaluate(parse("[utcNow('yyyy-MM-dd')]"), functions) == "2030-01-02"
    assert evaluate(parse("[utcNow()]"), {**STANDARD, "utcnow": utc_now(None)}) is UNKNOWN
