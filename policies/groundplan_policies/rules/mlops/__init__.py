# SPDX-License-Identifier: Apache-2.0
"""Rules about models, environments, data, jobs and what is released of them."""
