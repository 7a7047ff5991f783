"""The configuration files of the embedded PostgreSQL, written anew at each start.

Durability is never traded away: fsync, full page writes and synchronous commit stay on.
Own settings go into ``postgresql.local.conf`` beside the file, which is read last.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_MIB = 1024 * 1024


def _memory_mib() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MIB
    except (ValueError, OSError):
        return 2048


def server_settings(socket_directory: Path) -> dict[str, str]:
    """Setting name -> value, sized to the machine's memory (MiB)."""
    memory = _memory_mib()
    shared_buffers = max(128, min(1024, memory // 8))
    return {
        # who may connect: this machine, this user, over the socket only
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_directory}'",
        "port": "5432",
        "max_connections": "100",
        # durability
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        # the wheel has neither lz4 nor zstd, and pglz is a fifth of what a write costs the processor
        "wal_compression": "off",
        "wal_buffers": "16MB",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "30min",
        "max_wal_senders": "0",
        "wal_level": "minimal",  # no replica hangs on an embedded server; bulk loads write less
        # memory
        "shared_buffers": f"{shared_buffers}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16))}MB",
        # planning: local solid-state disks, short queries
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "plan_cache_mode": "auto",
        # an append-heavy store: keep visibility maps fresh for index-only scans
        "autovacuum_vacuum_insert_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "autovacuum_naptime": "20s",
        # texts and time
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "datestyle": "'ISO, YMD'",
        "lc_messages": "'C'",
        # the log must never hold a person's data: no statements, no values of violated keys
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_line_prefix": "'%m [%p] '",
    }


def write_configuration(
    cluster: Path, socket_directory: Path, *, client: str, roles: Sequence[str]
) -> None:
    """Write postgresql.conf, pg_hba.conf and pg_ident.conf.

    Only the operating-system user ``client`` may sign in, as one of ``roles``; the kernel
    vouches for it (peer), so there is no password to keep.
    """
    lines = ["# Written at each start. Own settings: postgresql.local.conf"]
    lines += [f"{name} = {value}" for name, value in server_settings(socket_directory).items()]
    lines.append("include_if_exists 'postgresql.local.conf'")
    (cluster / "postgresql.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (cluster / "pg_hba.conf").write_text("local all all peer map=platform\n", encoding="utf-8")
    allowed = "".join(f'platform "{client}" {role}\n' for role in roles)
    (cluster / "pg_ident.conf").write_text(allowed, encoding="utf-8")
