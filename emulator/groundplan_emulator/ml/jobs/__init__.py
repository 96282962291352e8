# SPDX-License-Identifier: Apache-2.0
"""Jobs that run: put into the store, picked up, placed on a compute, executed as processes, their files and usage recorded."""
