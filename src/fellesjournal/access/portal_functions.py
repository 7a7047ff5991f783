"""Which functions of HelsaMi somebody has used, as far as the log tells: for the platform's own job, that
counts how many used each. For no one else, and nothing of what anybody saw there.

A line of the log says which kind of act was done on which types of resources, not which page was
open. A function counts as used when she left a line that no other page of HelsaMi leaves:

- appointments: one was opened, to be moved or cancelled, or one was booked. Her list of appointments
  leaves the same line as the first page, which shows the next one, and counts nowhere.
- letters: one was opened, as text or as a file.
- messages: a conversation was opened, as it is after each message that is sent. The list leaves the same line
  as the first page; a message and a wish to renew a medicine leave the same line when they are sent.
- test results: the page with values was opened. A citizen without a single value leaves nothing to tell it by.
- visit summaries: a note was opened. One that came as a document leaves the line of a letter; what tells them
  apart is that HelsaMi looks for a note first, and that this leaves a line of its own just before.
- medicines: the list was opened. A citizen without a list or a medicine leaves nothing to tell it by.
- applying for municipal services: an application was sent. To look at the form or at her services leaves
  the same lines as other pages.
- representing others: a record that is not her own was opened. What she did in it counts nowhere else.
- own data: the page of what is registered about her was opened, or something on it was changed.

How often is not told: a page that is opened, gone back to or loaded again leaves the same lines each time.
What was done by an app does not count.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from fellesjournal.access.flattening import numbers_of
from fellesjournal.access.portal_use import must_be_platform
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.times import number_at
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number


class Function(StrEnum):
    """What citizens can do in HelsaMi, followed one by one."""

    APPOINTMENTS = "appointments"
    LETTERS = "letters"
    MESSAGES = "messages"
    TEST_RESULTS = "test-results"
    VISIT_SUMMARIES = "visit-summaries"
    MEDICINES = "medicines"
    APPLICATIONS = "applications"
    REPRESENTING = "representing"
    OWN_DATA = "own-data"


class FunctionUse(NamedTuple):
    """Somebody, by the number of her Patient, who has used a function."""

    person: int
    function: Function


_JUST_BEFORE = timedelta(minutes=1)
"""How far back the line is looked for that tells a note; both are of one page."""


def _type(name: str) -> str:
    return str(type_number(name))


def _touches(*names: str) -> str:
    types = ", ".join(map(_type, names))
    # one by one: joined, the database might look through everything of these types that there is
    return (
        "exists (select from unnest(l.resources) t(rid) cross join lateral"
        " (select r.type from store.resource r where r.rid = t.rid offset 0) r"
        f" where r.type in ({types}))"
    )


_READ, _SEARCH, _WRITTEN = (
    int(Act.READ),
    int(Act.SEARCH),
    f"({Act.POST:d}, {Act.PUT:d}, {Act.PATCH:d})",
)
_RULES = {
    Function.APPOINTMENTS: f"l.type = {_type('Appointment')} and l.act in ({_READ}, {Act.POST:d})",
    Function.MESSAGES: f"l.type = {_type('Communication')} and l.act = {_READ}",
    Function.TEST_RESULTS: f"l.type = {_type('DiagnosticReport')} and l.act = {_SEARCH}"
    f" and {_touches('Observation')}",
    Function.MEDICINES: f"l.type = {_type('List')} and l.act = {Act.HISTORY:d}"
    f" or l.act = {Act.CHART:d} and {_touches('List', 'MedicationRequest')}",
    Function.APPLICATIONS: f"l.type = {_type('ServiceRequest')} and l.act = {Act.POST:d}",
    Function.OWN_DATA: f"l.type = {_type('RelatedPerson')}"
    f" or l.type = {_type('Patient')} and l.act in {_WRITTEN}",
    Function.VISIT_SUMMARIES: f"l.type = {_type('Composition')} and l.act = {_READ}"
    " or (l.who, l.resources[1]) in (select who, rid from note)",
    Function.LETTERS: f"l.type = {_type('DocumentReference')} and l.act = {_READ}"
    " and (l.who, l.resources[1]) not in (select who, rid from note)",
}
_HERS = " l.outcome = %(done)s and w.role = 'citizen' and w.app = ''"
_USED = f"""
with note as materialized (
    select l.who, l.resources[1] as rid from access.log l join access.log_who w on w.number = l.who
      join access.log p on p.chain = l.chain and p.n = l.n - 1 and p.who = l.who
     where l.id >= %(before)s and l.id < %(until)s and p.id >= %(before)s and p.id < l.id
       and l.type = {_type("DocumentReference")} and l.act = {_READ} and {_HERS}
       and p.type = {_type("Composition")} and p.act = {_READ} and p.outcome = %(refused)s
)
select distinct w.person, u.function
  from access.log l join access.log_who w on w.number = l.who
 cross join lateral unnest(array[{", ".join(f"'{each}'" for each in _RULES)}],
    array[{", ".join(f"({rule})" for rule in _RULES.values())}]) u(function, is_used)
 where l.id >= %(since)s and l.id < %(until)s and {_HERS} and u.is_used
"""
_ACTED = (
    "select distinct w.person, p.rid from access.log l join access.log_who w on w.number = l.who"
    " cross join lateral unnest(l.patients) p(rid)"
    " where l.id >= %(since)s and l.id < %(until)s and l.outcome = %(done)s and w.app = ''"
    " and starts_with(w.person, 'Patient/') and w.role <> 'citizen'"
)
RULES = f"{_USED}\n{_ACTED}"
"""By which a use is known, for the definition that figures carry."""


def functions_used(session: Session, since: datetime, until: datetime) -> list[FunctionUse]:
    """Who used which functions in this interval, each once. Raises NotAllowed unless the platform
    itself asks.
    """
    must_be_platform(session)
    asked = {
        "since": number_at(since), "until": number_at(until), "before": number_at(since - _JUST_BEFORE),
        "done": int(Outcome.DONE), "refused": int(Outcome.REFUSED),
    }  # fmt: skip
    database = session.connection()
    used = [(person, Function(name)) for person, name in database.execute(_USED, asked)]
    acted = database.execute(_ACTED, asked).fetchall()
    numbers = numbers_of(session, {person for person, _ in [*used, *acted]})
    found = {
        *(FunctionUse(numbers[person], each) for person, each in used if person in numbers),
        *(
            FunctionUse(numbers[person], Function.REPRESENTING)
            for person, rid in acted
            if person in numbers and numbers[person] != rid
        ),
    }
    return sorted(found)


__all__ = ["RULES", "Function", "FunctionUse", "functions_used"]
