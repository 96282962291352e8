# SPDX-License-Identifier: Apache-2.0
"""Early termination of trials, as Azure defines the policies. An interval is a value of the primary metric that a trial logged.

A policy judges a trial at every multiple of `evaluationInterval` that is at least `delayEvaluation`, against what the other trials had
at the same interval.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

Values = Mapping[str, list[float]]
"""Trial -> its values of the primary metric, oldest first."""


def judged_at(policy: dict[str, Any], values: list[float]) -> int:
    """The last interval at which a trial with these values is judged, 0 for none."""
    step = max(int(policy.get("evaluationInterval") or 1), 1)
    last = len(values) // step * step
    return last if last >= int(policy.get("delayEvaluation") or 0) else 0


def doomed(policy: dict[str, Any], values: Values, trial: str, at: int, *, least: bool) -> bool | None:
    """Whether a policy ends a trial at an interval; None while no other trial has come as far. `least`: the metric is to be small."""
    sign = -1.0 if least else 1.0
    peers = {name: [sign * each for each in given[:at]] for name, given in values.items() if len(given) >= at > 0}
    if trial not in peers or len(peers) < 2:
        return None
    own = max(peers[trial])
    bests = {name: max(given) for name, given in peers.items()}
    match policy.get("policyType"):
        case "Bandit":
            return own < _allowed(policy, max(bests.values()))
        case "MedianStopping":
            return own < statistics.median(statistics.fmean(given) for given in peers.values())
        case "TruncationSelection":
            count = int(len(bests) * int(policy.get("truncationPercentage") or 0) / 100)
            return trial in sorted(bests, key=lambda name: (bests[name], name))[:count]
        case _:
            return False


def _allowed(policy: dict[str, Any], best: float) -> float:
    """The least value within the slack of the best one; the larger the better."""
    if (factor := float(policy.get("slackFactor") or 0.0)) > 0:
        return best / (1 + factor) if best >= 0 else best * (1 + factor)
    return best - float(policy.get("slackAmount") or 0.0)
