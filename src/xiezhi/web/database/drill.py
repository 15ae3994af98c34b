"""A rehearsal of the restore: into a PostgreSQL and a data folder of its own, compared, and thrown away.

A backup that was never restored is a hope. The drill touches nothing of the site and may run every night.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Progress
from xiezhi.web.database import embedded, manifest, roles
from xiezhi.web.database.restore import Comparison, Report, restored

DATABASE = "drill"

GROWTH = 6
"""A filled database with its indexes, against its compressed dump."""


@dataclass(frozen=True)
class DrillReport:
    """How a restored backup compares, and how long restoring took: what a site can promise after a disaster."""

    report: Report
    seconds: float

    @property
    def equal(self) -> bool:
        return self.report.equal

    def require_equal(self) -> None:
        """Raises IntegrityError naming the first thing that differs."""
        self.report.require_equal()


def drill(
    backup: Path, *, passphrase: str | None = None, folder: Path | None = None, progress: Progress | None = None
) -> DrillReport:
    """Restore a backup into a temporary place (below `folder` if given) and compare. Raises where the backup is refused."""
    _check_space(backup, folder)
    work = Path(tempfile.mkdtemp(prefix="xz-drill-", dir=folder))
    try:
        begun = time.monotonic()
        server = embedded.start(work / "pg")
        try:
            url = server.url(database=DATABASE)
            report = restored(backup, work / "home", url, passphrase=passphrase, progress=progress)
            seconds = time.monotonic() - begun
            with psycopg.connect(server.url(roles.APP, DATABASE)) as connection:
                findings = ", ".join(finding.code for finding in roles.check_app_role(connection))
        finally:
            server.stop()
    finally:
        shutil.rmtree(work)
    bound = Comparison("application bound by row-level security", "", findings)
    return DrillReport(replace(report, comparisons=[*report.comparisons, bound]), seconds)


def _check_space(backup: Path, folder: Path | None) -> None:
    place = folder or Path(tempfile.gettempdir())
    files = manifest.read(backup).files
    needed = sum(entry.bytes * (GROWTH if entry.path == manifest.DUMP else 1) for entry in files)
    free = shutil.disk_usage(place).free
    if free < needed:
        raise UserError(
            "XZ-BK-40",
            zh=f"演练约需 {needed >> 20} MB,{place} 只剩 {free >> 20} MB",
            en=f"the drill needs about {needed >> 20} MB; {place} has {free >> 20} MB",
            todo_zh="指定空间足够的目录",
            todo_en="name a folder with enough space",
        )
