"""The settings of a private PostgreSQL, written at every start: durable, modest in memory, discreet in its log."""

from __future__ import annotations

import os
from pathlib import Path

from xiezhi.web.database.binaries import ServerAccount

MIB = 1 << 20

FILE = "xiezhi.conf"

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "wal_level": "replica",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
}

DISCREET = {
    # Statements and details of errors carry names and numbers of people. The application's own log says what happened.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_file_mode": "0600",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}

WORK = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_parallel_workers_per_gather": "2",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "10min",
    "row_security": "on",
}


def memory() -> int:
    """Bytes of memory of this machine, or of the container it is."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        if limit.exists():
            text = limit.read_text().strip()
            return min(whole, int(text)) if text.isdigit() else whole
    return whole


def sized(whole: int) -> dict[str, str]:
    """A sixteenth of the memory for the server's buffers, 128 MB to 1 GB: rules and web want theirs too."""
    buffers = min(max(whole // 16, 128 * MIB), 1024 * MIB)
    return {"shared_buffers": f"{buffers // MIB}MB", "effective_cache_size": f"{max(whole // 4, 256 * MIB) // MIB}MB"}


def written_settings(data: Path, owner: ServerAccount) -> None:
    """Write `xiezhi.conf` and see that PostgreSQL reads it. A site's own settings go after it, in postgresql.auto.conf."""
    settings = {**WORK, **sized(memory()), **DURABLE, **DISCREET}
    lines = (f"{name} = '{_quoted(value)}'\n" for name, value in settings.items())
    own = data / FILE
    own.write_text("# Written by xiezhi at every start. Change settings with ALTER SYSTEM.\n" + "".join(lines), "utf-8")
    own.chmod(0o600)
    owner.own(own)
    main = data / "postgresql.conf"
    include = f"include_if_exists = '{FILE}'\n"
    if include not in main.read_text("utf-8"):
        with main.open("a", encoding="utf-8") as handle:
            handle.write(f"\n{include}")


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
