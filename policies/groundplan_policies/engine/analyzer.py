# SPDX-License-Identifier: Apache-2.0
"""Pulumi's analyzer protocol for a pack: each rule is a policy.

The policy SDK's own servicer unpacks all resources again for every policy: seven times the work of asking all rules here, so the
protocol is spoken here (docs/decisions/2026-11-27-analyzer-protocol.md).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict

from groundplan_policies import record
from groundplan_policies.configuration import RuleSetting
from groundplan_policies.engine import conversion, remedies
from groundplan_policies.engine.properties import plain
from groundplan_policies.engine.protocol import analyzer_pb2_grpc, plugin_pb2, wire
from groundplan_policies.examine import Examiner, Judgement, judgement_row, notice_row
from groundplan_policies.exemptions import EXPIRED, UNUSED, Notice

if TYPE_CHECKING:
    import grpc

    from groundplan_policies.evaluate import Finding
    from groundplan_policies.packs import Active, Pack
    from groundplan_policies.resource import Resource

RECORD: Final = "GROUNDPLAN_POLICY_RECORD"
"""Folder where each pack leaves a record of what it saw and said, `<pack>.json`; nothing is written unless it is set."""
TELL_ONLY: Final = "GROUNDPLAN_POLICY_TELL_ONLY"
"""Set to 1, no violation stops the engine: whoever started it decides by the record."""
_LEVELS: Final = {
    "mandatory": wire.MANDATORY,
    "advisory": wire.ADVISORY,
    "disabled": wire.DISABLED,
    "remediate": wire.REMEDIATE,
}
_NAMED: Final = 4
"""So many resources are named where many have the same to be told."""
_NAMES: Final = {number: name for name, number in _LEVELS.items()}
_SEVERITIES: Final = {
    "low": wire.POLICY_SEVERITY_LOW,
    "medium": wire.POLICY_SEVERITY_MEDIUM,
    "high": wire.POLICY_SEVERITY_HIGH,
    "critical": wire.POLICY_SEVERITY_CRITICAL,
}
_NOTICES: Final = {
    EXPIRED: "An exemption counts until the day on which it expires",
    UNUSED: "Every exemption excuses something",
}


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """One pack in one run of the engine, which asks about many resources at the same time."""

    def __init__(self, pack: Pack, version: str) -> None:
        self._pack = pack
        self._version = version
        self._stack = ("", "")
        self._examiner = Examiner(pack)
        self.mending = _mending(pack)
        """The rules that are to mend what they find."""
        self._lock = threading.Lock()
        self._seen: dict[str, Resource] = {}
        self._said: list[dict[str, Any]] = []
        self._open: list[Judgement] = []

    def Handshake(  # noqa: N802
        self, request: wire.AnalyzerHandshakeRequest, context: grpc.ServicerContext
    ) -> wire.AnalyzerHandshakeResponse:
        """Nothing to agree on."""
        return wire.AnalyzerHandshakeResponse()

    def ConfigureStack(  # noqa: N802
        self, request: wire.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> wire.AnalyzerStackConfigureResponse:
        """Learn which stack it is about: exemptions may be for some stacks alone."""
        self._stack = (request.project, request.stack)
        self._examiner = Examiner(self._pack, stack="/".join(self._stack))
        return wire.AnalyzerStackConfigureResponse()

    def Configure(self, request: wire.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Take levels and parameters that Pulumi's own configuration (`--policy-pack-config`) gives."""
        settings = {
            name: RuleSetting(level=_NAMES[given.enforcementLevel], parameters=_whole(MessageToDict(given.properties)))  # pyright: ignore[reportArgumentType]
            for name, given in request.policyConfig.items()
            if name not in _NOTICES
        }
        self._pack = self._pack.with_settings(settings)
        self.mending = _mending(self._pack)
        self._examiner = Examiner(self._pack, stack="/".join(self._stack))
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:  # noqa: N802
        """The pack's version."""
        return plugin_pb2.PluginInfo(version=self._version)

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> wire.AnalyzerInfo:  # noqa: N802
        """The rules as policies, and two about exemptions."""
        policies = [_policy(each) for each in self._pack.active]
        policies += [
            wire.PolicyInfo(
                name=name, description=text, enforcementLevel=wire.ADVISORY, policy_type=wire.POLICY_TYPE_STACK
            )
            for name, text in _NOTICES.items()
        ]
        return wire.AnalyzerInfo(
            name=self._pack.name,
            version=self._version,
            description=self._pack.description,
            supportsConfig=True,
            policies=policies,
        )

    def Analyze(self, request: wire.AnalyzeRequest, context: grpc.ServicerContext) -> wire.AnalyzeResponse:  # noqa: N802
        """Look at one resource by itself."""
        if not conversion.is_azure(request.type):
            return wire.AnalyzeResponse()
        found = conversion.resource(request.type, request.urn, request.name, plain(request.properties))
        with self._lock:
            self._seen[found.key] = found
        return wire.AnalyzeResponse(diagnostics=self._diagnostics(self._examiner.resource(found)))

    def AnalyzeStack(self, request: wire.AnalyzeStackRequest, context: grpc.ServicerContext) -> wire.AnalyzeResponse:  # noqa: N802
        """Look at all resources together, once each was looked at."""
        parents = {each.urn: each.parent for each in request.resources}
        resources: list[Resource] = []
        for each in request.resources:
            if not conversion.is_azure(each.type):
                continue
            came_from = {name: tuple(found.urns) for name, found in each.propertyDependencies.items()}
            above = tuple(_above(each.urn, parents))
            known = self._seen.get(each.urn)
            if known is None:  # it is in the state and the program did not register it anew, as with --target
                inputs = plain(each.properties)
                resources.append(
                    conversion.resource(each.type, each.urn, each.name, inputs, came_from=came_from, parents=above)
                )
            else:
                resources.append(conversion.with_relations(known, came_from, above))
        diagnostics = self._diagnostics(self._examiner.stack(resources))
        diagnostics += self._open_questions()
        diagnostics += [self._notice(each) for each in self._examiner.notices()]
        self._record(resources)
        return wire.AnalyzeResponse(diagnostics=diagnostics)

    def Remediate(self, request: wire.AnalyzeRequest, context: grpc.ServicerContext) -> wire.RemediateResponse:  # noqa: N802
        """Apply the remedies of the rules whose level is `remediate`."""
        if not self.mending or not conversion.is_azure(request.type):
            return wire.RemediateResponse()
        found = conversion.resource(request.type, request.urn, request.name, plain(request.properties))
        made = remedies.remediations(self.mending, found, request.properties, self._pack.name, self._version)
        return wire.RemediateResponse(remediations=made)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """The engine ends the process itself."""
        return empty_pb2.Empty()

    def _diagnostics(self, said: Iterable[Judgement]) -> list[wire.AnalyzeDiagnostic]:
        found = list(said)
        with self._lock:
            self._said += [judgement_row(each) for each in found]
            self._open += [each for each in found if each.is_open]
        return [self._diagnostic(each) for each in found if each.exemption is None and not each.is_open]

    def _open_questions(self) -> list[wire.AnalyzeDiagnostic]:
        """What the update will decide, once a rule: a new platform has many ids that are not known yet."""
        by_rule: dict[str, list[Judgement]] = {}
        for each in self._open:
            if each.exemption is None:
                by_rule.setdefault(each.finding.rule.id, []).append(each)
        return [self._open_question([each.finding for each in said]) for said in by_rule.values()]

    def _open_question(self, found: Sequence[Finding]) -> wire.AnalyzeDiagnostic:
        rule = found[0].rule
        names = list(dict.fromkeys(each.resource.label for each in found))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        told = "; ".join(dict.fromkeys(each.message for each in found))
        return wire.AnalyzeDiagnostic(
            policyName=rule.slug,
            policyPackName=self._pack.name,
            policyPackVersion=self._version,
            description=rule.title,
            message=f"{rule.id}: {told} ({', '.join(names[:_NAMED])}{more})",
            enforcementLevel=wire.ADVISORY,
            severity=_SEVERITIES[rule.severity],
        )

    def _diagnostic(self, said: Judgement) -> wire.AnalyzeDiagnostic:
        rule = said.finding.rule
        return wire.AnalyzeDiagnostic(
            policyName=rule.slug,
            policyPackName=self._pack.name,
            policyPackVersion=self._version,
            description=rule.title,
            message=f"{rule.id}: {said.finding.message}"
            + (f"\n{rule.remediation}" if said.finding.verdict == "violation" else ""),
            enforcementLevel=wire.ADVISORY if os.environ.get(TELL_ONLY) == "1" else _LEVELS[said.level],
            urn=said.finding.resource.key,
            severity=_SEVERITIES[rule.severity],
        )

    def _notice(self, notice: Notice) -> wire.AnalyzeDiagnostic:
        with self._lock:
            self._said.append(notice_row(notice))
        return wire.AnalyzeDiagnostic(
            policyName=notice.problem,
            policyPackName=self._pack.name,
            policyPackVersion=self._version,
            description=_NOTICES[notice.problem],
            message=notice.message,
            enforcementLevel=wire.ADVISORY,
        )

    def _record(self, resources: list[Resource]) -> None:
        folder = os.environ.get(RECORD)
        if folder:
            project, stack = self._stack
            record.write(Path(folder) / f"{self._pack.name}.json", record.Record(project, stack, resources, self._said))


def _mending(pack: Pack) -> list[Active]:
    return [each for each in pack.active if each.level == "remediate"]


def _policy(active: Active) -> wire.PolicyInfo:
    rule = active.rule
    info = wire.PolicyInfo(
        name=rule.slug,
        displayName=f"{rule.id} {rule.title}",
        description=rule.title,
        enforcementLevel=_LEVELS[active.level],
        severity=_SEVERITIES[rule.severity],
        policy_type=wire.POLICY_TYPE_STACK if rule.needs_stack else wire.POLICY_TYPE_RESOURCE,
        tags=list(rule.controls),
        remediation_steps=rule.remediation,
    )
    if rule.parameters:
        info.configSchema.properties.update({each.name: dict(each.schema) for each in rule.parameters})
    return info


def _above(urn: str, parents: Mapping[str, str]) -> Iterable[str]:
    """URNs of the components around a resource, from the inside out, without the stack itself."""
    while (urn := parents.get(urn, "")) and "::pulumi:pulumi:Stack::" not in urn:
        yield urn


def _whole(value: Any) -> Any:
    """Whole numbers as integers again: a message has floats alone."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value
