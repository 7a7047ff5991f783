"""Where the numbers of projections come from: the files that are gone by, and reading in another: looked at
first, kept afterwards, never in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.documents.queries import all_standing, names_of
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.figures.workbooks import LARGEST_FILE, Unreadable
from fellesjournal.leadership.projections.files import COLUMNS, Fault, written
from fellesjournal.leadership.projections.imports import Looked, checksum, keep, look, origin_of
from fellesjournal.leadership.projections.people import OBSERVED
from fellesjournal.leadership.projections.rates import Use
from fellesjournal.leadership.projections.regions import regions
from fellesjournal.leadership.projections.resources import ORIGINS, SAVED_BY, Origin, Table
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import leading, page

TABLES = {Table.POPULATION: _("Population"), Table.ACTIVITY: _("Activity")}
_SALT = "projection-file"
_HOURS = 24
_AS_KEPT = 10 * LARGEST_FILE
"""What was looked at comes back as text, which a workbook packs more tightly."""


class SourceForm(PlainForm):
    """A file, what it is about, and where it comes from."""

    table = forms.ChoiceField(
        label=_("What the file is about"), choices=lambda: list(TABLES.items())
    )
    file = forms.FileField(label=_("File (CSV or XLSX)"), max_length=200)
    source = forms.CharField(label=_("Where it comes from"), max_length=300)
    licence = forms.CharField(label=_("Licence"), max_length=200)
    published = forms.DateField(
        label=_("Published on"), widget=forms.DateInput(attrs={"type": "date"})
    )


@require_GET
@for_duty(Duty.SEE_FIGURES)
def sources(request: HttpRequest) -> HttpResponse:
    """The files that projections go by, and the form to read in another."""
    return _page(request, leading(request), SourceForm())


@require_POST
@for_duty(*sorted(SAVED_BY))
def look_at(request: HttpRequest) -> HttpResponse:
    """What a file says, or each fault of it. Nothing is kept."""
    session = leading(request)
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, session, form, status=422)
    said = form.cleaned_data
    content, table = said["file"].read(LARGEST_FILE + 1), Table(said["table"])
    try:
        found = look(session, table, content)
    except Unreadable as error:
        form.add_error("file", str(error))
        return _page(request, session, form, status=422)
    if found.faults:
        return _page(request, session, form, found.faults, status=422)
    stands = origin_of(session, table)
    token = signing.dumps(
        {
            "table": table.value, "source": said["source"], "licence": said["licence"],
            "published": said["published"].isoformat(), "checksum": checksum(content),
            "name": said["file"].name, "rows": written(table, found.lines).decode(),
            "seen": 0 if stands is None else stands.version,
        },
        salt=_SALT, compress=True,
    )  # fmt: skip
    context = {
        "token": token, "table": TABLES[table], "said": said, "name": said["file"].name,
        "facts": _facts(found), "checksum": checksum(content), "replaces": stands,
    }  # fmt: skip
    return page(request, "leaders/projection_preview.html", context)


@require_POST
@for_duty(*sorted(SAVED_BY))
def keep_it(request: HttpRequest) -> HttpResponse:
    """Go by the file that was looked at."""
    session = leading(request)
    try:
        said = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        messages.error(request, gettext("Nothing was kept: look at the file once more."))
        return redirect("leaders-projection-sources")
    table = Table(said["table"])
    found = look(session, table, said["rows"].encode(), largest=_AS_KEPT)
    if found.faults:  # another file has been read in meanwhile
        return _page(request, session, SourceForm(), found.faults, status=422)
    origin = Origin(
        table, said["source"], said["licence"], date.fromisoformat(said["published"]),
        said["checksum"], len(found.lines), said["name"],
    )  # fmt: skip
    try:
        keep(session, origin, found.rows, seen=said["seen"], reason=origin.source)
    except PreconditionFailed:
        messages.warning(request, gettext(
            "Nothing was kept: somebody has read in another file meanwhile. Look at it first."
        ))  # fmt: skip
    else:
        messages.success(request, gettext("Read in. Projections go by it from now on."))
    return redirect("leaders-projection-sources")


def _page(
    request: HttpRequest,
    session: Session,
    form: SourceForm,
    faults: Sequence[Fault] = (),
    status: int = 200,
) -> HttpResponse:
    standing = all_standing(session, ORIGINS)
    names = names_of(session, standing)
    context = {
        "standing": [
            (TABLES[each.body.table], each, names.get(each.author, each.author))
            for each in sorted(standing, key=lambda each: each.body.table, reverse=True)
        ],
        "form": form if has_duty(session, SAVED_BY) else None,
        "faults": faults,
        "columns": [(TABLES[table], ", ".join(names)) for table, names in COLUMNS.items()],
    }
    return page(request, "leaders/projection_sources.html", context, status=status)


def _facts(found: Looked) -> list[tuple[str, str]]:
    """What a file says, in few words."""
    populations, activity = found.rows.populations, found.rows.activity
    places = {each.region for each in populations} | {row.region for row in activity}
    years = {each.year for each in populations} | {row.year for row in activity}
    told = [
        (gettext("Rows"), _number(len(found.lines))),
        (gettext("Regions"), _number(len(places))),
        (gettext("Years"), f"{min(years)}\N{EN DASH}{max(years)}"),
    ]
    widest = _widest(places)
    if populations:
        last = max(each.year for each in populations if each.alternative == OBSERVED)
        people = sum(
            each.total
            for each in populations
            if (each.year, each.alternative) == (last, OBSERVED) and each.region in widest
        )
        names = sorted({each.alternative for each in populations} - {OBSERVED})
        told.append((gettext("People observed in %(year)s") % {"year": last}, _number(people)))
        told.append((gettext("Alternatives"), ", ".join(names)))
        return told
    for use, title in ((Use.STAYS, gettext("Stays")), (Use.BED_DAYS, gettext("Bed-days"))):
        amounts = [row.amount for row in activity if row.use is use and row.region in widest]
        told.append((title, _number(sum(amounts))))
    return told


def _widest(keys: Iterable[str]) -> set[str]:
    """Those of these regions that lie in none of the others: in a sum nobody counts twice."""
    inside = {key: set(regions()[key].numbers) for key in keys}
    return {key for key, own in inside.items() if not any(own < of for of in inside.values())}


def _number(value: Any) -> str:
    return in_words(value, 0, get_language() or "nb")


__all__ = ["keep_it", "look_at", "sources"]
