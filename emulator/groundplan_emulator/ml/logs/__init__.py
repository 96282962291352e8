# SPDX-License-Identifier: Apache-2.0
"""Azure Monitor Logs: what deployments write and are asked, as rows of Azure's tables, and the service that answers KQL over them.

Differs from Azure:
- rows are there within a second, where Azure takes minutes; a table exists before its first row
- a workspace keeps at most 100,000 rows a table, the newest, besides its retention
- mirrored requests are in the tables of Application Insights only
- KQL is a subset, see `docs/local-log-analytics.md`
"""
