"""Use of HelsaMi by function for a page: of one week, beside the numbers of HE1 as they are shown there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.indicators.he1.definition import FUNCTIONS, functions_definition
from fellesjournal.leadership.indicators.he1.functions import FunctionShare, function_shares
from fellesjournal.leadership.indicators.he1.series import Place
from fellesjournal.leadership.indicators.he1.shares import number_of, week_from
from fellesjournal.leadership.indicators.memory import keep, opened
from fellesjournal.leadership.indicators.publishing import locked

_ASKED = (
    "select c.until_at, f.municipality, f.function, f.users"
    f" from figures.portal_function_counted c left join ({FUNCTIONS}) f on true"
)


def functions_in(
    session: Session, places: Sequence[Place], week: date, until: datetime | None
) -> Mapping[str, tuple[FunctionShare, ...]] | None:
    """What is shown of each function by place (and all), in the week that begins on a day; ``places`` are as
    they are shown, all together first, the week their last. None as long as the log of that week is not
    counted as far as sign-ins are (``until``). Remembered from now on. Raises NotFound for who has no such duty.
    """
    if not has_duty(session, {Duty.SEE_FIGURES}):
        raise NotFound("there is no such page")
    if until is None:
        return None  # nor is the table of residents made
    database = session.connection()
    rows = database.execute(_ASKED, {"last": week}).fetchall()
    if not rows or not _is_counted(rows[0][0], until, week):
        return None
    counted = {(place, function): users for _, place, function, users in rows if users}
    hash_ = functions_definition().hash
    with locked(database):
        memory = opened(
            database, hash_, [week_from(week)], [number_of(each.number) for each in places]
        )
        told = {each.number: each.last.active for each in places}
        found = function_shares(counted, told, week, memory)
        keep(database, hash_, memory)
    return found


def _is_counted(functions: datetime, sign_ins: datetime, week: date) -> bool:
    over = datetime.combine(week + timedelta(days=7), datetime.min.time(), clock.NORWAY)
    return functions >= min(sign_ins, over)


__all__ = ["functions_in"]
