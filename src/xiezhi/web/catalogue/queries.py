"""What the catalogue's pages show. Nothing here is stored: content says what a dataset is, a layer above says how fresh it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.catalogue import gateway
from xiezhi.web.catalogue.gateway import DatasetDescription, FieldDescription
from xiezhi.web.language import localise


@dataclass(frozen=True)
class Fresh:
    """When a dataset last came, as far as the viewer may see. `tone` and `word`: whether that is as it should be."""

    received_at: datetime | None
    deliveries: int
    word: str
    tone: str
    url: str = ""


Freshness = Callable[[Viewer], Mapping[str, Fresh]]
_sources: list[Freshness] = []


def tell_freshness(source: Freshness) -> None:
    """Called in the `ready()` of whoever knows when datasets came: the catalogue lies below deliveries and cannot ask them."""
    if source not in _sources:
        _sources.append(source)


def freshness(viewer: Viewer) -> dict[str, Fresh]:
    """Dataset name → how fresh it is. Empty where nobody told."""
    return {name: fresh for source in _sources for name, fresh in source(viewer).items()}


def departments() -> list[tuple[str, str]]:
    """(code, name) of every department that has a dataset."""
    found = {one.department: localise(one.department_title) for one in gateway.datasets().values()}
    return sorted(found.items(), key=lambda pair: pair[1])


def matching(*, department: str = "", cadence: str = "", text: str = "") -> list[DatasetDescription]:
    """The datasets a filter leaves. `text` is looked for in names, titles and purposes."""
    wanted = text.strip().casefold()
    return [
        one
        for one in gateway.datasets().values()
        if department in ("", one.department) and cadence in ("", one.cadence) and (not wanted or wanted in _dataset_text(one))
    ]


def matching_fields(
    *, text: str = "", kind: str = "", classification: str = ""
) -> list[tuple[DatasetDescription, FieldDescription]]:
    """Every column whose name, title, description or other spelling has `text` in it."""
    wanted = text.strip().casefold()
    return [
        (dataset, field)
        for dataset in gateway.datasets().values()
        for field in dataset.fields
        if kind in ("", field.kind, field.identity)
        and classification in ("", field.classification)
        and (not wanted or wanted in _field_text(field))
    ]


def cadence_word(cadence: str) -> str:
    return capfirst(localise(gateway.vocabulary().cadences[cadence]))


def kind_word(kind: str) -> str:
    """The kind of a value, or of an identity, as a person says it."""
    return capfirst(localise(gateway.vocabulary().kinds[kind]))


def classification_word(classification: str) -> str:
    return capfirst(localise(gateway.vocabulary().classifications[classification]))


def masking_word(field: FieldDescription) -> str:
    """What becomes of a value once it is received: said so that a department knows before it delivers."""
    if field.identity:
        return _("入湖只存编号；页面上遮盖显示，经批准方可揭示")
    if field.classification == "confidential":
        return _("不入湖")
    if field.classification == "restricted":
        return _("入湖；回执中不显示取值")
    return _("入湖，原样显示")


def load_word(mode: str) -> str:
    words = {
        "append": _("追加：重复的行不再入湖"),
        "replace_period": _("按期替换：同一期重新报送即整期换新"),
        "upsert": _("按主键更新：新的行替换旧的行"),
    }
    return words[mode]


def _dataset_text(one: DatasetDescription) -> str:
    parts = (one.name, one.title, one.department_title, one.purpose)
    return " ".join(part if isinstance(part, str) else f"{part.zh} {part.en}" for part in parts).casefold()


def _field_text(field: FieldDescription) -> str:
    return " ".join(
        (field.name, field.title.zh, field.title.en, field.description.zh, field.description.en, *field.aliases)
    ).casefold()
