"""Acts of the citizen and her GP: booking, note, laboratory, referral, letter, medicines."""

from __future__ import annotations

from bench.browsing import Form, Sent, words_of
from bench.journey.people import Cast
from bench.journey.person import Deed, Person, fill

CLINIC = "HealthcareService/service-ward-st-olavs-surgical-outpatient"
OUTSIDE_CLINIC = "HealthcareService/service-outside-skin"
MOST_HELD = 3
OUTSIDE = "Lyngåsen"


def _done(person: Person, kind: str, marker: str, cast: Cast) -> None:
    person.stage.ledger.note(Deed(kind, marker, cast.patient))


def make_room(cast: Cast) -> None:
    """She calls one off when she holds as many times as she may."""
    me = cast.citizen

    def look() -> Sent | None:
        held = me.open("/helsami/appointments/").links("/cancel/")
        return None if len(held) < MOST_HELD else fill(me.open(held[0]).form(having="version"))

    me.act(look)


def book(cast: Cast, marker: str) -> None:
    """The citizen takes one of the first free times, whichever is free still."""
    me = cast.citizen

    def look() -> Sent | None:
        if marker in me.open("/helsami/appointments/").text:
            return None
        free = me.open("/helsami/appointments/new/").links("start=")
        chosen = me.open(me.chance.choice(free)) if free else me.open("/helsami/appointments/new/")
        return fill(chosen.form(having="start"), reason=marker)

    me.act(look)
    _done(me, "appointment", marker, cast)


def write_note(cast: Cast, marker: str) -> None:
    """The GP writes a note and signs it."""
    gp = cast.gp
    begun: list[str] = []

    def begin() -> Sent:
        return fill(gp.open(cast.record("notes/")).form("notes/new/"))

    def write() -> Sent:
        form = gp.open(begun[0]).form("write", having="do=save")
        return fill(form, ("do", "save"), reason=marker, plan="Kontroll om en uke")

    def sign() -> Sent | None:
        page = gp.open(begun[0].replace("/write/", "/sign/"))
        return None if "/sign/" not in page.path else fill(page.form("/sign/"), ("do", "sign"))

    page = gp.act(begin)
    assert page is not None  # it always sends
    begun.append(page.path)
    gp.act(write)
    gp.act(sign)
    _done(gp, "note", marker, cast)


def order_tests(cast: Cast, marker: str) -> None:
    """The GP sends a requisition, waits for the answer, and acknowledges it."""
    gp = cast.gp

    def look() -> Sent | None:
        if marker in _requisitions(cast):
            return None
        form = gp.open(cast.record("laboratory/new/")).form("laboratory/new/")
        return fill(form, panels=["infection"], sample="here", information=marker)

    gp.act(look)
    _done(gp, "requisition", marker, cast)


def acknowledge_results(cast: Cast, marker: str) -> None:
    """The GP acknowledges all that awaits her of this patient."""
    gp = cast.gp

    def look() -> Sent | None:
        waiting = gp.open("/results/").links(cast.record("reports/"))
        if not waiting:
            return None
        form = gp.open(waiting[0]).form("acknowledge")
        return fill(form, ("do", "action"), words=marker)

    while gp.act(look) is not None:
        pass


def _requisitions(cast: Cast) -> str:
    """The words of all requisitions of the patient, each on its own page."""
    gp = cast.gp
    page = gp.open(cast.record("laboratory/"))
    newest = [each for each in page.links(cast.record("laboratory/")) if "/new/" not in each]
    return " ".join(gp.open(each).text for each in newest[:3])


def refer(cast: Cast, marker: str) -> None:
    """The GP refers to the hospital's clinic."""
    _refer(cast, marker, CLINIC)


def refer_outside(cast: Cast, marker: str) -> None:
    """The GP refers to a clinic on another system: by a national message."""
    _refer(cast, marker.replace("Reisen", "Utslett"), OUTSIDE_CLINIC)


def _refer(cast: Cast, marker: str, receiver: str) -> None:
    gp = cast.gp

    def look() -> Sent | None:
        if marker in gp.open(cast.record("referrals/")).text:
            return None
        form = gp.open(cast.record("referrals/new/")).form("referrals/new/")
        return fill(
            form, ("send", "1"), receiver=receiver, what=marker, diagnosis="Kneartrose",
            history="Vondt i to år.",
        )  # fmt: skip

    gp.act(look)
    _done(gp, "referral", marker, cast)


def send_letter(cast: Cast, marker: str) -> None:
    """The GP writes to the patient and to a unit on another system."""
    gp = cast.gp

    def look() -> Sent | None:
        if marker in gp.open(cast.record("letters/")).text:
            return None
        form = gp.open(cast.record("letters/new/")).form("letters/new/", having="show")
        said = {"title": marker, "text": "Du er innkalt til kontroll.", "unit_name": OUTSIDE}
        shown = gp.show(form.filled(("show", "1"), dict(said)))
        return fill(shown.form("letters/new/", having="send"), ("send", "1"))

    gp.act(look)
    _done(gp, "letter", marker, cast)


def prescribe(cast: Cast, marker: str) -> None:
    """The GP prescribes, and answers what the page asks first."""
    gp = cast.gp

    def look() -> Sent | None:
        if marker in gp.open(cast.record("medicines/")).text:
            return None
        form = gp.open(cast.record("medicines/new/?item=fj-39")).form("medicines/new/")
        shown = gp.show(fill(form, dose="1x3", reason=marker))
        return _confirmed(shown.form("medicines/new/"))

    gp.act(look)
    _done(gp, "prescription", marker, cast)


def stop_medicine(cast: Cast, marker: str) -> None:
    """The GP stops what she prescribed, so that the list stays short."""
    gp = cast.gp

    def look() -> Sent | None:
        page = gp.open(cast.record("medicines/"))
        for line in page.tree.iter("article"):
            if marker in words_of(line):
                for each in line.iter("a"):
                    if "/stop/" in str(each.get("href")):
                        return fill(gp.open(str(each.get("href"))).form("stop"), why=marker)
        return None

    gp.act(look)


def _confirmed(form: Form) -> Sent:
    said: dict[str, str | list[str]] = {}
    if form.choices.get("confirm"):
        said["confirm"] = form.choices["confirm"]
    if "override" in dict(form.fields):
        said["override"] = "Vurdert, fordelen er størst."
    return form.filled(None, said)


def read_letters(cast: Cast, _marker: str) -> None:
    """The GP reads the discharge letters about this patient."""
    gp = cast.gp

    def look() -> Sent | None:
        for form in gp.open("/deliveries/").forms:
            if form.action.endswith("/read/"):
                return fill(form)
        return None

    for _ in range(3):
        gp.act(look)
