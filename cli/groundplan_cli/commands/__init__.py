# SPDX-License-Identifier: Apache-2.0
"""One file per noun; a command declares, delegates to a workflow and returns a Result."""
