# SPDX-License-Identifier: Apache-2.0
"""The pack as the engine starts it: pack.yaml has its rules."""

from pathlib import Path

from groundplan_policies.engine.serve import serve

serve(Path(__file__).parent)
