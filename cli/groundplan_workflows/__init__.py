# SPDX-License-Identifier: Apache-2.0
"""What the commands do, without the command line: each module is one workflow."""
