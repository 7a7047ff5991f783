"""Who is signed in to the clinic's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may show about the one signed in."""
    del request
    return {}
