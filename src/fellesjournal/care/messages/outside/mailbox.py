"""The mailbox of this installation: the folder that the message service shares with us."""

from __future__ import annotations

from django.conf import settings

from fellesjournal.foundation.mailbox import Mailbox


def mailbox() -> Mailbox:
    """By the setting FELLESJOURNAL_MAILBOX."""
    return Mailbox(settings.MAILBOX)


__all__ = ["mailbox"]
