"""Blocks: see, make and end what is closed, and to whom."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.blocks.actions import (
    blocks_in_record,
    end_block,
    make_block,
    may_block,
)
from fellesjournal.access.blocks.derive import Block
from fellesjournal.care.privacy.directory import (
    MOST_FOUND,
    Choice,
    by_name,
    choices,
    who_was_here,
)
from fellesjournal.care.privacy.documents import documents
from fellesjournal.surfaces.portal.block_forms import BlockForm, read_form
from fellesjournal.surfaces.portal.block_wording import row_of, rows_of
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page
from fellesjournal.surfaces.portal.wording import area_choices


@require_GET
@in_helsami
def blocks(request: HttpRequest) -> HttpResponse:
    """The blocks that hold."""
    session = open_session(request)
    if not may_block(session):
        return page(request, "portal/blocks_closed.html", {}, status=404)
    return page(
        request, "portal/blocks.html", {"rows": rows_of(session, blocks_in_record(session))}
    )


@require_http_methods(["GET", "POST"])
@in_helsami
def new(request: HttpRequest) -> HttpResponse:
    """Make a block: choose, look at what it means, then decide.

    Posted also while she looks for a name: whom she thinks of closing out is nobody's to find
    in the history of a browser.
    """
    session = open_session(request)
    if not may_block(session):
        return page(request, "portal/blocks_closed.html", {}, status=404)
    if request.method == "GET":
        return _form(request, BlockForm())
    form = read_form(request.POST)
    step = request.POST.get("step", "")
    if step not in {"review", "confirm"}:
        return _form(request, form)
    block = form.block()
    if block is None:
        return _form(request, form, status=422)
    if step == "review":
        return _review(request, form, block)
    names = {choice.key: _full(choice) for choice in choices(session, form.holders)}
    make_block(session, block, names)
    messages.success(request, gettext("The block holds from now on."))
    return redirect("portal-blocks")


@require_POST
@in_helsami
def end(request: HttpRequest, consent_id: str) -> HttpResponse:
    """End a block."""
    end_block(open_session(request), consent_id)
    messages.success(request, gettext("The block has ended."))
    return redirect("portal-blocks")


def _form(request: HttpRequest, form: BlockForm, *, status: int = 200) -> HttpResponse:
    session = open_session(request)
    chosen = choices(session, form.holders)
    matches = by_name(session, form.words)
    known = {choice.reference for choice in chosen}
    found = [each for each in matches if each.reference not in known]
    known |= {choice.reference for choice in found}
    context = {
        "form": form,
        "chosen": chosen,
        "seen": [each for each in who_was_here(session) if each.reference not in known],
        "found": found,
        "nothing_found": bool(form.words) and not matches,
        "perhaps_more": len(matches) >= MOST_FOUND,
        "areas": area_choices(),
        "documents": [(d.reference, d.title, _day(d.day)) for d in documents(session)],
    }
    return page(request, "portal/block_new.html", context, status=status)


def _review(request: HttpRequest, form: BlockForm, block: Block) -> HttpResponse:
    context = {"form": form, "row": row_of(open_session(request), block)}
    return page(request, "portal/block_review.html", context)


def _full(choice: Choice) -> str:
    return f"{choice.name}, {choice.place}" if choice.place else choice.name


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
