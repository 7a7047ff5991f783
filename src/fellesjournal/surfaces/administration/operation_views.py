"""What is on its way, for operators: deliveries, what came in, the outbox. Numbers, no content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.reconciliation import Line, reconcile
from fellesjournal.access.volumes import alerts
from fellesjournal.fhir.issues import BadRequest, Conflict
from fellesjournal.foundation import clock
from fellesjournal.foundation.mailbox import Lying, Mailbox
from fellesjournal.foundation.outbox import ledger
from fellesjournal.foundation.outbox.queries import retry as try_again
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.surfaces.administration.operation_words import (
    OUTCOMES,
    age,
    fate,
    kind,
    measure,
    message,
    route,
)
from fellesjournal.surfaces.duties import for_duty, not_there, session_of

DAYS = (1, 7, 30)


@require_GET
@for_duty(Duty.OPERATE)
def operation(request: HttpRequest) -> HttpResponse:
    """Everything in flight: each heading says how many, and the table below it all of them."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS) else DAYS[1]
    session = session_of(request)
    found = reconcile(session, days=days)
    lines = [(each, route(each.route), kind(each.kind), age(each.oldest)) for each in found.lines]
    came = ledger.came_since(clock.now() - timedelta(days=days))
    jobs = waiting()
    fallen = alerts.open_alerts(session)
    return render(
        request,
        "administration/operation.html",
        {
            "found": found,
            "alerts": [(each, *_told(each), each.owner == session.person) for each in fallen],
            "outcomes": OUTCOMES.items(),
            "lines": lines,
            "sums": _sums(found.lines),
            "owned": [(each, age(each.oldest), each.unit == session.unit) for each in found.owned],
            "open_work": sum(each.count for each in found.owned),
            "came": [(each, message(each.kind), fate(each.fate)) for each in came],
            "received": sum(each.count for each in came),
            "jobs": [(each, age(each.oldest)) for each in jobs],
            "in_jobs": sum(each.count for each in jobs),
            "folders": _folders(),
            "days": days,
            "choices": DAYS,
        },
    )


@require_POST
@for_duty(Duty.OPERATE)
def retry(request: HttpRequest) -> HttpResponse:
    """Let what was tried in vain be tried now."""
    event, subscriber = request.POST.get("event", ""), request.POST.get("subscriber", "")
    if (event, subscriber) not in {(each.event, each.subscriber) for each in waiting()}:
        return not_there(request)
    number = try_again(event, subscriber)
    if number:
        messages.success(request, gettext("They are tried again now."))
    else:
        messages.info(request, gettext("Nothing there has been tried in vain."))
    return redirect("admin-operation")


@require_POST
@for_duty(Duty.OPERATE)
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Take an alert, or end it with an outcome and words."""
    session = session_of(request)
    try:
        if "take" in request.POST:
            alerts.take(session, alert_id)
            messages.success(request, gettext("You see to it now."))
        else:
            said = {name: request.POST.get(name, "") for name in ("outcome", "words")}
            alerts.close(session, alert_id, **said)
            messages.success(request, gettext("It has ended."))
    except BadRequest:
        messages.warning(request, gettext("Say how it ended, and what it was."))
    except Conflict:
        messages.info(request, gettext("Somebody has ended it already."))
    return redirect("admin-operation")


def _told(each: alerts.Alert) -> tuple[str, str, str, str]:
    """What was counted, of what, which way, and how long ago it was told."""
    is_from_outside = each.measure == "received"
    what = message(each.kind) if is_from_outside else kind(each.kind)
    return measure(each.measure), what, route(each.route), age(each.raised)


def _sums(lines: Iterable[Line]) -> dict[str, int]:
    names = ("sent", "arrived", "failed", "waiting", "late")
    return {name: sum(getattr(line, name) for line in lines) for name in names}


def _folders() -> list[tuple[str, Lying, str]]:
    """What lies in the mailbox: to be fetched, to be taken in, and what nobody can be told of."""
    box = Mailbox(settings.MAILBOX)
    titles = {
        "out": gettext("To be fetched by the message service"),
        "in": gettext("To be taken in"),
        "unanswerable": gettext("Nobody can be told about: look at it"),
    }
    found = [(title, box.lying(folder)) for folder, title in titles.items()]
    return [(title, lying, age(_moment(lying.oldest))) for title, lying in found]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
