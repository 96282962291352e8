# SPDX-License-Identifier: Apache-2.0
"""`Pulumi.<stack>.yaml`: every mistake is reported with file, key and value."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from groundplan.config import Section, Settings, ShortName
from groundplan.errors import ConfigError


class Cluster(Section):
    max_nodes: int = Field(default=2, ge=1, le=100)
    vm_size: str = "Standard_DS3_v2"


class Example(Settings):
    project: ShortName = "vision"
    cluster: Cluster = Cluster()
    spare: Cluster | None = None
    emails: list[str] = Field(default_factory=list)
    tags: dict[str, str] = Field(default_factory=dict)
    low_priority: bool = False


def read(given: dict[str, str], secrets: frozenset[str] = frozenset()) -> Example:
    return Example.parse(given, file="Pulumi.dev.yaml", prefix="shop:", secrets=secrets)


def refused(given: dict[str, str], secrets: frozenset[str] = frozenset()) -> str:
    with pytest.raises(ConfigError) as error:
        read(given, secrets)
    return str(error.value)


def test_values_as_the_engine_hands_them_over() -> None:
    """Scalars come as text, structured values as JSON text."""
    settings = read(
        {"project": "shop2", "lowPriority": "true", "emails": '["a@example.com"]', "cluster": '{"maxNodes": "7"}'}
    )

    assert settings.project == "shop2"
    assert settings.low_priority is True
    assert settings.emails == ["a@example.com"]
    assert settings.cluster.max_nodes == 7


@given(st.integers(1, 100))
def test_numbers_keep_their_value(nodes: int) -> None:
    assert read({"cluster": json.dumps({"maxNodes": nodes})}).cluster.max_nodes == nodes


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"cluster": '{"maxNodes": 0}'},
            "Pulumi.dev.yaml: shop:cluster.maxNodes is 0: Input should be greater than or equal to 1",
        ),
        (
            {"clutser": "{}"},
            "shop:clutser is not a known key; did you mean 'cluster'? Known: cluster, emails, lowPriority",
        ),
        ({"cluster": '{"maxNode": 1}'}, "shop:cluster.maxNode is not a known key; did you mean 'maxNodes'?"),
        (
            {"spare": '{"vmsize": "x"}'},
            "shop:spare.vmsize is not a known key; did you mean 'vmSize'? Known: maxNodes, vmSize",
        ),
        ({"project": "Shop Floor"}, "shop:project is \"Shop Floor\": 'Shop Floor' cannot name a project"),
        ({"emails": '[true, "a@example.com"]'}, "shop:emails.0 is true: Input should be a valid string"),
        ({"lowPriority": "perhaps"}, 'shop:lowPriority is "perhaps": Input should be a valid boolean'),
        ({"cluster": "{broken"}, 'shop:cluster is "{broken"'),
    ],
)
def test_mistakes(given: dict[str, str], message: str) -> None:
    assert message in refused(given)


def test_missing_key_says_how_to_set_it() -> None:
    class Needy(Settings):
        project: ShortName

    with pytest.raises(
        ConfigError, match="shop:project is missing; set it with `pulumi config set --path shop:project <value>`"
    ):
        Needy.parse({}, file="Pulumi.dev.yaml", prefix="shop:")


def test_all_mistakes_at_once() -> None:
    assert len(refused({"clutser": "1", "lowPriority": "perhaps", "project": "X"}).splitlines()) == 3


@pytest.mark.parametrize(("key", "value"), [("emails", '["fine", {"hush": 1}]'), ("project", "Hush")])
def test_secrets_are_not_shown(key: str, value: str) -> None:
    said = refused({key: value}, frozenset({key}))

    assert "hush" not in said.lower()
    assert "is [secret]: " in said


def test_numbers_are_texts_where_texts_are_wanted() -> None:
    """`pulumi config set --path tags.cost-center 42` writes a number."""
    assert read({"tags": '{"cost-center": 42}'}).tags == {"cost-center": "42"}


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=12), max_size=4))
def test_never_a_traceback(given: dict[str, str]) -> None:
    """Whatever the file holds, the answer is settings or a `ConfigError`."""
    with suppress(ConfigError):
        Example.parse(given, file="Pulumi.dev.yaml", prefix="shop:")
