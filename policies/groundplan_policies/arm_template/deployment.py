# SPDX-License-Identifier: Apache-2.0
"""The resources that a template declares: loops, conditions, children and deployments inside of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, cast

from groundplan_policies.arm_template.draft import Draft, full_name, id_below, split_extension
from groundplan_policies.arm_template.errors import Steps, TemplateError
from groundplan_policies.arm_template.evaluator import Evaluator, Loop
from groundplan_policies.arm_template.parameters import given_value
from groundplan_policies.arm_template.place import Place
from groundplan_policies.arm_template.symbols import same_key, segments
from groundplan_policies.arm_template.trace import Trace, Traced
from groundplan_policies.expressions.evaluate import key_in
from groundplan_policies.expressions.function import told
from groundplan_policies.values import UNKNOWN, Mark

DEPLOYMENTS = "Microsoft.Resources/deployments"
Json = dict[str, Any]


class Outputs(dict[str, Any]):
    """The outputs of a deployment, each evaluated when it is asked for."""

    def __init__(self, names: Mapping[str, Any], read: Callable[[str], Traced]) -> None:
        super().__init__(dict.fromkeys(names, UNKNOWN))
        self._read = read

    def __getitem__(self, name: str) -> Any:
        return self._read(name).value

    def symbol(self, name: str) -> str | None:
        """The symbolic text of an output."""
        key = key_in(self, name)
        return self._read(key).symbol or None if key else None


class Deployment:
    """One template and where it is deployed to. `document` is None for one that is in another file."""

    def __init__(
        self, document: Json | None, steps: Steps, place: Place, evaluator: Evaluator, loops: tuple[Loop, ...] = ()
    ) -> None:
        self._document = document or {}
        self._steps = steps
        self._place = place
        self._evaluator = evaluator
        self._loops = loops
        self._outputs: dict[str, Traced] = {}
        self._declaring = False
        self.linked = document is None

    @cached_property
    def drafts(self) -> list[Draft]:
        """Every resource, those of deployments inside of it not among them. Raises `TemplateError`."""
        found: list[Draft] = []
        self._declaring = True
        with self._evaluator.looping(self._loops):
            for name, declaration, steps in _declarations(self._document.get("resources"), (*self._steps, "resources")):
                found += self._expanded(name, declaration, steps, None)
        self._declaring = False
        return found

    def everything(self) -> Iterator[Draft]:
        """Every resource, those of deployments inside of it among them; a deployment that is read is none itself."""
        for draft in self.drafts:
            if draft.inner is None or draft.inner.linked:
                yield draft
            else:
                yield from draft.inner.everything()

    def declared(self, name: str) -> Draft | None:
        """The resource of a symbolic name, `name[0]` of a round of a loop."""
        if self._declaring:  # no name, condition or loop can ask for what a resource comes to
            return None
        lowered = name.casefold()
        return next((each for each in self.drafts if each.symbolic_name.casefold() == lowered), None)

    def id_of(self, name: str) -> str | None:
        """The symbolic id of the resource of a symbolic name, or of the name that a resource here has."""
        found = self.declared(name)
        if found is None and not self._declaring:
            key = same_key(name)
            found = next(
                (each for each in self.drafts if key in (same_key(each.name), same_key(segments(each.name)[-1]))), None
            )
        return found.id if found else None

    @cached_property
    def outputs(self) -> Outputs:
        """What it gives out, by name."""
        section = self._document.get("outputs") or {}
        names: Json = cast("Json", section) if isinstance(section, dict) else {}
        return Outputs({name: {"value": UNKNOWN} for name in names}, partial(self._output, names))

    def _output(self, section: Json, name: str) -> Traced:
        cached = self._outputs.get(name)
        if cached is None:
            row = section[name] if isinstance(section[name], dict) else {}
            steps = (*self._steps, "outputs", name, "value")
            with self._evaluator.looping(self._loops):
                found = self._evaluator.traced(row.get("value", UNKNOWN), steps)
            cached = Traced({"type": row.get("type"), "value": found.value}, found.trace, found.symbol)
            self._outputs[name] = cached
        self._evaluator.session.recorder.current.add(cached.trace)
        return cached

    # -- one resource

    def _expanded(self, name: str, declaration: Json, steps: Steps, parent: Draft | None) -> Iterator[Draft]:
        evaluator = self._evaluator
        if "import" in declaration or "extension" in declaration:
            evaluator.note(steps, "it is of another system than Azure Resource Manager, and left out")
            return
        copy = declaration.get("copy")
        if copy is None:
            yield from self._each(name, declaration, steps, parent)
            return
        if not isinstance(copy, dict) or not isinstance(copy.get("name"), str):
            raise TemplateError(
                (*steps, "copy"), f"{told(copy)} is there; an object with 'name' and 'count' is expected"
            )
        loop = cast("Json", copy)
        count = evaluator.count(loop, (*steps, "copy"))
        before = evaluator.loops
        for index in [count] if isinstance(count, Mark) else range(count):
            with evaluator.looping((*before, Loop(loop["name"], index, of_resource=True))):
                yield from self._each(f"{name}[{index}]" if name else "", declaration, steps, parent)

    def _each(self, name: str, declaration: Json, steps: Steps, parent: Draft | None) -> Iterator[Draft]:
        evaluator = self._evaluator
        condition = evaluator.value(declaration.get("condition", True), (*steps, "condition"))
        if isinstance(condition, Mark):
            evaluator.note(
                (*steps, "condition"), "it is not known whether this resource is deployed; it is taken for deployed"
            )
        elif not isinstance(condition, bool):
            raise TemplateError((*steps, "condition"), f"{told(condition)} is there; a bool is expected")
        draft = self._draft(name, declaration, steps, parent)
        if condition is not False:
            yield draft
        for inner_name, inner, inside in _declarations(declaration.get("resources"), (*steps, "resources")):
            yield from self._expanded(inner_name, inner, inside, draft)

    def _draft(self, symbolic_name: str, declaration: Json, steps: Steps, parent: Draft | None) -> Draft:
        evaluator = self._evaluator
        raw = {key: _text(declaration, key, steps) for key in ("type", "name")}
        type_, name = full_name(
            parent,
            evaluator.symbol(raw["type"], (*steps, "type")).partition("@")[0],
            evaluator.symbol(raw["name"], (*steps, "name")),
        )
        if "/" not in type_:
            raise TemplateError(
                (*steps, "type"), f"'{type_}' is there; a type such as 'Microsoft.KeyVault/vaults' is expected"
            )
        type_, name, scope = split_extension(self._place, type_, name)
        if "scope" in declaration:
            scope = self._place.below(evaluator.symbol(_text(declaration, "scope", steps), (*steps, "scope")))
        is_deployment = type_.casefold() == DEPLOYMENTS.casefold()
        place = self._target(declaration, steps, scope if is_deployment else None)
        if is_deployment:
            scope = None
        base = (scope if scope is not None else place.id).rstrip("/")
        identity = id_below(base, type_, name, steps)
        draft = Draft(
            declaration=declaration,
            steps=steps,
            evaluator=evaluator,
            loops=evaluator.loops,
            place=place,
            type=type_,
            name=name,
            base=base,
            id=identity,
            scope=scope,
            symbolic_name=symbolic_name,
            existing=declaration.get("existing") is True,
            inner=self._nested(declaration, steps, place, name) if is_deployment else None,
        )
        if draft.inner is not None:
            evaluator.session.deployments[same_key(identity)] = draft.inner
        return draft

    # -- a deployment inside

    def _target(self, declaration: Json, steps: Steps, scope: str | None) -> Place:
        """Where a deployment inside deploys to, or where a resource is that exists already."""
        if scope is not None:
            found = self._place.at(scope)
            if found is None:
                raise TemplateError((*steps, "scope"), f"'{scope}' is the id of no place that can be deployed to")
            return found
        subscription, group = (
            self._evaluator.symbol(_text(declaration, key, steps), (*steps, key)) if key in declaration else ""
            for key in ("subscriptionId", "resourceGroup")
        )
        if not subscription and not group:
            return self._place
        own_group = "" if subscription else self._place.group
        return Place(subscription or self._place.subscription, group or own_group, location=self._place.location)

    def _nested(self, declaration: Json, steps: Steps, place: Place, name: str) -> Deployment:
        outer = self._evaluator
        properties: Any = declaration.get("properties")
        inside: Steps = (*steps, "properties", "template")
        template = cast("Json", properties).get("template") if isinstance(properties, dict) else None
        if template is None:
            outer.note((*steps, "properties"), "the template that it deploys is in another file, which is not read")
            return Deployment(None, inside, place, outer)
        if not isinstance(template, dict):
            raise TemplateError(inside, f"{told(template)} is there; a template is expected")
        document = cast("Json", template)
        loops = outer.loops
        if not _inner_scope(properties, self._document):
            return Deployment(document, inside, place, outer, loops)
        given = _given(outer, loops, properties.get("parameters"), (*steps, "properties", "parameters"))
        label = f"{outer.label}{name}:"
        evaluator = Evaluator(outer.session, document, inside, place, given, label)
        evaluator.deployment = Deployment(document, inside, place, evaluator)
        return evaluator.deployment


def _inner_scope(properties: Json, document: Json) -> bool:
    """Whether a deployment's expressions are its own; those of older templates are the outer template's unless it says so."""
    options = properties.get("expressionEvaluationOptions")
    scope = cast("Json", options).get("scope") if isinstance(options, dict) else None
    if isinstance(scope, str):
        return scope.casefold() == "inner"
    return isinstance(document.get("resources"), dict)


def _given(outer: Evaluator, loops: tuple[Loop, ...], section: Any, steps: Steps) -> dict[str, Callable[[], Traced]]:
    """Values that an outer template hands to one inside, each evaluated when it is asked for."""

    def read(row: Any, name: str) -> Traced:
        with outer.looping(loops):
            value = given_value(row, (*steps, name))
            return (
                Traced(value, Trace(), "") if isinstance(value, Mark) else outer.traced(value, (*steps, name, "value"))
            )

    if section is None:
        return {}
    if not isinstance(section, dict):
        raise TemplateError(steps, f"{told(section)} is there; an object of parameters by name is expected")
    return {name.casefold(): partial(read, row, name) for name, row in cast("Json", section).items()}


def _text(declaration: Json, key: str, steps: Steps) -> str:
    value = declaration.get(key)
    if not isinstance(value, str) or not value:
        there = "nothing" if key not in declaration else told(value)
        raise TemplateError((*steps, key), f"{there} is there; a text that is the {key} of a resource is expected")
    return value


def _declarations(section: Any, steps: Steps) -> Iterator[tuple[str, Json, Steps]]:
    """Symbolic name ('' without), declaration and place of every resource in a section."""
    if section is None:
        return
    if not isinstance(section, (list, dict)):
        raise TemplateError(
            steps, f"{told(section)} is there; an array of resources, or an object of them by name, is expected"
        )
    rows: list[tuple[str | int, Any]] = (
        list(cast("Json", section).items())
        if isinstance(section, dict)
        else list(enumerate(cast("list[Any]", section)))
    )
    for key, row in rows:
        if not isinstance(row, dict):
            raise TemplateError((*steps, key), f"{told(row)} is there; a resource with 'type' and 'name' is expected")
        yield key if isinstance(key, str) else "", cast("Json", row), (*steps, key)
