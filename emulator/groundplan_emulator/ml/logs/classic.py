# SPDX-License-Identifier: Apache-2.0
"""The tables of Application Insights by their older names and columns, which queries about a component may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan_emulator.ml.logs.tables import TABLES

_SHARED: Final = {
    "timestamp": "TimeGenerated",
    "customDimensions": "Properties",
    "customMeasurements": "Measurements",
    "operation_Name": "OperationName",
    "operation_Id": "OperationId",
    "operation_ParentId": "ParentId",
    "operation_SyntheticSource": "SyntheticSource",
    "session_Id": "SessionId",
    "user_Id": "UserId",
    "user_AuthenticatedId": "UserAuthenticatedId",
    "user_AccountId": "UserAccountId",
    "application_Version": "AppVersion",
    "client_Type": "ClientType",
    "client_Model": "ClientModel",
    "client_OS": "ClientOS",
    "client_IP": "ClientIP",
    "client_City": "ClientCity",
    "client_StateOrProvince": "ClientStateOrProvince",
    "client_CountryOrRegion": "ClientCountryOrRegion",
    "client_Browser": "ClientBrowser",
    "cloud_RoleName": "AppRoleName",
    "cloud_RoleInstance": "AppRoleInstance",
    "iKey": "IKey",
    "sdkVersion": "SDKVersion",
    "itemCount": "ItemCount",
    "_ResourceId": "_ResourceId",
}
_TEXTS: Final = frozenset({"Success"})
"""Columns that are texts, 'True' or 'False', by their older names."""


@dataclass(frozen=True, slots=True)
class Classic:
    """An older table: the one that it shows, its `itemType`, and its own columns by the names of the newer ones."""

    table: str
    item: str
    columns: dict[str, str]

    @property
    def names(self) -> list[str]:
        """Its columns."""
        return [*self._columns, "itemType"]

    @property
    def _columns(self) -> dict[str, str]:
        known = TABLES[self.table]
        return {name: column for name, column in {**_SHARED, **self.columns}.items() if column in known}

    def view(self, name: str) -> str:
        """SQL that makes it."""
        shown = ", ".join(
            f"""CASE "{column}" WHEN true THEN 'True' WHEN false THEN 'False' ELSE '' END AS "{old}\""""
            if column in _TEXTS
            else f'"{column}" AS "{old}"'
            for old, column in self._columns.items()
        )
        return f'CREATE VIEW "{name}" AS SELECT {shown}, \'{self.item}\' AS "itemType" FROM "{self.table}"'  # noqa: S608  (our names)


CLASSIC: Final = {
    "requests": Classic(
        "AppRequests",
        "request",
        {
            "id": "Id",
            "source": "Source",
            "name": "Name",
            "url": "Url",
            "success": "Success",
            "resultCode": "ResultCode",
            "duration": "DurationMs",
            "performanceBucket": "PerformanceBucket",
        },
    ),
    "traces": Classic("AppTraces", "trace", {"message": "Message", "severityLevel": "SeverityLevel"}),
    "exceptions": Classic(
        "AppExceptions",
        "exception",
        {
            "problemId": "ProblemId",
            "handledAt": "HandledAt",
            "type": "ExceptionType",
            "message": "Message",
            "assembly": "Assembly",
            "method": "Method",
            "outerType": "OuterType",
            "outerMessage": "OuterMessage",
            "outerMethod": "OuterMethod",
            "innermostType": "InnermostType",
            "innermostMessage": "InnermostMessage",
            "innermostMethod": "InnermostMethod",
            "severityLevel": "SeverityLevel",
            "details": "Details",
        },
    ),
    "dependencies": Classic(
        "AppDependencies",
        "dependency",
        {
            "id": "Id",
            "target": "Target",
            "type": "DependencyType",
            "name": "Name",
            "data": "Data",
            "success": "Success",
            "resultCode": "ResultCode",
            "duration": "DurationMs",
            "performanceBucket": "PerformanceBucket",
        },
    ),
    "customEvents": Classic("AppEvents", "customEvent", {"name": "Name"}),
    "customMetrics": Classic(
        "AppMetrics",
        "customMetric",
        {"name": "Name", "valueSum": "Sum", "valueMin": "Min", "valueMax": "Max", "valueCount": "ItemCount"},
    ),
}
