"""Files as departments send them. The people and numbers are invented; the check digits are right."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from xiezhi.kernel.progress import Silent
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.deliveries import jobs
from xiezhi.web.deliveries.actions import previewing
from xiezhi.web.jobs.kinds import Task

PERSON = "99010619491231002X"
DIBAO = (
    "低保证号,身份证号,姓名,低保类别,起始月份\n"
    f"A1,{PERSON},王小明,城市,2025-01\nA2,990106194912310021,李四,城市,2025-01\nA3,,赵五,城市,2025-01\nA4,{PERSON.lower()},孙六,农村,2025.1\n"
)
PAYROLL = (
    f"身份证号,姓名,单位统一社会信用代码,工资月份,应发金额,人员类别\n{PERSON},王小明,91350100M000100Y43,MONTH,5000.00,在编\n"
)


def csv(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def broken(path: Path) -> Path:
    return csv(path, "没有,这样,的表\n1,2,3\n")


def sent(name: str, text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def looked_at(page: str) -> None:
    """What was uploaded is looked at, as a worker would; `page`: that of the batch."""
    batch = UUID(page.rstrip("/").rpartition("/")[2])
    previewing.look_at_batch(batch, acting=lambda: system_scope("test"), progress=Silent())


@dataclass
class Worker:
    """Does the receiving job as a worker would, without its lease: what it is given, and nothing beside."""

    viewer: Viewer
    checks: list[str] = field(default_factory=list)

    def do(self, batch: object) -> dict[str, object]:
        task = Task(
            job_id=batch,
            title="",
            viewer=self.viewer,
            progress=Silent(),
            attempt=1,
            check=lambda: self.checks.append("check"),
            holding=lambda: acting_as(self.viewer),
        )  # type: ignore[arg-type]
        return jobs.receive(task, batch=str(batch))  # type: ignore[return-value]
