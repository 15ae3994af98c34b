"""What is said of a number of the lake: an organisation's registered name, a person by surname, year and village, else a mask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.models.unit import PARENTS, UnitKind
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.language import localise
from xiezhi.web.reveals.gateway import mask_all
from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.gateway import MaskedPerson

HIDDEN = "******"
ORGANISATION, PERSON = "credit_code", "citizen_id"

Value = int | str | None


@dataclass(frozen=True)
class Names:
    """(identity kind, number) → what is shown."""

    known: dict[tuple[str, int], str] = field(default_factory=dict)

    def of(self, identity: str | None, value: Value) -> str:
        """A text stays as it is; a number nobody knows is hidden."""
        if value is None:
            return ""
        if identity and str(value).isdigit():
            return self.known.get((identity, int(value)), HIDDEN)
        return str(value)


def names_of(asked: Iterable[tuple[str | None, Value]]) -> Names:
    """Of all pairs of identity kind and value at once: the vault and the register are opened once.

    RetryableError while another process has the vault for long.
    """
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for identity, value in asked:
        if identity and value is not None and str(value).isdigit():
            wanted[identity].add(int(value))
    known = {(kind, number): text for kind, numbers in wanted.items() for number, text in mask_all(kind, sorted(numbers)).items()}
    organisations = gateway.organisations(sorted(wanted[ORGANISATION])) if wanted[ORGANISATION] else {}
    persons = gateway.persons(sorted(wanted[PERSON])) if wanted[PERSON] else {}
    known |= {(ORGANISATION, number): name for number, name in organisations.items()}
    return Names(known | {(PERSON, number): _recognisable(person) for number, person in persons.items()})


def _recognisable(person: MaskedPerson) -> str:
    """王** · 1952 · 石桥镇柳河村 · …34: an officer of the village knows who it is, and nobody else does.

    The same in both languages, as the register has it: it is kept with the alert and searched.
    """
    parts = (person.name, str(person.born or ""), person.village, f"…{person.tail}")
    return " · ".join(part for part in parts if part)


def place_names(paths: Iterable[str]) -> dict[str, str]:
    """Path of a unit → what it is called in the language of the page, told apart from others of its name."""
    found = Unit.objects.select_related(*PARENTS).filter(path__in=set(paths))
    return {unit.path: localise(unit.full_title) for unit in found}


def region_names() -> dict[str, Words]:
    """Statistical code of a town or a village → its name, a village's with its town: there are villages of the same name."""
    found = Unit.objects.filter(kind__in=[UnitKind.TOWN, UnitKind.VILLAGE]).exclude(region="")
    told = found.values_list("region", "kind", "name", "name_en", "parent__name", "parent__name_en")
    return {
        code: Words(zh=f"{town}{name}", en=f"{name_en or name} ({town_en or town})")
        if kind == UnitKind.VILLAGE and town
        else Words(zh=name, en=name_en or name)
        for code, kind, name, name_en, town, town_en in told
    }


def fact_names(names: Iterable[str]) -> list[str]:
    """What facts are called; the name of one that is no longer among the content stays as it is."""
    facts = catalogue.lineage().facts
    return [localise(facts[name].title) if name in facts else name for name in names]
