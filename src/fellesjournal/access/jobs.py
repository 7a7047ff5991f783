"""Reactions to events and jobs of the clock, let in by the one door.

Each runs as the platform under its own name (``system:deliver-letters``) and with the purpose
that ``config/wiring.py`` states, so that the log tells which job read or wrote what, and why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fellesjournal.access.sessions import system_session


def call(
    function: Callable[..., None], name: str, purpose: str, arguments: tuple[Any, ...]
) -> None:
    """Call a reaction or a job with a session of its own before its arguments."""
    function(system_session(f"system:{name}", purpose=purpose), *arguments)


__all__ = ["call"]
