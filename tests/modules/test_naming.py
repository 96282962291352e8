# SPDX-License-Identifier: Apache-2.0
"""Names: what ARM accepts, always the same, never two alike."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan.errors import ArgumentError
from groundplan.name_rules import RULES
from groundplan.naming import Names, check_name, check_short_name, derived_name
from tests.modules.published_names import PUBLISHED

SHORT = st.from_regex(r"[a-z][a-z0-9]{1,11}", fullmatch=True)
SUBSCRIPTIONS = st.uuids().map(str)
TYPES = Path(__file__).parents[2] / "arm" / "groundplan_arm" / "tables" / "types.toml"
NAMES = st.builds(Names, project=SHORT, environment=SHORT, subscription_id=SUBSCRIPTIONS)
KINDS = st.sampled_from(sorted(RULES))
ROLES = st.from_regex(r"([a-z][a-z0-9]{0,9}(-[a-z0-9]{0,9}[a-z])?)?", fullmatch=True)


@given(NAMES, KINDS, ROLES)
def test_generated_names_obey_their_rule(names: Names, kind: str, role: str) -> None:
    """Every generated name passes the check that a hand-written one must pass, and is the same the second time."""
    name = names(kind, role)

    assert check_name(kind, name) == name
    assert names(kind, role) == name
    assert RULES[kind].minimum <= len(name) <= RULES[kind].maximum


@given(SHORT, SHORT, st.lists(SUBSCRIPTIONS, min_size=2, max_size=2, unique=True))
def test_global_names_differ_between_subscriptions(project: str, environment: str, subscriptions: list[str]) -> None:
    """Two subscriptions can have the same project and environment without fighting for a global name."""
    one, other = (Names(project=project, environment=environment, subscription_id=each) for each in subscriptions)

    for kind in (kind for kind, rule in RULES.items() if rule.unique):
        assert one(kind) != other(kind)


@given(NAMES, st.lists(st.text("abcdefgh", min_size=60, max_size=70), min_size=2, max_size=2, unique=True))
def test_long_names_are_cut_and_stay_apart(names: Names, roles: list[str]) -> None:
    """A name that does not fit is cut; what was cut off still tells two names apart."""
    assert len({names("budget", role) for role in roles}) == 2


def test_names_are_stable() -> None:
    """These are in users' subscriptions: a change here renames, and so replaces, what people have."""
    names = Names(project="vision", environment="dev", subscription_id="8A54A5D1-F66F-4406-8D71-B8D22503321F")

    assert names("resource_group", "workspace") == "rg-vision-dev-workspace"
    assert names("machine_learning_workspace") == "mlw-vision-dev"
    assert names("key_vault") == "kv-vision-dev-39817d"
    assert names("storage_account") == "stvisiondeveb4c6d"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("compute", "cpu-1"),
        ("compute", "1cpu"),
        ("compute", "ab"),
        ("key_vault", "kv--double"),
        ("key_vault", "kv-"),
        ("key_vault", "1vault"),
        ("machine_learning_workspace", "_leading"),
        ("machine_learning_workspace", "x" * 34),
        ("storage_account", "Upper"),
        ("storage_account", "with-dash"),
        ("container_registry", "cr-dash"),
        ("resource_group", "ends."),
        ("budget", ""),
    ],
)
def test_bad_names_are_refused(kind: str, name: str) -> None:
    """The error has the name, its length and what is allowed."""
    with pytest.raises(ArgumentError, match=re.escape(f"{name!r} ({len(name)} characters)")) as refused:
        check_name(kind, name)

    assert RULES[kind].allowed in str(refused.value)


@pytest.mark.parametrize(("kind", "published"), PUBLISHED)
@settings(max_examples=20)
@given(data=st.data())
def test_what_azure_takes_is_taken(kind: str, published: str, data: st.DataObject) -> None:
    """Every name that a published rule allows passes ours: being stricter than Azure helps nobody."""
    name = data.draw(st.from_regex(published, fullmatch=True))

    assert check_name(kind, name) == name


@pytest.mark.parametrize("name", ["cpu-cluster", "gpu-a100", "a1b"])
def test_good_compute_names(name: str) -> None:
    assert check_name("compute", name) == name


@given(
    st.sampled_from(["data_collection_rule", "network_security_group", "public_ip"]), st.text("aB1._-", max_size=100)
)
def test_derived_names_fit(kind: str, tail: str) -> None:
    """Whatever a resource may be called, what is named after it gets a name, and its own."""
    name, other = (derived_name(kind, f"nsg-{tail}{end}") for end in ("a", "b"))

    assert check_name(kind, name) == name
    assert name != other


