"""The words of rates that were counted in the record: services, what of them is counted, what is left out."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.indicators.used.reading import Why
from fellesjournal.leadership.indicators.used.services import LeftOut
from fellesjournal.leadership.projections.people import Sex
from fellesjournal.leadership.projections.rates import Use
from fellesjournal.leadership.projections.recorded import Count, Recorded

SERVICES = {
    "hospital": _("Stays in hospital"),
    "home-care": _("Home care"),
    "outpatient": _("Contacts with hospitals without admission"),
    "gp": _("Consultations with GPs"),
}
WHAT = {
    "hospital": _(
        "Stays that ended in the period, with a night at least; nights are the day of discharge less the day of"
        " admission. A move to another ward is a stay of its own. Newborns who are well are not told apart."
    ),
    "home-care": _("Hours of visits at home that began in the period and were made."),
    "outpatient": _(
        "Contacts with a ward or a hospital that began in the period and are over, treatments of a day among them."
    ),
    "gp": _(
        "Contacts with a GP office that began in the period and are over, those by telephone, video and in writing"
        " among them."
    ),
}
USES = {
    Use.STAYS: _("Stays"),
    Use.BED_DAYS: _("Bed-days"),
    Use.HOME_CARE_HOURS: _("Hours of home care"),
    Use.OUTPATIENT: _("Contacts with hospitals without admission"),
    Use.DAY_CONTACTS: _("Day contacts"),
    Use.GP_CONSULTATIONS: _("Consultations with GPs"),
}
SEXES = {Sex.FEMALE: _("Women"), Sex.MALE: _("Men"), Sex.ALL: _("Women and men")}
LEFT_OUT = {
    LeftOut.NOT_OVER: _("planned, called off or not over"),
    LeftOut.NO_TIME: _("without times, or with times that can't be"),
    LeftOut.UNKNOWN_PERSON: _("birth, sex or death of the patient not known"),
    LeftOut.ELSEWHERE: _("patient lives in no municipality here"),
    LeftOut.NOT_ALIVE: _("outside the days that the patient lived"),
    LeftOut.NO_NIGHT: _("over on the day it began"),
}
WHY = {
    Why.NOT_READY: _("The tables are being made; try again in a few minutes."),
    Why.NOT_OVER: _("These twelve months are not over, or the tables have not seen all of them."),
    Why.NONE_KNOWN: _("There are none in the record: no rate follows from that."),
    Why.TOO_SHORT: _("The record has too few days of them."),
    Why.TOO_FEW: _(
        "So few, or so little is new since it was told, that it would tell of somebody."
    ),
}
_NAME = gettext_noop("From the record: 12 months to %(day)s, version %(version)s")


def title(found: Document[Recorded]) -> str:
    """What a kept count is called in a list."""
    return gettext(_NAME) % {"day": last_day(found.body.count), "version": found.version}


def last_day(count: Count) -> str:
    """The last day of its twelve months."""
    return on_day(count.ends - timedelta(days=1))


__all__ = ["LEFT_OUT", "SERVICES", "SEXES", "USES", "WHAT", "WHY", "last_day", "title"]
