# SPDX-License-Identifier: Apache-2.0
"""What jobs rest on, without any server: placeholders, samples, policies, nodes of clusters."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.ml.jobs import nodes, placeholders, sampling, stopping
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.store import Resource


def test_placeholders():
    values = {"inputs.a": "1", "outputs.b": "/out"}

    assert (
        placeholders.resolve("x ${{inputs.a}} ${{ outputs.b }}$[[ --c ${{inputs.c}}]]$[[ ${{inputs.a}}]]", values)
        == "x 1 /out 1"
    )
    assert placeholders.whole(" ${{parent.inputs.a}} ") == "parent.inputs.a"
    assert placeholders.whole("a ${{parent.inputs.a}}") is None
    with pytest.raises(
        JobError, match=r"'\$\{\{inputs.c\}\}', which has no value; those that have one: inputs.a, outputs.b"
    ):
        placeholders.resolve("${{inputs.c}}", values)


def test_a_grid_has_each_combination_once():
    space = {"a": ["choice", [[1, 2]]], "b": ["choice", [["x", "y", "z"]]]}

    found = list(sampling.samples(space, "Grid", None))

    assert len(found) == 6
    assert {(sample["a"], sample["b"]) for sample in found} == set(itertools.product((1, 2), "xyz"))


@given(st.integers())
def test_samples_stay_in_their_space_and_follow_their_seed(seed: int):
    space: dict[str, Any] = {
        "u": ["uniform", [-1, 2]],
        "q": ["quniform", [0, 1, 0.25]],
        "l": ["loguniform", [0, 1]],
        "r": ["randint", [3]],
        "n": ["normal", [0, 1]],
        "c": ["choice", [["a", "b"]]],
    }
    sampling.check(space, "Random")
    found = list(itertools.islice(sampling.samples(space, "Random", seed), 5))

    assert found == list(itertools.islice(sampling.samples(space, "Random", seed), 5))
    for sample in found:
        assert -1 <= sample["u"] <= 2
        assert sample["q"] in (0, 0.25, 0.5, 0.75, 1)
        assert 1 <= sample["l"] <= 2.7183
        assert sample["r"] in (0, 1, 2)
        assert sample["c"] in ("a", "b")


def test_random_choices_are_not_tried_twice():
    space = {"a": ["choice", [[1, 2]]], "b": ["choice", [[1, 2]]]}

    assert len(list(sampling.samples(space, "Random", 7))) == 4


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({}, "empty"),
        ({"a": ["zipf", [1]]}, "'a' has the distribution 'zipf'"),
        ({"a": ["uniform", [1]]}, "needs 2 numbers"),
        ({"a": ["choice", [[{"b": 1}]]]}, "numbers, texts or booleans"),
        ({"a": "uniform"}, r"must be \[name, arguments\]"),
    ],
)
def test_spaces_that_cannot_be_sampled(space: dict[str, Any], message: str):
    with pytest.raises(sampling.SpaceError, match=message):
        sampling.check(space, "Random")


VALUES = {"good": [0.5, 0.8], "fair": [0.4, 0.7], "bad": [0.3, 0.6]}


@pytest.mark.parametrize(
    ("policy", "lost"),
    [
        ({"policyType": "Bandit", "slackFactor": 0.2}, {"bad"}),  # Azure's own example: 0.8 / 1.2 is 0.66
        ({"policyType": "Bandit", "slackAmount": 0.05}, {"fair", "bad"}),
        ({"policyType": "MedianStopping"}, set()),
        ({"policyType": "TruncationSelection", "truncationPercentage": 40}, {"bad"}),
    ],
)
def test_early_termination(policy: dict[str, Any], lost: set[str]):
    assert {name for name in VALUES if stopping.doomed(policy, VALUES, name, 2, least=False)} == lost
    negated = {name: [-each for each in values] for name, values in VALUES.items()}
    assert {name for name in VALUES if stopping.doomed(policy, negated, name, 2, least=True)} == lost


def test_a_policy_waits_for_its_interval_and_for_others():
    policy = {"policyType": "Bandit", "slackAmount": 0.1, "evaluationInterval": 2, "delayEvaluation": 4}

    assert [stopping.judged_at(policy, [0.0] * count) for count in (1, 3, 4, 5, 6)] == [0, 0, 4, 4, 6]
    assert stopping.doomed(policy, {"alone": [1.0]}, "alone", 1, least=True) is None
    median = {"policyType": "MedianStopping"}
    assert stopping.doomed(median, {"a": [1.0, 1.0], "b": [5.0, 5.0], "c": [2.0, 2.0]}, "b", 2, least=True) is True


def cluster(low: int = 0, high: int = 2, idle: str = "PT60S") -> Resource:
    scale = {"minNodeCount": low, "maxNodeCount": high, "nodeIdleTimeBeforeScaleDown": idle}
    body = {"properties": {"computeType": "AmlCompute", "properties": {"scaleSettings": scale}}}
    return Resource("/computes/c", "computes", "c", body, private={"modified": "1970-01-01T00:00:00Z"})


def test_nodes_idle_and_go():
    compute = cluster()

    assert nodes.take(compute, "one", 2, 100.0)
    assert not nodes.take(compute, "two", 1, 110.0)
    nodes.give_back(compute, "one", 150.0)
    assert len(nodes.nodes(compute, 209.0)) == 2
    assert nodes.nodes(compute, 210.0) == []
    assert nodes.seconds(compute, 5000.0) == 2 * (50 + 60)
    assert nodes.take(compute, "two", 1, 300.0)
    assert nodes.seconds(compute, 310.0) == 220 + 10


def test_an_idle_node_is_used_again():
    compute = cluster()

    assert nodes.take(compute, "one", 1, 0.0)
    nodes.give_back(compute, "one", 10.0)
    assert nodes.take(compute, "two", 1, 20.0)

    assert [node["since"] for node in nodes.nodes(compute, 20.0)] == [0.0]


def test_the_least_nodes_stay_and_cost():
    compute = cluster(low=1)

    assert nodes.take(compute, "one", 2, 100.0)
    nodes.give_back(compute, "one", 200.0)

    assert len(nodes.nodes(compute, 10_000.0)) == 1
    assert nodes.seconds(compute, 10_000.0) == 10_000 + (200 + 60 - 100)
