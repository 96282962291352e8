# SPDX-License-Identifier: Apache-2.0
"""`GET /metrics`: what Prometheus scrapes, over HTTP and HTTPS, without a token as scrapers send none."""

from __future__ import annotations

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.ml.metrics import recorder


def handle(ctx: Context) -> Response:
    """The text format, version 0.0.4."""
    if ctx.request.method not in ("GET", "HEAD") or ctx.request.path != "/metrics":
        raise ArmError(404, "NotFound", f"There is no {ctx.request.method} {ctx.request.path}; GET /metrics.")
    text = recorder.of(ctx.store).exposition.text(ctx)
    return Response(200, text, content_type="text/plain; version=0.0.4; charset=utf-8")
