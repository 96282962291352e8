# SPDX-License-Identifier: Apache-2.0
"""Which calls of the engine a pack knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc

if TYPE_CHECKING:
    from groundplan_policies.engine.analyzer import Analyzer

REMEDIATE = "/pulumirpc.Analyzer/Remediate"


class Known(grpc.ServerInterceptor):
    """Does not know `Remediate` where no rule is to mend anything.

    The engine asks it of every resource, and waits. That a pack does not know the call is an answer to it as well (source:
    sdk/go/common/resource/plugin/analyzer_plugin.go of pulumi/pulumi), and one that needs no thread.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Any], handler_call_details: grpc.HandlerCallDetails
    ) -> Any:
        """None for a call that is not known."""
        if handler_call_details.method == REMEDIATE and not self._analyzer.mending:
            return None
        return continuation(handler_call_details)
