# SPDX-License-Identifier: Apache-2.0
"""Rules about key vaults and what is in them."""
