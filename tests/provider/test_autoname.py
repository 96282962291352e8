# SPDX-License-Identifier: Apache-2.0
"""Names that the provider chooses."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_provider.autoname import Mode, choose


@given(st.text(min_size=1, max_size=30), st.binary(min_size=1, max_size=32))
def test_random_names_follow_the_seed(name: str, seed: bytes) -> None:
    """The logical name and eight hexadecimal digits; the same seed gives the same name, so preview and update agree."""
    chosen = choose("random", name, seed)

    assert chosen is not None
    assert re.fullmatch(re.escape(name) + "[0-9a-f]{8}", chosen.name)
    assert chosen.unique
    assert chosen == choose("random", name, seed)
    assert chosen != choose("random", name, seed + b"x")


def test_without_a_seed_names_differ() -> None:
    """An engine that sends none gets a fresh name."""
    assert choose("random", "a", b"") != choose("random", "a", b"")


def test_copy_takes_the_logical_name() -> None:
    """A second one can not stand beside it."""
    chosen = choose("copy", "subnet", b"s")

    assert chosen is not None
    assert (chosen.name, chosen.unique) == ("subnet", False)


def test_uuid_is_a_uuid() -> None:
    """Role assignments and definitions."""
    chosen = choose("uuid", "grant", b"s")

    assert chosen is not None
    assert str(uuid.UUID(chosen.name)) == chosen.name


@pytest.mark.parametrize(
    ("rule", "mode", "expected"),
    [
        ("random", Mode.PROPOSE, "proposed"),
        ("copy", Mode.PROPOSE, "proposed"),
        ("uuid", Mode.ENFORCE, "proposed"),
        ("none", Mode.PROPOSE, None),
        ("random", Mode.DISABLE, None),
    ],
)
def test_the_autonaming_configuration(rule: str, mode: Mode, expected: str | None) -> None:
    """Proposed names win where the rule allows it; enforced ones always; disabled means none."""
    chosen = choose(rule, "a", b"s", proposed="proposed", mode=mode)

    assert expected == (chosen.name if chosen else None)


def test_a_proposal_does_not_replace_a_uuid() -> None:
    """A role assignment's name has to be one."""
    chosen = choose("uuid", "a", b"s", proposed="proposed")

    assert chosen is not None
    assert uuid.UUID(chosen.name)
