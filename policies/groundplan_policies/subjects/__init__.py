# SPDX-License-Identifier: Apache-2.0
"""What several rules ask of one kind of resource, a file a kind."""
