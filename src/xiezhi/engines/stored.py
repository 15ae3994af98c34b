"""Tables that the platform wrote for itself (results, accounts of rows): read as they were written, or said to be damaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.storage import refused_by_the_disk


def read_stored(path: Path, columns: Iterable[str] | None = None, filters: Any = None) -> pa.Table:
    """The rows of a stored table that meet `filters`, as pyarrow has them; all columns, or those named.

    Raises:
        IntegrityError: XZ-STORED-01, the file is gone, cannot be read, or has not the columns that were asked for.
    """
    with said_if_damaged(path):
        return pq.read_table(path, columns=list(columns) if columns else None, filters=filters)


@contextmanager
def said_if_damaged(path: Path) -> Iterator[None]:
    """IntegrityError XZ-STORED-01 in the place of whatever a library says of a file that is not as it was written.

    Which error that is depends on where a bit was flipped. What the disk refuses (no room, no right) is left as it is.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        if refused_by_the_disk(error):
            raise
        gone = isinstance(error, FileNotFoundError)
        raise IntegrityError(
            "XZ-STORED-01",
            zh=f"平台自己保存的文件 {path} {'不见了' if gone else '已损坏,读不出来'}",
            en=f"the platform's own file {path} {'is gone' if gone else 'is damaged and cannot be read'}",
            todo_zh="用备份恢复;运行结果也可以重新运行模型得到,xiezhi replay 列出哪些文件被改动",
            todo_en="restore it from a backup; results come back by another run, too, and xiezhi replay names what was altered",
        ) from error
