# SPDX-License-Identifier: Apache-2.0
"""Makes the data file of `groundplan_arm` from the installed azure-native SDK and the tables: `python -m groundplan_arm.generate`."""
