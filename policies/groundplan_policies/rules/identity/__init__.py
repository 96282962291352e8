# SPDX-License-Identifier: Apache-2.0
"""Rules about identities and what they may do."""
