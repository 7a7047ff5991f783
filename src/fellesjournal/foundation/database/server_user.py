"""Which operating-system user the embedded PostgreSQL runs as.

PostgreSQL refuses to run as root. A platform started as root therefore starts it as another,
unprivileged user that owns the cluster folder; otherwise it runs as whoever started us.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# A packaged PostgreSQL has its own user, which is the better choice; nobody exists everywhere.
_UNPRIVILEGED = ("postgres", "nobody", "daemon")

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


class NoServerUser(RuntimeError):
    """Started as root on a machine without any unprivileged user to run PostgreSQL as."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user of the server process; ``switch`` says that we must change to it."""

    uid: int
    gid: int
    name: str
    switch: bool


def server_user(cluster: Path) -> ServerUser:
    """The user to run the server of this cluster folder as.

    An existing cluster keeps its owner, so that a folder moved between machines with other
    user names still works. Raises :class:`NoServerUser`.
    """
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), _name_of(os.geteuid()), switch=False)
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return ServerUser(owner.st_uid, owner.st_gid, _name_of(owner.st_uid), switch=True)
    for name in _UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(found.pw_uid, found.pw_gid, name, switch=True)
    message = f"PostgreSQL can't run as root, and none of the users {_UNPRIVILEGED} exists"
    raise NoServerUser(message)


def client_name() -> str:
    """The name by which PostgreSQL's peer authentication will know this process."""
    return _name_of(os.geteuid())


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def can_reach(user: ServerUser, path: Path) -> bool:
    """Whether the user may enter every folder above the path, by the plain permission bits."""
    for folder in path.resolve().parents:
        found = folder.stat()
        if found.st_uid == user.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == user.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def child_preparation(user: ServerUser, *, reach: bool) -> Callable[[], None]:
    """What the forked child does before it becomes ``postgres``.

    It changes user when needed, and asks Linux for a fast shutdown (SIGINT) should we die:
    no orphan is left after kill -9 of the platform. ``reach`` keeps the one capability that
    lets the child enter folders closed to it, such as a checkout below root's home.
    """
    linux = sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True) if linux else None
    parent = os.getpid()

    def prepare() -> None:
        if user.switch:
            keep = reach and libc is not None
            if keep and libc is not None:
                libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([user.gid])
            os.setgid(user.gid)
            os.setuid(user.uid)
            if keep and libc is not None:
                _keep_reach(libc)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def _keep_reach(libc: ctypes.CDLL) -> None:
    """Keep CAP_DAC_OVERRIDE, and nothing else, over the change of user and the exec."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    mask = 1 << _CAP_DAC_OVERRIDE
    # effective, permitted, inheritable for capabilities 0-31, then the same for 32-63
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    libc.capset(header, data)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
