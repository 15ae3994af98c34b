"""What happens by itself, and at which hour: said beside the work it is, in the app's jobs.py.

    @scheduled("notices", Daily(3, 30), scope="retention", zh="清理已读通知", en="Remove old read notices")
    @job_kind("notices.expire", …)
    def expire(task: Task) -> …

After a machine was off, what it missed during the last half day is done once, late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.kinds import Work, kind_of
from xiezhi.web.jobs.models import Job


@dataclass(frozen=True)
class Daily:
    """A time of day, in the site's time zone."""

    hour: int
    minute: int = 0

    @property
    def cron(self) -> str:
        """As the queue wants it, which counts in UTC."""
        there = datetime.combine(datetime(2026, 1, 1), time(self.hour, self.minute), _zone()).astimezone(UTC)
        return f"{there.minute} {there.hour} * * *"

    @property
    def words(self) -> Words:
        return Words(zh=f"每天 {self.hour:02}:{self.minute:02}", en=f"daily at {self.hour:02}:{self.minute:02}")

    def after(self, moment: datetime) -> datetime:
        """The next time it strikes."""
        local = moment.astimezone(_zone())
        struck = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return struck if struck > local else struck + timedelta(days=1)


@dataclass(frozen=True)
class Hourly:
    """A minute of every hour."""

    minute: int = 0

    @property
    def cron(self) -> str:
        """As the queue wants it, which counts in UTC: zones that are off by half an hour move the minute."""
        there = datetime.combine(datetime(2026, 1, 1), time(0, self.minute), _zone()).astimezone(UTC)
        return f"{there.minute} * * * *"

    @property
    def words(self) -> Words:
        return Words(zh=f"每小时的第 {self.minute} 分", en=f"hourly at minute {self.minute}")

    def after(self, moment: datetime) -> datetime:
        """The next time it strikes."""
        local = moment.astimezone(_zone())
        struck = local.replace(minute=self.minute, second=0, microsecond=0)
        return struck if struck > local else struck + timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """`name` is stored: it tells a job of today from one of yesterday. `work`: the kind's code. `scope`: as whom it is done."""

    name: str
    words: Words
    when: Daily | Hourly
    work: str
    scope: str


_entries: dict[str, Entry] = {}


def scheduled(name: str, when: Daily | Hourly, *, scope: str, zh: str, en: str) -> Callable[[Work], Work]:
    """Put a kind of job on the schedule. Raises ValueError for a name that is taken, LookupError for what is no kind of job."""

    def put(work: Work) -> Work:
        entry = Entry(name, Words(zh=zh, en=en), when, kind_of(work).code, scope)
        if _entries.setdefault(name, entry).work != entry.work:
            raise ValueError(f"two things on the schedule are called {name!r}")
        return work

    return put


def entries() -> tuple[Entry, ...]:
    """The schedule, in the order of the day; what is done every hour first."""
    return tuple(
        sorted(_entries.values(), key=lambda entry: (isinstance(entry.when, Daily), _of_the_day(entry.when), entry.name))
    )


def _of_the_day(when: Daily | Hourly) -> int:
    return when.hour * 60 + when.minute if isinstance(when, Daily) else when.minute


def strike(name: str, timestamp: int) -> Job | None:
    """Start the job of an entry for one moment. However many workers strike for that moment, there is one job of it."""
    entry = _entries.get(name)
    if entry is None:
        return None
    key = key_of(name, timestamp)
    with system_scope(entry.scope) as by:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        struck = Job.objects.filter(key=key).first()
        return struck or start(entry.work, by=by, title=entry.words.zh, key=key)


def key_of(name: str, timestamp: int | str = "") -> str:
    return f"clock:{name}:{timestamp}"


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
