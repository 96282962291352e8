# SPDX-License-Identifier: Apache-2.0
"""Packs inside Pulumi's engine: its analyzer protocol on one side, resources and rules on the other."""
