"""An event as a person reads it: a sentence, what changed, and the particulars. Never as raw JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils import timezone

from xiezhi.web.audit.kinds import known, known_object
from xiezhi.web.audit.models import AuditEvent, EventOutcome
from xiezhi.web.audit.words import FIELDS
from xiezhi.web.kit import display
from xiezhi.web.language import page_language

NOTHING = "—"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


@dataclass(frozen=True)
class FieldChange:
    """One field, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Particular:
    label: str
    value: str


def what(event: AuditEvent, language: str | None = None) -> str:
    """What was done, in a word or two: "了结预警"."""
    kind = known(event.kind)
    return kind.words.in_(language or page_language()) if kind else event.kind


def who(event: AuditEvent) -> str:
    """The person, or the job that acts for nobody."""
    if not event.username.startswith(("system:", "command:")) and event.display_name:
        return event.display_name
    return display.actor(event.username)


def sentence(event: AuditEvent, language: str | None = None) -> str:
    """Who did what to what: "张三（第一监督检查室）了结预警：AL-2026-004412"."""
    tongue = language or page_language()
    deed, target = what(event, tongue), event.on_label or event.on_id
    refused = event.outcome == EventOutcome.REFUSED
    if tongue == "zh":
        unit = f"（{event.unit_name}）" if event.unit_name else ""
        return f"{who(event)}{unit}{deed}{f'：{target}' if target else ''}{'（被拒）' if refused else ''}"
    unit = f" ({event.unit_name})" if event.unit_name else ""
    told = f": {target}" if target else ""
    return f"{who(event)}{unit}: {deed[:1].lower()}{deed[1:]}{told}{' (refused)' if refused else ''}"


def object_word(on_kind: str, language: str | None = None) -> str:
    """What kind of thing was acted on; its code where this version knows it no more."""
    tongue = language or page_language()
    words = known_object(on_kind)
    return words.in_(tongue) if words else on_kind


def changes(event: AuditEvent, language: str | None = None) -> list[FieldChange]:
    """Every field that the event names before or after, those that stayed the same left out."""
    tongue = language or page_language()
    before, after = event.before or {}, event.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        FieldChange(label(event, name, tongue), _said(event, name, before, tongue), _said(event, name, after, tongue))
        for name in names
    ]


def particulars(event: AuditEvent, language: str | None = None) -> list[Particular]:
    """The further details of the event."""
    tongue = language or page_language()
    return [Particular(label(event, name, tongue), value(event, name, one, tongue)) for name, one in event.details.items()]


def label(event: AuditEvent, name: str, language: str) -> str:
    """What a field is called: by the kind, by the common words, by the model, else by its own name."""
    kind = known(event.kind)
    if kind and name in kind.fields:
        return kind.fields[name].in_(language)
    if name in FIELDS:
        return FIELDS[name][0 if language == "zh" else 1]
    field = _field(event.on_kind, name)
    return str(field.verbose_name) if field is not None else name.replace("_", " ")


def value(event: AuditEvent, name: str, given: Any, language: str) -> str:
    """A value in words."""
    zh = language == "zh"
    if given is None or given == "" or given == [] or given == {}:
        return NOTHING
    if isinstance(given, bool):
        return ("是" if given else "否") if zh else ("yes" if given else "no")
    if isinstance(given, Mapping):
        colon, stop = ("：", "；") if zh else (": ", "; ")
        return stop.join(
            f"{label(event, str(key), language)}{colon}{value(event, str(key), one, language)}" for key, one in given.items()
        )
    if isinstance(given, list):
        return ("、" if zh else ", ").join(value(event, name, one, language) for one in given)
    return _choice(event, name, given) or _moment(str(given))


def _said(event: AuditEvent, name: str, values: Mapping[str, Any], language: str) -> str:
    return value(event, name, values.get(name), language)


def _choice(event: AuditEvent, name: str, given: Any) -> str:
    """The words of a state or another closed set, where the model has them."""
    field = _field(event.on_kind, name)
    return str(dict(field.flatchoices).get(given, "")) if field is not None and field.choices else ""


def _moment(text: str) -> str:
    if not _MOMENT.fullmatch(text):
        return text
    return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M:%S")


def _model(on_kind: str) -> type[Model] | None:
    try:
        return apps.get_model(on_kind)
    except (LookupError, ValueError):
        return None


def _field(on_kind: str, name: str) -> Field[Any, Any] | None:
    model = _model(on_kind)
    if model is None:
        return None
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None
