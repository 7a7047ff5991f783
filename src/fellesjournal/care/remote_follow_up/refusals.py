"""Why something about home follow-up can't be done so."""

from __future__ import annotations


class FollowUpRefused(ValueError):
    """It can't be agreed or closed so; ``code`` says why, ``field`` where: see ``actions.py``."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


__all__ = ["FollowUpRefused"]
