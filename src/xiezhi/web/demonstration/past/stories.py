"""How it went with an alert: told a step at a time, each step by the one verb. See Diary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import acting_as, system_viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.demonstration.past import words
from xiezhi.web.demonstration.past.people import People, state_of
from xiezhi.web.matters.actions import alarming
from xiezhi.web.notices.actions.reading import mark_all_read

RESULTS = {"true": 52, "partly": 16, "untrue": 10, "permitted": 8, "data_error": 7, "handled": 4, "unverifiable": 3}
"""Of a hundred verifications."""
LIMITS = {"red": 10, "orange": 20, "yellow": 30, "blue": 60}
"""About how long people take at most: as long as they are given, but for those who are late."""


def alarms() -> Iterator[int]:
    """Every working day the clocks are looked at, as the platform's own job does every hour."""
    while True:
        alarming.ring(by=system_viewer("alarms"))
        yield 1


def reading(people: People) -> Iterator[int]:
    """Once a week everybody reads what they were told."""
    while True:
        yield 5
        for one in people.viewers:
            with acting_as(one):
                mark_all_read(by=one)


def story(alert: Alert, people: People) -> Iterator[int]:
    """One of five: most are dispatched and verified, some closed or put off by whoever looked first, some wait still."""
    luck = Random(alert.fingerprint)
    kind = luck.choices((_verified, _misdirected, _closed, _put_off, _waiting), (58, 6, 16, 8, 12))[0]
    yield luck.randint(0, 2)
    yield from kind(alert, people, luck)


def _waiting(_alert: Alert, _people: People, _luck: Random) -> Iterator[int]:
    """Nobody has looked at it yet."""
    yield from ()


def _closed(alert: Alert, people: People, luck: Random) -> Iterator[int]:
    outcome = luck.choice(tuple(words.CLOSED))
    people.move(_of(alert), "dismiss", luck, outcome=outcome, why=luck.choice(words.CLOSED[outcome]))
    yield from _approved(alert, people, luck)
    if luck.random() < 0.2 and state_of(_of(alert)) == "dismissed":
        yield luck.randint(8, 15)
        people.move(_of(alert), "reopen", luck, why=luck.choice(words.REOPENED))
        yield luck.randint(0, 1)
        yield from _verified(alert, people, luck)


def _put_off(alert: Alert, people: People, luck: Random) -> Iterator[int]:
    until = clock.today() + timedelta(days=luck.randint(30, 80))
    people.move(_of(alert), "snooze", luck, until=until.isoformat(), why=luck.choice(words.SNOOZED))
    yield from ()


def _misdirected(alert: Alert, people: People, luck: Random) -> Iterator[int]:
    """Sent to a unit whose it is not, which gives it back."""
    yield from _dispatched(alert, people, luck, wrong=True)
    if state_of(_of(alert)) != "assigned":
        return
    yield luck.randint(1, 3)
    people.move(_of(alert), "decline", luck, why=luck.choice(words.NOT_OURS))
    yield luck.randint(0, 2)
    yield from _verified(alert, people, luck)


def _verified(alert: Alert, people: People, luck: Random) -> Iterator[int]:
    """From dispatch to the end, as far as the time until today reaches."""
    yield from _dispatched(alert, people, luck)
    if state_of(_of(alert)) != "assigned":
        return
    yield 5 if luck.random() < 0.1 else luck.randint(0, 2)
    people.move(_of(alert), "sign_for", luck)
    result = luck.choices(tuple(RESULTS), tuple(RESULTS.values()))[0]
    yield from _reported(alert, people, luck, result)
    if luck.random() < 0.2:
        people.move(_of(alert), "send_back", luck, why=luck.choice(words.SENT_BACK))
        yield luck.randint(2, 5)
        people.move(_of(alert), "submit", luck, **_report(alert, luck, result))
        yield luck.randint(1, 4)
    if result in ("true", "partly") and luck.random() < 0.6:
        yield from _rectified(alert, people, luck)
    else:
        people.move(_of(alert), "accept", luck, why=luck.choice(words.ACCEPTED))


def _dispatched(alert: Alert, people: People, luck: Random, *, wrong: bool = False) -> Iterator[int]:
    office = people.office(_of(alert), luck, wrong=wrong)
    if office is not None:
        people.move(_of(alert), "dispatch", luck, office=office, why=luck.choice(words.DISPATCHED))
        yield from _approved(alert, people, luck)


def _reported(alert: Alert, people: People, luck: Random, result: str) -> Iterator[int]:
    """In time, with more time, or late and urged."""
    limit, manner = LIMITS[alert.level], luck.choices(("in time", "extended", "late"), (70, 15, 15))[0]
    if manner == "in time":
        yield luck.randint(limit // 3, limit - 1)
    elif manner == "extended":
        yield limit - luck.randint(2, 4)
        people.move(_of(alert), "extend", luck, why=luck.choice(words.LATER))
        yield from _approved(alert, people, luck)
        yield luck.randint(4, 10)
    else:
        yield limit + luck.randint(1, 2)
        people.move(_of(alert), "urge", luck, why=luck.choice(words.URGED))
        yield luck.randint(3, 12)
    people.move(_of(alert), "submit", luck, **_report(alert, luck, result))
    yield luck.randint(1, 6)


def _rectified(alert: Alert, people: People, luck: Random) -> Iterator[int]:
    people.move(_of(alert), "rectify", luck, why=luck.choice(words.TO_RECTIFY))
    yield luck.randint(8, 28)
    people.move(_of(alert), "report", luck, findings=luck.choice(words.RECTIFIED), returned=_money(alert))
    yield luck.randint(1, 5)
    if luck.random() < 0.15:
        people.move(_of(alert), "reject", luck, why=luck.choice(words.NOT_RECTIFIED))
        yield luck.randint(3, 8)
        people.move(_of(alert), "report", luck, findings=luck.choice(words.RECTIFIED), returned=_money(alert))
        yield luck.randint(1, 4)
    people.move(_of(alert), "confirm", luck, why=luck.choice(words.CONFIRMED))


def _approved(alert: Alert, people: People, luck: Random) -> Iterator[int]:
    """The signatures that what was proposed needs; where one is refused it is proposed no more."""
    agrees = luck.random() < 0.93
    for _signature in range(3):
        yield luck.randint(0, 2)
        opinion = luck.choice(words.AGREED if agrees else words.NOT_AGREED)
        if not people.sign(_of(alert), opinion, agrees=agrees):
            return


def _report(alert: Alert, luck: Random, result: str) -> dict[str, object]:
    said: dict[str, object] = {"result": result, "findings": luck.choice(words.FINDINGS[result])}
    if result in ("true", "partly") and alert.amount:
        whole = _money(alert)
        amount = whole if result == "true" else whole * 6 // 10
        said |= {"amount": amount, "returned": amount * luck.choice((0, 5, 10)) // 10}
    return said


def _money(alert: Alert) -> int:
    return int(alert.amount or 0)


def _of(alert: Alert) -> int:
    assert alert.matter_id is not None, "raised by a run, which begins its matter"
    return alert.matter_id
