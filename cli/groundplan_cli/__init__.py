# SPDX-License-Identifier: Apache-2.0
"""The command line of Groundplan: declares, delegates to `groundplan_workflows`, prints in one place."""
