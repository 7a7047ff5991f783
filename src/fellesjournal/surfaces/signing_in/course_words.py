"""What is said of courses that a role needs: which, where to take them, and whom to ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from fellesjournal.access.identity.people import RoleAtUnit
from fellesjournal.foundation.ui.templatetags.ui import at_time


def tell_of_courses(request: HttpRequest, role: RoleAtUnit) -> None:
    """Say what is missing to somebody who goes to work in a role all the same."""
    if role.lack is None:
        return
    for course in role.lack.courses:
        messages.warning(
            request,
            gettext("You have not passed “%(course)s”. Take it here: %(place)s. Ask: %(contact)s.")
            % {"course": course.title, "place": course.place, "contact": course.contact},
        )
    if role.lack.until is not None:
        messages.warning(
            request,
            gettext("You have leave to work without it until %(end)s.")
            % {"end": at_time(role.lack.until)},
        )


__all__ = ["tell_of_courses"]
