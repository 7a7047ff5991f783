"""Who has seen my record: the page, its exports, and the report that something looks wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.audit_log import visible
from fellesjournal.access.readlog.audit_event import audit_events
from fellesjournal.access.readlog.leave import Opened
from fellesjournal.access.readlog.queries import Line, Names
from fellesjournal.access.readlog.words import Language
from fellesjournal.access.reports import ANSWER_WITHIN, NobodyToTell, report_reading
from fellesjournal.care.privacy.queries import (
    Outcomes,
    Period,
    Seen,
    everything_seen,
    in_words,
    may_see_log,
    opened,
    outcomes,
    visit_with,
    who_has_seen,
)
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page
from fellesjournal.surfaces.portal.wording import language
from fellesjournal.surfaces.signing_in.providers import own_address

_MOST_NAMED = 50


@require_GET
@in_helsami
def seen(request: HttpRequest) -> HttpResponse:
    """Every visit in plain sentences; asked of the log at each request, nothing kept."""
    session = open_session(request)
    if not may_see_log(session):
        return page(request, "portal/seen_closed.html", {}, status=404)
    first, last = _day(request, "from"), _day(request, "to")
    unit = request.GET.get("unit", "")
    try:
        found = who_has_seen(
            session, _period(first, last), language(), unit=unit,
            before=request.GET.get("before", ""), others_before=request.GET.get("others", ""),
        )  # fmt: skip
    except ValueError:
        return redirect("portal-seen")
    looked_into = outcomes(session, language())
    openings = opened(session, [visit.opening for visit in found.visits])
    chosen = {name: request.GET[name] for name in ("from", "to", "unit") if request.GET.get(name)}
    return page(
        request,
        "portal/seen.html",
        {
            "staff": [
                _row(visit, openings, looked_into) for visit in found.visits if visit.is_staff
            ],
            "own": [
                visit for visit in found.visits if visit.told.is_own or visit.is_representative
            ],
            "system": [visit for visit in found.visits if _is_other(visit)],
            "others_cut": found.others_cut,
            "others_shown": "others" in request.GET,
            "others_further": urlencode({**chosen, "others": found.others_further})
            if found.others_further
            else "",
            "units": found.units,
            "unit": unit,
            "first": first,
            "last": last,
            "filtered": bool(chosen),
            "query": urlencode(chosen),
            "further": urlencode({**chosen, "before": found.further}) if found.further else "",
        },
    )


@require_GET
@in_helsami
def as_csv(request: HttpRequest) -> HttpResponse:
    """All of it as a table: one row for each line of the log."""
    session = open_session(request)
    pages = everything_seen(session, _chosen_period(request), unit=request.GET.get("unit", ""))
    own = session.person == session.subject
    rows = list(_table(pages, language(), to_herself=own))
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    # the mark tells spreadsheets that it is UTF-8
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="who-has-seen.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@in_helsami
def as_fhir(request: HttpRequest) -> HttpResponse:
    """All of it as a Bundle of AuditEvents (the Norwegian profile)."""
    session = open_session(request)
    address = own_address(request)
    entries = [
        {"fullUrl": f"{address}/fhir/AuditEvent/{event['id']}", "resource": event}
        for found, names, patient in everything_seen(
            session, _chosen_period(request), unit=request.GET.get("unit", "")
        )
        for event in audit_events(
            found, visible(session, names), site=address, patient=patient, for_citizen=True
        )
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    if not entries:
        del bundle["entry"]
    response = HttpResponse(orjson.dumps(bundle), content_type="application/fhir+json")
    response["Content-Disposition"] = 'attachment; filename="who-has-seen.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@in_helsami
def report(request: HttpRequest) -> HttpResponse:
    """Say that a reading looks wrong: the data protection officer gets it as a task."""
    session = open_session(request)
    keys = (request.POST if request.method == "POST" else request.GET).getlist("line")
    visit = visit_with(session, keys, language())
    problem = ""
    if request.method == "POST":
        words = request.POST.get("words", "")
        if not words.strip():
            problem = gettext("Write a few words about what looks wrong.")
        else:
            try:
                return redirect("portal-seen-reported", report_reading(session, keys, words))
            except NobodyToTell:
                problem = gettext(
                    "Your report could not be sent: no data protection officer is registered."
                    " Nothing was saved. Call the health service that has your record."
                )
    context = {"visit": visit, "keys": keys, "problem": problem, "days": ANSWER_WITHIN.days}
    return page(request, "portal/report.html", context, status=422 if problem else 200)


@require_GET
@in_helsami
def reported(request: HttpRequest, task_id: str) -> HttpResponse:
    """The receipt of a report."""
    return page(
        request, "portal/reported.html", {"number": task_id[:8], "days": ANSWER_WITHIN.days}
    )


def _row(visit: Seen, openings: Mapping[int, Opened], looked_into: Outcomes) -> dict[str, object]:
    return {
        "visit": visit,
        "opened": openings.get(visit.opening),
        "outcome": looked_into.of(visit),
        "report": urlencode([("line", key) for key in _named(visit.told.keys)]),
    }


def _named(keys: Sequence[str]) -> Sequence[str]:
    """The lines that name a visit in an address, newest first: of a long one the first too, so that
    it is told with the same beginning and end where it is reported.
    """
    return keys if len(keys) <= _MOST_NAMED else [*keys[: _MOST_NAMED - 1], keys[-1]]


def _is_other(visit: Seen) -> bool:
    return not (visit.is_staff or visit.told.is_own or visit.is_representative)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _chosen_period(request: HttpRequest) -> Period:
    return _period(_day(request, "from"), _day(request, "to"))


def _period(first: date | None, last: date | None) -> Period:
    """Days in Norway, both included."""
    return Period(
        None if first is None else datetime.combine(first, time(), tzinfo=NORWAY),
        None if last is None else datetime.combine(last + timedelta(days=1), time(), tzinfo=NORWAY),
    )


def _table(
    pages: Iterator[tuple[list[Line], Names, int]], words: Language, *, to_herself: bool
) -> Iterator[list[str]]:
    yield [
        gettext("Time"), gettext("Name"), gettext("Role"), gettext("Unit"), gettext("Organisation"),
        gettext("Why"), gettext("Kind of information"), gettext("Emergency access"),
        gettext("App"), gettext("In words"), gettext("Line"),
    ]  # fmt: skip
    for found, names, patient in pages:
        for visit in in_words(found, names, patient, words, to_herself=to_herself):
            told = visit.told
            yield [
                _plain(cell)
                for cell in (
                    told.last.astimezone(NORWAY).isoformat(timespec="seconds"), told.name, told.role,
                    told.unit, told.organisation, told.why, ", ".join(told.what),
                    gettext("yes") if told.is_emergency else "", told.app, told.sentence, visit.key,
                )
            ]  # fmt: skip


def _plain(cell: str) -> str:
    """A spreadsheet takes a text that begins like this for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
