# SPDX-License-Identifier: Apache-2.0
"""Two scenarios for each page of `docs/modules`: `full` gives every argument, `locked_down` is for regulated platforms.

The third one, `defaults`, is the page's own example.
"""