def test_derived_names_stay_as_they_are() -> None:
    assert derived_name("public_ip", "pip-gateway") == "pip-gateway"
    assert derived_name("data_collection_rule", "my_cluster-metrics").startswith("my-cluster-metrics-")


def test_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(ArgumentError, match="did you mean 'key_vault'"):
        check_name("keyvault", "kv-x")


@given(st.text(max_size=20))
def test_short_names(value: str) -> None:
    """What is accepted as a project or environment is lower case letters and digits, and nothing else is."""
    if re.fullmatch(r"[a-z][a-z0-9]{1,11}", value):
        assert check_short_name(value) == value
    else:
        with pytest.raises(ArgumentError, match=re.escape(repr(value))):
            check_short_name(value)


@given(NAMES, st.lists(st.tuples(KINDS, st.text("aAbB-", max_size=90)), max_size=12))
def test_no_two_share_a_name(names: Names, asked: list[tuple[str, str]]) -> None:
    """Whatever is asked for: two things of one type have two names (ARM ignores case), or the second is refused."""
    given_to: dict[tuple[str, str], tuple[str, str]] = {}
    for kind, role in asked:
        try:
            name = names(kind, role)
        except ArgumentError:
            continue
        assert given_to.setdefault((RULES[kind].declared_as or kind, name.lower()), (kind, role)) == (kind, role)


def _key(spelled: str) -> str | tuple[str, str]:
    kind, _, role = spelled.partition("__")
    return (kind, role) if role else kind


def platform(**overrides: str) -> Names:
    return Names(
        project="vision",
        environment="dev",
        subscription_id="8a54a5d1-f66f-4406-8d71-b8d22503321f",
        overrides={_key(key): name for key, name in overrides.items()},
    )


def test_a_clash_names_both() -> None:
    names = platform()
    names("subnet", "training")

    with pytest.raises(ArgumentError, match=r"names\('subnet', 'TRAINING'\) and names\('subnet', 'training'\)"):
        names("subnet", "TRAINING")
    assert names("subnet", "training") == "snet-vision-dev-training"


def test_overrides() -> None:
    """A kind alone stands for the one without a role."""
    names = platform(key_vault="kv-legacy", subnet__training="old-subnet")

    assert names("key_vault") == "kv-legacy"
    assert names("key_vault", "keys").startswith("kv-vision-dev-")
    assert names("subnet", "training") == "old-subnet"


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"key_vault": "no--good"}, "'no--good'"),
        ({"keyvault": "kv-x"}, "did you mean 'key_vault'"),
        ({"machine_learning_workspace": "ml", "hub": "ML"}, "allowed are 3 to 33"),
        ({"machine_learning_workspace": "mlw-a", "hub": "MLW-A"}, r"names\('hub'\) and names\('machine_"),
        ({"subnet__a": "snet-vision-dev-b", "subnet__b": "snet-vision-dev-b"}, "both be named"),
    ],
)
def test_bad_overrides_are_refused(overrides: dict[str, str], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        platform(**overrides)


@given(NAMES, st.sampled_from(["compute", "compute_instance"]), st.text("abcdefgh", min_size=20, max_size=40))
def test_computes_never_end_in_a_dash_and_digits(names: Names, kind: str, role: str) -> None:
    """Not even where the digest happens to be all digits."""
    assert not re.search(r"-\d+$", names(kind, role))


def test_rules_say_where_their_names_go() -> None:
    """The argument named is the last part of the resource's path, for every type of the table."""
    types = tomllib.loads(TYPES.read_text("utf-8"))
    for kind, rule in RULES.items():
        token, _, argument = rule.declared_as.partition(".")
        if token in types:
            last = re.findall(r"{(\w+)}", types[token]["path"])[-1]
            words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=IP)(?=Add)", "_", last).lower()
            assert argument.rstrip("_") == words, kind


def test_overrides_may_be_written_as_text_for_a_configuration() -> None:
    """`kind/role` is the key of a role; the kind alone is that without one; ARM's rules hold for them too."""
    chosen = {"resource_group/hub": "rg-old", "key_vault": "kv-old"}
    names = Names(project="vision", environment="dev", subscription_id="s", overrides=chosen)

    assert names("resource_group", "hub") == "rg-old"
    assert names("key_vault") == "kv-old"
    assert names("resource_group", "other") == "rg-vision-dev-other"
    with pytest.raises(ArgumentError, match="cannot be the name of a key vault"):
        Names(project="vision", environment="dev", subscription_id="s", overrides={"key_vault/a": "no_good"})
