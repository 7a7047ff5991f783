"""What several tests of a module begin from, written once: each of them undoes its own, the module all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def undone(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside stands for all tests of a module that are rolled back themselves, and is
    gone afterwards.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


__all__ = ["undone"]
