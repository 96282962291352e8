# SPDX-License-Identifier: Apache-2.0
"""Rules about networks, what leads in and what leads out."""
