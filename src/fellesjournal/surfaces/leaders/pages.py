"""What all pages of leaders have in common: whose they are, their menu, and refusals as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.surfaces.duties import duties_of, session_of
from fellesjournal.surfaces.leaders.doors import links_for


def leading(request: HttpRequest) -> Session:
    """Her session, for the purpose of running health care (v3-ActReason HOPERAT)."""
    return session_of(request, "HOPERAT")


def may(request: HttpRequest, duty: Duty) -> bool:
    """Whether the role she works in today has a duty: for buttons; the action asks again."""
    return duty in duties_of(request)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page with the leaders' menu."""
    shown = {"doors": links_for(request), **context}
    return render(request, template, shown, status=status)


__all__ = ["leading", "may", "page"]
