# SPDX-License-Identifier: Apache-2.0
"""Rules about storage accounts and what is in them."""
