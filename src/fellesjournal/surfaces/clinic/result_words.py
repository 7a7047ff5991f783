"""The words for requisitions and results."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.answering import Why
from fellesjournal.care.orders.catalogue import Panel
from fellesjournal.care.orders.queries import Status
from fellesjournal.care.orders.resources import Urgency
from fellesjournal.care.results.news import Standing
from fellesjournal.care.results.resources import Outcome

STATUS: dict[Status, Promise] = {
    Status.SENT: pgettext_lazy("requisition", "sent"),
    Status.RECEIVED: pgettext_lazy("requisition", "received by the laboratory"),
    Status.PARTIAL: pgettext_lazy("requisition", "answered in part"),
    Status.ANSWERED: pgettext_lazy("requisition", "answered"),
    Status.CANCELLED: pgettext_lazy("requisition", "taken back"),
}
STATUS_COLOR: dict[Status, str] = {
    Status.SENT: "info",
    Status.RECEIVED: "info",
    Status.PARTIAL: "warning",
    Status.ANSWERED: "success",
    Status.CANCELLED: "neutral",
}
URGENCY: dict[Urgency, Promise] = {
    Urgency.ROUTINE: _("Ordinary"),
    Urgency.ASAP: _("As soon as possible"),
}
STANDING: dict[Standing, Promise] = {
    Standing.NEW: pgettext_lazy("result", "new"),
    Standing.ADDED: pgettext_lazy("result", "added to"),
    Standing.CORRECTED: pgettext_lazy("result", "corrected"),
    Standing.WITHDRAWN: pgettext_lazy("result", "withdrawn"),
}
REPORT: dict[str, Promise] = {
    "registered": _("no answer yet"),
    "partial": _("in part"),
    "preliminary": _("preliminary"),
    "corrected": _("corrected"),
    "amended": _("corrected"),
    "appended": pgettext_lazy("result", "added to"),
    "cancelled": pgettext_lazy("result", "withdrawn"),
    "entered-in-error": pgettext_lazy("result", "withdrawn"),
}
WHY: dict[Why, Promise] = {
    Why.OWN: _("You ordered it, or follow the patient"),
    Why.SUBSTITUTE: _("You stand in for"),
    Why.AWAY: _("Away, without a substitute:"),
    Why.UNIT: _("The unit's"),
    Why.ESCALATED: _("Past its deadline:"),
    Why.NOT: "",  # type: ignore[dict-item]  # a colleague's: her name says it
}
OUTCOME: dict[Outcome, Promise] = {
    Outcome.NO_ACTION: _("No action"),
    Outcome.ACTION: _("Action"),
}
REFUSED: dict[str, Promise] = {
    "nothing-ordered": _("Choose at least one analysis"),
    "no-information": _("Write why the analyses are wanted"),
    "no-reason": _("Write why"),
    "not-open": _("Nothing in it can be changed any more: it is answered or taken back"),
    "no-action-text": _("Write what you do about it"),
}


def panel_title(panel: Panel) -> str:
    """The name of a panel in the reader's language."""
    language = (get_language() or "nb")[:2]
    return panel.titles.get(language, panel.titles["nb"])


__all__ = [
    "OUTCOME",
    "REFUSED",
    "REPORT",
    "STANDING",
    "STATUS",
    "STATUS_COLOR",
    "URGENCY",
    "WHY",
    "panel_title",
]
