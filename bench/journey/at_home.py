"""Acts of home care: application, assessment, decision, plan, visits, doses, and the shift check."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bench.browsing import Form, Page, Sent
from bench.journey.people import Cast
from bench.journey.person import Deed, fill
from fellesjournal.foundation.clock import NORWAY

_MADE_WITHIN_SECONDS = 6.0
_LISTED_WITHIN_SECONDS = 60.0
HEALTH_CARE_AT_HOME = "15"

_ASSESSED = "Lagre en ny kartlegging"


def apply(cast: Cast, marker: str) -> None:
    """The citizen applies for help at home."""
    me = cast.citizen

    def look() -> Sent:
        form = me.open("/helsami/services/new/").form("services/new/")
        return fill(form, service=[form.choices["service"][0]], words=marker)

    me.act(look)
    me.stage.ledger.note(Deed("application", marker, cast.patient))


def decide(cast: Cast, marker: str) -> None:
    """The case officer assesses and decides."""
    officer = cast.officer

    def assess() -> Sent | None:
        page = _application(cast, marker)
        # who was asked to sign in again after she sent it sees that it is saved
        if page is None or _ASSESSED in page.text or not _has(page, "do=assess"):
            return None
        form = page.form("/applications/", having="do=assess")
        scores: dict[str, str | list[str]] = {
            name: values[2] for name, values in form.choices.items() if name.startswith("function-")
        }
        return form.filled(("do", "assess"), scores)

    def grant() -> Sent | None:
        page = _application(cast, marker)
        if page is None or not _has(page, "do=decide"):
            return None
        form = page.form("/applications/", having="do=decide")
        unit = next(each for each in form.choices["unit"] if "home-care" in each)
        return fill(
            form, ("do", "decide"), outcome="granted", hours="3,5", unit=unit, reason=marker
        )

    _wait(lambda: _application(cast, marker) is not None)
    officer.act(assess)
    officer.act(grant)
    officer.stage.ledger.note(Deed("decision", marker, cast.patient))


def _wait(until: Callable[[], bool]) -> None:
    """Until a job has put it on a list; when it never does, what follows is not done, and found."""
    deadline = time.monotonic() + _LISTED_WITHIN_SECONDS
    while not until() and time.monotonic() < deadline:
        time.sleep(0.3)


def _application(cast: Cast, marker: str) -> Page | None:
    """The application with these words, while it stands on the list."""
    officer = cast.officer
    for address in reversed(officer.open("/applications/").links(cast.record("applications/"))):
        page = officer.open(address)
        if marker in page.text:
            return page
    return None


def _has(page: Page, button: str) -> bool:
    return any(button in {f"{n}={v}" for n, v in form.buttons} for form in page.forms)


def plan(cast: Cast, marker: str) -> None:
    """The nurse adds an action to the plan, at which medicines are given, for these hours."""
    nurse = cast.home_nurse

    def look() -> Sent | None:
        page = nurse.open(cast.record("homecare/"))
        if marker in page.text:
            return None
        now = datetime.now(NORWAY)
        begins = max(now - timedelta(hours=3), now.replace(hour=0, minute=5))
        ends = min(now + timedelta(hours=2), now.replace(hour=23, minute=55))
        return fill(
            page.form("homecare/", having="text"), ("do", "save"), text=marker,
            begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}", gives_medicines="on",
        )  # fmt: skip

    nurse.act(look)
    nurse.stage.ledger.note(Deed("planned", marker, cast.patient))


def end_plan(cast: Cast, marker: str) -> None:
    """The nurse ends the action again."""
    nurse = cast.home_nurse

    def look() -> Sent | None:
        page = nurse.open(cast.record("homecare/"))
        for form in page.forms:
            if ("do", "end") in form.buttons and marker in form.around:
                return fill(form, ("do", "end"))
        return None

    nurse.act(look)


def visit(cast: Cast, marker: str) -> None:
    """The carer makes a visit: begins it, gives or does the first things, and ends it."""
    carer = cast.carer
    address = _visit_with(cast, marker)
    if address is None:  # the visits are made by a job; none has come
        carer.stage.ledger.count("visit not made yet")
        return

    def start() -> Sent | None:
        return _pressed(carer.open(address), "start")

    def account() -> Sent | None:
        page = carer.open(address)
        for what in ("given", "done"):
            found = _pressed(page, what, words=f"{marker} sent")
            if found is not None:
                return found
        return None

    def deviate() -> Sent:
        form = _form(carer.open(address), "deviation")
        facts = {name: carer.chance.choice(form.choices[name]) for name in ("kind", "harm")}
        return form.filled(("do", "deviation"), {"words": f"{marker} avvik", **facts})

    def end() -> Sent | None:
        return _pressed(carer.open(address), "end")

    carer.act(start)
    for _ in range(3):
        carer.act(account)
    carer.act(deviate)
    carer.stage.ledger.note(Deed("deviation", f"{marker} avvik", cast.patient))
    carer.act(end)


def _visit_with(cast: Cast, marker: str) -> str | None:
    """The address of the planned visit at which this is done."""
    carer = cast.carer
    deadline = time.monotonic() + _MADE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        for address in carer.open("/homecare/").links(cast.record("homecare/visits/")):
            page = carer.open(address)
            if marker in page.text and _has(page, "do=start"):
                return address
        time.sleep(0.3)
    return None


def _form(page: Page, do: str) -> Form:
    return page.form(having=f"do={do}")


def _pressed(page: Page, do: str, **words: str) -> Sent | None:
    """The first such form of the page filled in; None when there is none."""
    if not _has(page, f"do={do}"):
        return None
    form = _form(page, do)
    needed = {name: value for name, value in words.items() if name in dict(form.fields)}
    return fill(form, ("do", do), **needed)


def check_shift(cast: Cast, marker: str) -> None:
    """The nurse hands over by name what is open, and closes the shift, unless somebody is at work:
    nobody closes it while a visit is under way, and with five patients one mostly is.
    """
    nurse = cast.home_nurse

    def look() -> Sent | None:
        page = nurse.open("/homecare/shift/")
        if page.tree.xpath("//*[@id='under-way-title']"):
            return None
        forms = [form for form in page.forms if "part" in dict(form.fields)]
        if not forms:
            return None
        to = [each for each in forms[0].choices.get("to", ()) if "staff-carer" in each]
        said: dict[str, str | list[str]] = {"to": to[0]} if to else {}
        said |= {name: marker for name, _ in forms[0].fields if to and name.startswith("words-")}
        return forms[0].filled(None, said)

    nurse.act(look)


def decide_restart(cast: Cast, marker: str) -> None:
    """The nurse decides what follows after the stay in hospital (INV-25)."""
    nurse = cast.home_nurse

    def look() -> Sent | None:
        for form in nurse.open("/homecare/work/").forms:
            if form.action.startswith(cast.record("homecare/restart/")):
                return fill(form, restart=form.choices["restart"][0], words=marker)
        return None

    nurse.act(look)
