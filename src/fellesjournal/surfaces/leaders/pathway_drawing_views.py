"""Drawings of pathways in and out: read in as BPMN, saved as BPMN, published to clinicians."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.leadership.pathways import actions, queries
from fellesjournal.leadership.pathways.bpmn import written
from fellesjournal.leadership.pathways.bpmn_reading import LARGEST, read
from fellesjournal.leadership.pathways.refusals import Refused, Unreadable
from fellesjournal.leadership.pathways.resources import LEADING, TO_BE
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_forms import DrawingForm, PublishForm
from fellesjournal.surfaces.leaders.pathway_views import part_title, tabs


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def read_in(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Read in a drawing; with a fault in it nothing is kept, and the fault is told with its place."""
    session = leading(request)
    found = queries.improvement(session, key)
    chosen = next((each for each in found.parts if each.key == part), None)
    if chosen is None:
        raise NotFound("there is no such page")
    stands = found.drawings.get(part)
    first = {"version": 0 if stands is None else stands.version}
    form = DrawingForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(session, key, part, form)
        except Unreadable as error:
            form.add_error("file", _told(error))
        except PreconditionFailed:
            form.add_error(None, gettext(
                "Somebody else has changed this meanwhile. Look at it, then save again."
            ))  # fmt: skip
        else:
            messages.success(request, gettext("The drawing is read in."))
            return _back(key, part)
    context = {
        **tabs(request, found, ""),
        "form": form,
        "title": part_title(chosen),
        "part": chosen,
    }
    status = 200 if request.method == "GET" else 422
    return page(request, "leaders/pathway_read_in.html", context, status=status)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def bpmn_file(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """A drawing as a BPMN file; ``?version=2`` is an earlier one."""
    asked = request.GET.get("version", "0")
    version = int(asked) if asked.isdecimal() and len(asked) < 9 else -1
    session = leading(request)
    queries.improvement(session, key)  # a drawing of none is no page
    found = queries.drawing(session, key, part, version)
    answer = HttpResponse(written(found.body.pathway), content_type="application/xml")
    name = f"pathway-{part}-{found.version}.bpmn"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@for_duty(*sorted(LEADING))
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Let clinicians follow how it is to be."""
    form = PublishForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"version": -1, "drawing": -1}
    try:
        actions.publish_pathway(
            leading(request), key, seen=said["version"], drawing=said["drawing"]
        )
    except Refused:
        messages.error(request, gettext(
            "Nobody could follow this drawing. Put right what stands below it, then publish."
        ))  # fmt: skip
    except PreconditionFailed:
        messages.warning(request, gettext(
            "Somebody else has changed this meanwhile. Look at it, then save again."
        ))  # fmt: skip
    else:
        messages.success(request, gettext("Clinicians can follow this version in a moment."))
    return redirect("leaders-pathway", key=key)


def _keep(session: Session, key: str, part: str, form: DrawingForm) -> None:
    said = form.cleaned_data
    file = said["file"]
    content = file.read(LARGEST + 1)
    actions.draw(
        session, key, part, read(content), file=str(file.name)[:150], seen=said["version"],
        reason=said["reason"],
    )  # fmt: skip


def _told(error: Unreadable) -> str:
    what = str(words.MISREAD[error.fault])
    if error.about:
        what = f"{what} ({error.about})"
    if not error.line:
        return gettext("Nothing was kept: %(what)s.") % {"what": what}
    return gettext("Line %(line)s, column %(column)s: %(what)s. Nothing was kept.") % {
        "line": error.line, "column": error.column, "what": what,
    }  # fmt: skip


def _back(key: str, part: str) -> HttpResponse:
    answer = redirect("leaders-pathway", key=key)
    if part != TO_BE:
        answer["Location"] += f"?place={part}"
    return answer


__all__ = ["bpmn_file", "publish", "read_in"]
