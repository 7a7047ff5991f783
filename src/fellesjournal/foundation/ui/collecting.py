"""Gathers the static files under hashed names, when they have changed since the last time."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_static_files() -> bool:
    """Fill ``STATIC_ROOT``; returns whether there was anything to do.

    Platforms of one checkout that start together wait for each other.
    """
    root = Path(settings.STATIC_ROOT)
    mark = root / ".fingerprint"
    fingerprint = _fingerprint()
    if _is_marked(mark, fingerprint):  # also where the checkout may not be written to
        return False
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_marked(mark, fingerprint):
            return False
        mark.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(fingerprint, encoding="ascii")
        return True


def _is_marked(mark: Path, fingerprint: str) -> bool:
    return mark.exists() and mark.read_text(encoding="ascii") == fingerprint


def _fingerprint() -> str:
    """Changes when a file is added, removed, or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
