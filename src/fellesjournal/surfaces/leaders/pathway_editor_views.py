"""Drawing a pathway on the page: what stands, one change at a time, and back again.

Each change is a version. Two who draw at once: the second is told what the first has done, and what she wrote
stands before her until she has saved it or left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.leadership.documents.queries import names_of
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.pathways import drawing_actions, editing, queries
from fellesjournal.leadership.pathways.editing import Edit, Element, Thing
from fellesjournal.leadership.pathways.pathway import Group, Kind, LocalVariant, Pathway, faults
from fellesjournal.leadership.pathways.queries import Standing
from fellesjournal.leadership.pathways.refusals import Refused
from fellesjournal.leadership.pathways.resources import LEADING, Drawing, Part
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.lane_drawing import drawn, lanes_of
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_editor_forms import CHANGE, FORMS, NEW, EditForm
from fellesjournal.surfaces.leaders.pathway_views import part_title, tabs

_OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn of a part; ``version`` 0 and nothing on it before anybody has drawn."""

    found: Standing
    part: Part
    stands: Document[Drawing] | None

    @property
    def pathway(self) -> Pathway:
        if self.stands is None:
            project = self.found.body.project
            return editing.blank(project.title, project.group or Group.FRAIL_ELDERLY)
        return self.stands.body.pathway

    @property
    def version(self) -> int:
        return 0 if self.stands is None else self.stands.version


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def editor(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """The drawing with everything on it, to be changed. ``do``: ``up step 3``, ``down step 3``,
    ``remove pain 1``, ``approve variant 1``, ``back version 2``.
    """
    session = leading(request)
    shown = _drawn(session, key, part)
    if request.method == "POST":
        _do(request, session, shown)
        return redirect("leaders-pathway-edit", key=key, part=part)
    before = queries.earlier(session, key, part) if shown.stands else []
    people = names_of(session, before)
    pathway = shown.pathway
    context = {
        **tabs(request, shown.found, ""),
        "part": shown.part,
        "title": part_title(shown.part),
        "pathway": pathway,
        "version": shown.version,
        "steps": [(n, each, words.VALUES[each.value]) for n, each in enumerate(pathway.steps, 1)],
        "handovers": list(enumerate(pathway.handovers, 1)),
        "lanes": [(n, each, words.LEVELS[each.level]) for n, each in enumerate(pathway.lanes, 1)],
        "pains": [
            (n, each, words.PAINS[each.kind]) for n, each in enumerate(pathway.pain_points, 1)
        ],
        "variants": list(enumerate(pathway.variants, 1)),
        "side": {
            "title": part_title(shown.part),
            "lanes": drawn(pathway, lanes_of([pathway])) if pathway.lanes else None,
        },
        "faults": [(words.FAULTS[fault], about) for fault, about in faults(pathway)]
        if shown.stands
        else [],
        "versions": [(each, people.get(each.author, "")) for each in before],
        "undo": 0 if shown.stands is None else drawing_actions.before(shown.stands),
        "copies": [
            (each.key, part_title(each))
            for each in shown.found.parts
            if each.key in shown.found.drawings and shown.stands is None
        ],
        "is_as_is": shown.part.kind is Kind.AS_IS,
        "published": shown.found.body.published,
        "news": NEW,
    }
    return page(request, "leaders/pathway_editor.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def edit(request: HttpRequest, key: str, part: str, thing: str) -> HttpResponse:
    """One thing of the drawing: a new one, or ``?of=3`` of those that stand."""
    session = leading(request)
    shown, kind = _drawn(session, key, part), _thing(thing)
    conflict: dict[str, Any] | None = None
    if request.method == "POST":
        form = FORMS[kind](request.POST, pathway=shown.pathway)
        before = queries.earlier(session, key, part) if shown.stands else []
        outcome = _saved(session, shown, form, before) if form.is_valid() else ""
        if outcome is None:
            messages.success(request, gettext("Saved."))
            return redirect("leaders-pathway-edit", key=key, part=part)
        if outcome == _OVERTAKEN:
            form, conflict = _conflict(request, session, shown, form, before)
    else:
        form = _opened(request, shown, kind)
    is_new = not form["of"].value()
    context = {
        **tabs(request, shown.found, ""),
        "part": shown.part,
        "drawing": part_title(shown.part),
        "title": (NEW if is_new else CHANGE)[kind],
        "form": form,
        "conflict": conflict,
        "needs_lane": kind is Thing.STEP and not shown.pathway.lanes,
        "needs_step": kind not in {Thing.STEP, Thing.LANE} and not shown.pathway.steps,
    }
    status = 200 if request.method == "GET" else 409 if conflict else 422
    return page(request, "leaders/pathway_edit.html", context, status=status)


@require_POST
@for_duty(*sorted(LEADING))
def copy(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Begin a drawing as another of the same pathway stands."""
    session = leading(request)
    shown = _drawn(session, key, part)
    other = next((p for p in shown.found.parts if p.key == request.POST.get("of")), None)
    if other is None:
        raise NotFound("there is no such page")
    reason = gettext("Begun as a copy: %(drawing)s") % {"drawing": part_title(other)}
    try:
        drawing_actions.copy(session, key, part, other.key, seen=0, reason=reason)
    except PreconditionFailed:
        _say_overtaken(request)
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-pathway-edit", key=key, part=part)


def _drawn(session: Session, key: str, part: str) -> _Drawn:
    found = queries.improvement(session, key)
    chosen = next((each for each in found.parts if each.key == part), None)
    if chosen is None:
        raise NotFound("there is no such page")
    return _Drawn(found, chosen, found.drawings.get(part))


def _thing(name: str) -> Thing:
    if name not in set(Thing):
        raise NotFound("there is no such page")
    return Thing(name)


def _number(asked: str) -> int:
    """A number from 1; 0 for anything else."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0


def _at(pathway: Pathway, kind: Thing, of: int) -> Element:
    there = editing.elements(pathway, kind)
    if not 1 <= of <= len(there):
        raise NotFound("there is no such page")
    return there[of - 1]


def _opened(request: HttpRequest, shown: _Drawn, kind: Thing) -> EditForm:
    first: dict[str, Any] = {"version": shown.version}
    if "of" in request.GET:
        of = _number(request.GET["of"])
        first |= {"of": of, **FORMS[kind].said_of(_at(shown.pathway, kind, of))}
    elif _number(request.GET.get("after", "")):  # the step that a handover or a pain is about
        keys = [step.key for step in shown.pathway.steps][_number(request.GET["after"]) - 1 :][:1]
        first |= dict.fromkeys(("start", "step", "after"), "".join(keys))
    return FORMS[kind](initial=first, pathway=shown.pathway)


def _saved(
    session: Session, shown: _Drawn, form: EditForm, before: Sequence[Document[Drawing]]
) -> str | None:
    """None when it is saved; else what was in the way, which stands at the form but for ``overtaken``."""
    seen, of = form.cleaned_data["version"], form.cleaned_data["of"]
    was = _seen(before, form.thing, seen, of)
    reason = form.cleaned_data["why"] or str((CHANGE if of else NEW)[form.thing])
    try:
        new = form.element()
        drawing_actions.edit(
            session, shown.found.key, shown.part.key, seen=seen, reason=reason,
            change=lambda pathway: editing.put(pathway, form.thing, new, was, at=form.at),
        )  # fmt: skip
    except PreconditionFailed:
        return _OVERTAKEN
    except Refused as refused:
        form.add_error(None, str(words.REFUSALS[refused.why]))
    except (Unprocessable, ValueError):
        form.add_error(None, gettext("There is one like this already."))
    else:
        return None
    return ""


def _seen(
    before: Sequence[Document[Drawing]], kind: Thing, seen: int, of: int | None
) -> Element | None:
    """The thing as it was in the version she has looked at."""
    if not of:
        return None
    drawing = next((each for each in before if each.version == seen), None)
    if drawing is None:
        raise NotFound("there is no such page")
    return _at(drawing.body.pathway, kind, of)


def _conflict(
    request: HttpRequest,
    session: Session,
    shown: _Drawn,
    form: EditForm,
    before: Sequence[Document[Drawing]],
) -> tuple[EditForm, dict[str, Any]]:
    """Her form again with what she wrote, to be saved on top of what stands; and what was done meanwhile,
    with the thing as it stands beside hers.
    """
    seen, of = form.cleaned_data["version"], form.cleaned_data["of"]
    was = _seen(before, form.thing, seen, of)
    now: Element | None = None
    place = ""
    if was is not None:
        try:
            found = editing.find(shown.pathway, form.thing, was)
        except Refused:
            pass  # it is gone: hers becomes a new one when she saves
        else:
            now = editing.elements(shown.pathway, form.thing)[found]
            place = str(found + 1)
    sent = request.POST.copy()
    sent["version"], sent["of"] = str(shown.version), place
    again = FORMS[form.thing](sent, pathway=shown.pathway)
    again.is_valid()
    meanwhile = [each for each in before if each.version > seen]
    people = names_of(session, meanwhile)
    return again, {
        "versions": [(each, people.get(each.author, "")) for each in meanwhile],
        "is_gone": was is not None and now is None,
        "rows": _beside(again, now) if now is not None and now != was else [],
    }


def _beside(form: EditForm, now: Element) -> list[tuple[str, str, str]]:
    """Where what stands differs from what she wrote: the field, what stands, what she wrote."""
    stands, rows = form.said_of(now), []
    for bound in form.own_fields():
        there, hers = stands.get(bound.name), form.cleaned_data.get(bound.name, bound.value())
        if bound.name in stands and str(there or "") != str(hers or ""):
            rows.append((str(bound.label), _said(bound, there), _said(bound, hers)))
    return rows


def _said(bound: Any, value: Any) -> str:
    """A value of a field in words."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    choices = dict(getattr(bound.field, "choices", ()))
    return str(choices.get(value, value) or "–") if value not in (None, "") else "–"


def _do(request: HttpRequest, session: Session, shown: _Drawn) -> None:
    """What a button of the page asks for. Nothing was written, so nothing is lost when it is refused."""
    do, _, rest = request.POST.get("do", "").partition(" ")
    name, _, number = rest.partition(" ")
    seen, of = _number(request.POST.get("version", "")), _number(number)
    key, part = shown.found.key, shown.part.key
    try:
        if (do, name) == ("back", "version") and of:
            reason = gettext("Back to version %(version)s") % {"version": of}
            drawing_actions.go_back(session, key, part, of, seen=seen, reason=reason)
        else:
            kind = _thing(name)
            if not seen:
                raise NotFound("there is no such page")
            was = _at(queries.drawing(session, key, part, seen).body.pathway, kind, of)
            change, reason = _change(do, kind, was)
            drawing_actions.edit(session, key, part, change, seen=seen, reason=reason)
    except PreconditionFailed:
        _say_overtaken(request)
    except Refused as refused:
        messages.error(request, str(words.REFUSALS[refused.why]))
    else:
        messages.success(request, gettext("Saved."))


def _change(do: str, kind: Thing, was: Element) -> tuple[Edit, str]:
    """What is done with a thing, and why as it is kept."""
    about = {"thing": " ".join(editing.known_by(was)[:1])}
    if do in {"up", "down"} and kind in {Thing.STEP, Thing.LANE}:
        by = -1 if do == "up" else 1
        return lambda p: editing.move(p, kind, was, by), gettext("Moved: %(thing)s") % about
    if do == "remove":
        return lambda p: editing.drop(p, kind, was), gettext("Removed: %(thing)s") % about
    if do == "approve" and isinstance(was, LocalVariant):
        return lambda p: editing.approve(p, was), gettext("Variant approved: %(thing)s") % about
    raise NotFound("there is no such page")


def _say_overtaken(request: HttpRequest) -> None:
    messages.warning(request, gettext(
        "Somebody else has changed this meanwhile. Look at it, then save again."
    ))  # fmt: skip


__all__ = ["copy", "edit", "editor"]
