# SPDX-License-Identifier: Apache-2.0
"""Reading a resource: any letter case, absent, unknown and secret each their own answer; records keep all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_policies import record
from groundplan_policies.resource import Resource, View
from groundplan_policies.values import SECRET, UNKNOWN, Mark, Undecided, same, shown

NAMES = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
BODIES = st.recursive(
    SCALARS | st.sampled_from([UNKNOWN, SECRET]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(NAMES, SCALARS)
def test_names_ignore_case(name: str, value: Any) -> None:
    for spelled in (name, name.upper(), name.lower()):
        assert View({name: value}).get(spelled) == value


@given(NAMES, NAMES, st.sampled_from([UNKNOWN, SECRET]))
def test_a_mark_answers_for_all_below_it(name: str, below: str, mark: Mark) -> None:
    with pytest.raises(Undecided) as raised:
        View({name: mark}, "at").get(f"{name}.{below}")
    assert raised.value.cause == mark.value
    assert raised.value.path == f"at.{name}.{below}"


@given(BODIES)
def test_reading_never_shows_a_secret(body: Any) -> None:
    """Neither a message nor an error has more of it than the word."""
    assert "SECRET" not in shown(body)
    assert "Mark." not in View(body).wrong("a", "b is needed").message


def test_absent_is_not_unknown() -> None:
    view = View({"here": "x", "empty": "", "null": None, "later": UNKNOWN, "hidden": SECRET})
    assert [view.has(name) for name in ("here", "empty", "null", "none", "hidden")] == [True, False, False, False, True]
    assert [view.given(name) for name in ("here", "empty", "none", "later", "hidden")] == [
        True,
        False,
        False,
        True,
        True,
    ]
    with pytest.raises(Undecided):
        view.has("later")


@given(SCALARS)
def test_same_is_azures(value: Any) -> None:
    assert same(value, value)
    if isinstance(value, str):
        assert same(value.upper(), value.upper().lower())
    if isinstance(value, bool):
        assert same(value, str(value).upper())
        assert not same(value, str(not value))


@given(BODIES, st.none() | NAMES, st.dictionaries(NAMES, st.frozensets(NAMES, max_size=3), max_size=3) | st.none())
def test_records_keep_everything(
    tmp_path_factory: pytest.TempPathFactory, body: Any, name: str | None, references: Any
) -> None:
    path = tmp_path_factory.mktemp("record") / "r.json"
    resource = Resource(
        body,
        type="T/t",
        name=name,
        key="k",
        id=name,
        scope=UNKNOWN,
        label="l",
        references=references,
        parents=("p",),
        token="t",
        last_name=name,
    )
    record.write(path, record.Record("shore", "dev", [resource], [{"rule": "x"}], {"k": "main.py#1"}))

    read = record.read(path)

    assert vars(read.resources[0]) | {"kind": ""} == vars(resource) | {"kind": ""}
    assert (read.project, read.stack, list(read.findings), read.places) == (
        "shore",
        "dev",
        [{"rule": "x"}],
        {"k": "main.py#1"},
    )


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 2}', "{", '{"version": 1}', '{"version": 1, "resources": [{"type": 1}]}']
)
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(record.FileError, match="groundplan policy check"):
        record.read(path)
