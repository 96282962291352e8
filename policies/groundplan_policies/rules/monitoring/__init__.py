# SPDX-License-Identifier: Apache-2.0
"""Rules about Azure Monitor: logs, metrics and who can reach them."""
