"""The words of deliveries. What is not known is not said: nothing is called sent (INV-1)."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fellesjournal.care.messages.resources import Delivery
from fellesjournal.care.messages.states import Route, State

register = template.Library()

_STATES: dict[State, str | Promise] = {
    State.QUEUED: _("in queue"),
    State.HANDED_OVER: _("handed over"),
    State.TRANSPORT_ACKED: _("on its way"),
    State.DELIVERED: _("delivered"),
    State.OPENED: pgettext_lazy("of a letter", "read"),
    State.POSTED: _("posted"),
    State.ACCEPTED: _("received"),
    State.ACCEPTED_WITH_ERRORS: _("received with errors"),
    State.RETURNED: _("came back"),
    State.REJECTED: _("refused"),
    State.EXPIRED: _("not delivered"),
}
_ROUTES: dict[Route, str | Promise] = {
    Route.INSIDE: _("To the unit's worklist"),
    Route.HELSAMI: _("HelsaMi"),
    Route.PAPER: _("On paper"),
    Route.NATIONAL: _("National message"),
}


@register.filter
def delivery_word(delivery: Delivery) -> str:
    """Where it stands, in a word or two."""
    return str(_STATES[delivery.state])


@register.filter
def delivery_colour(delivery: Delivery) -> str:
    """The colour that repeats the word."""
    if delivery.has_failed:
        return "danger"
    return "success" if delivery.has_arrived else "neutral"


@register.filter
def state_word(state: State) -> str:
    """What a piece of evidence proves."""
    return str(_STATES[state])


@register.filter
def route_word(route: Route) -> str:
    """The way to a recipient."""
    return str(_ROUTES[route])


@register.filter
def instant(text: str) -> datetime | None:
    """A moment as it stands in evidence."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@register.filter
def split_names(text: str) -> list[str]:
    """The names of fields, parted by commas."""
    return text.split(",")


@register.filter
def field_value(form: Form, name: str) -> str:
    """What was filled in, to be sent along once more."""
    value = form[name].value()
    return "" if value is None else str(value)
