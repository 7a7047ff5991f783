"""Acts at the hospital: a referral assessed and given a time, a stay from emergency to summary."""

from __future__ import annotations

from datetime import datetime, timedelta

from bench.browsing import Page, Sent
from bench.journey.people import Cast
from bench.journey.person import Deed, Person, fill
from fellesjournal.foundation.clock import NORWAY

_DAYS_TO_BEGIN = 90


def accept(cast: Cast, marker: str) -> None:
    """The specialist accepts the referral: the patient is on the waiting list."""
    who = cast.specialist

    def look() -> Sent | None:
        page = _referral(who, cast, marker)
        begin_by = datetime.now(NORWAY) + timedelta(days=_DAYS_TO_BEGIN)
        return None if page is None or not _offers(page, "/accept/") else fill(
            page.form("/accept/"), care_by=f"{begin_by:%Y-%m-%d}"
        )  # fmt: skip

    who.act(look)


def allocate(cast: Cast, marker: str) -> None:
    """The secretary gives a time."""
    who = cast.secretary

    def look() -> Sent | None:
        page = _referral(who, cast, marker)
        if page is None or not _offers(page, "/allocate/"):
            return None
        day = datetime.now(NORWAY) + timedelta(days=who.chance.randrange(14, 60))
        return fill(page.form("/allocate/"), day=f"{day:%Y-%m-%d}", at="10:30", minutes="30")

    who.act(look)
    who.stage.ledger.note(Deed("allocation", marker, cast.patient))


def end_wait(cast: Cast, marker: str) -> None:
    """The secretary ends the wait: the patient has been seen."""
    who = cast.secretary

    def look() -> Sent | None:
        page = _referral(who, cast, marker)
        if page is None or not _offers(page, "/end/"):
            return None
        form = page.form("/end/")
        return fill(form, code=form.choices["code"][0])

    who.act(look)


def _referral(who: Person, cast: Cast, marker: str) -> Page | None:
    """The page of the referral that asks for this, as the office finds it on its lists."""
    lists = who.open("/referrals/")
    addresses = [
        each
        for page in (lists, *(who.open(tab) for tab in lists.links("/referrals/?")))
        for each in page.links(cast.record("referrals/"))
    ]
    for address in dict.fromkeys(addresses):
        page = who.open(address)
        if marker in page.text:
            return page
    return None


def _offers(page: Page, step: str) -> bool:
    return any(step in form.action for form in page.forms)


def break_glass(cast: Cast, marker: str) -> None:
    """The ward nurse opens a record that is closed to her, with a reason."""
    nurse = cast.nurse

    def look() -> Sent | None:
        page = nurse.open(cast.record())
        # a closed record that she has looked up is a page too
        if page.status == 200 and not _offers(page, "/access/emergency/"):
            return None
        nurse.show(fill(nurse.open("/patients/").form("/patients/", having="q"), q=cast.number))
        form = nurse.open(cast.record()).form("/access/emergency/")
        return fill(form, reason_code=form.choices["reason_code"][0], reason=marker)

    nurse.act(look)


def admit(cast: Cast, marker: str) -> None:
    """Acute, by the nurse; one of the demo's people lies there when it begins."""
    nurse = cast.nurse
    if _stay(cast) is not None:
        return

    def look() -> Sent | None:
        if _stay(cast) is not None:
            return None
        page = nurse.open(cast.record("stays/new/"))
        form = page.form("stays/new/")
        return fill(form, how="acute", reason=marker, bed="205-2",
                    doctor=next(each for each in form.choices["doctor"] if "hospital-doctor" in each))  # fmt: skip

    nurse.act(look)
    nurse.stage.ledger.note(Deed("stay", marker, cast.patient))


def _stay(cast: Cast) -> str | None:
    """The address of the stay that goes on, found on the board of the ward."""
    links = cast.nurse.open("/ward/").links(cast.record("stays/"))
    there = [each for each in links if not each.endswith("/discharge/")]
    return there[0] if there else None


def mark_ready(cast: Cast, marker: str) -> None:
    """The doctor says that she is ready for discharge."""
    doctor = cast.doctor

    def look() -> Sent | None:
        stay = _stay(cast)
        page = None if stay is None else doctor.open(stay)
        if page is None or _offers(page, "/not-ready/"):
            return None
        return fill(page.form("/ready/"))

    doctor.act(look)
    doctor.stage.ledger.note(Deed("ready", marker, cast.patient))


def discharge(cast: Cast, marker: str) -> None:
    """The doctor writes the summary, looks at it as it will be received, signs and sends it."""
    doctor = cast.doctor

    def look() -> Sent | None:
        stay = _stay(cast)
        if stay is None:
            return None
        form = doctor.open(f"{stay}discharge/").form("/discharge/", having="do=show")
        shown = doctor.show(
            form.filled(
                ("do", "show"),
                {"course": marker, "diagnoses": "Hjertesvikt (I50)", "follow-up": "Hos fastlegen."},
            )
        )
        ready = shown.form("/discharge/", having="do=send")
        return fill(ready, ("do", "send"))

    doctor.act(look)
    doctor.stage.ledger.note(Deed("summary", marker, cast.patient))
