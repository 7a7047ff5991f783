"""How often a property is tried: a few times in every run, many times with ``--thorough``."""

from __future__ import annotations

_MANY_TIMES = 10
_is_thorough = False


def try_often() -> None:
    """Called before any test is imported when ``--thorough`` was asked for."""
    global _is_thorough  # noqa: PLW0603 - an option of the whole run
    _is_thorough = True


def is_thorough() -> bool:
    """Whether all is asked again."""
    return _is_thorough


def tries(few: int) -> int:
    """``few`` examples in every run, ten times as many in a thorough one."""
    return few * _MANY_TIMES if _is_thorough else few
