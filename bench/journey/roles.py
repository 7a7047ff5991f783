"""What people do all day: the pages of the journey, by role, in the order they come to them.

A round is a list of steps; each takes the person and the patients she may see, and opens a page
or fills in a form.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.browsing import Page, Sent
from bench.journey.person import Person, fill

Step = Callable[[Person, Sequence[str]], object]


def at(address: str) -> Step:
    """A page at a fixed address."""

    def step(person: Person, _patients: Sequence[str]) -> Page:
        return person.open(address)

    return step


def of_one(place: str) -> Step:
    """A page of the record of one of the patients."""

    def step(person: Person, patients: Sequence[str]) -> Page:
        return person.open(f"/patients/{person.chance.choice(patients)}/{place}")

    return step


def through(address: str, part: str) -> Step:
    """A list, and one of the pages it leads to."""

    def step(person: Person, _patients: Sequence[str]) -> Page:
        page = person.open(address)
        links = page.links(part)
        return person.open(person.chance.choice(links)) if links else page

    return step


def find(person: Person, patients: Sequence[str]) -> None:
    """Look for somebody by a few letters of a name."""
    del patients
    words = person.chance.choice(("Ols", "Berg", "Hans", "Kvern", "Mo"))
    person.act(lambda: fill(person.open("/patients/").form("/patients/", having="q"), q=words))


def write_note(person: Person, patients: Sequence[str]) -> None:
    """Begin a note, save it, sign it."""
    record = f"/patients/{person.chance.choice(patients)}/"
    words = f"Kontroll {uuid.uuid4()}"
    page = person.act(lambda: fill(person.open(f"{record}notes/").form("notes/new/")))
    assert page is not None  # a form is sent each time
    address = page.path

    def save() -> Sent:
        form = person.open(address).form("write", having="do=save")
        return fill(form, ("do", "sign"), reason=words)

    def sign() -> Sent | None:
        shown = person.open(address.replace("/write/", "/sign/"))
        if "/sign/" not in shown.path:
            return None
        form = shown.form("/sign/")
        # for a patient between 12 and 16 nobody else chooses who may read it
        return fill(form, ("do", "sign"), shown=form.choices["shown"][0])

    person.act(save)
    person.act(sign)


def order_tests(person: Person, patients: Sequence[str]) -> None:
    """Order a panel of analyses."""
    address = f"/patients/{person.chance.choice(patients)}/laboratory/new/"

    def look() -> Sent:
        form = person.open(address).form("laboratory/new/")
        return fill(form, panels=["infection"], sample="here", information="Kontroll")

    person.act(look)


def acknowledge(person: Person, patients: Sequence[str]) -> None:
    """Take note of a result, when one waits."""
    del patients

    def look() -> Sent | None:
        links = person.open("/results/").links("/reports/")
        if not links:
            return None
        page = person.open(person.chance.choice(links))
        mine = [form for form in page.forms if form.action.endswith("/acknowledge/")]
        return fill(mine[0], ("do", "no-action")) if mine else None

    person.act(look)


def book(person: Person, patients: Sequence[str]) -> None:
    """A citizen books, or calls off what she holds."""
    del patients

    def look() -> Sent | None:
        held = person.open("/helsami/appointments/").links("/cancel/")
        if held:
            return fill(person.open(held[0]).form(having="version"))
        free = person.open("/helsami/appointments/new/").links("start=")
        if not free:
            return None
        return fill(person.open(person.chance.choice(free)).form(having="start"))

    person.act(look)


@dataclass(frozen=True, slots=True)
class Role:
    """How many play it, as whom, and what they do."""

    name: str
    kind: str
    people: Sequence[str]
    users: int
    round: Sequence[Step]


_CITIZENS = ("cast-aslaug", "cast-marit", "cast-sunniva", "cast-havard", "cast-thea")
ROLES = (
    # one of each: two who are the same person would call off each other's appointments
    Role("citizen who books", "citizen", _CITIZENS, 5,
         (at("/helsami/"), book, at("/helsami/referrals/"), at("/helsami/letters/"))),
    Role(
        "citizen who reads", "citizen", _CITIZENS, 10,
        (at("/helsami/"), at("/helsami/appointments/"), at("/helsami/medicines/"),
         at("/helsami/results/"), at("/helsami/notes/"), at("/helsami/referrals/"),
         at("/helsami/letters/"), at("/helsami/services/"), at("/helsami/seen/")),
    ),
    Role(
        "GP", "staff", ("staff-gp-trondheim",), 12,
        (find, of_one(""), write_note, of_one("medicines/"), order_tests, acknowledge,
         of_one("laboratory/"), of_one("referrals/"), at("/day/"), at("/deliveries/"),
         of_one("appointments/")),
    ),
    Role(
        "ward", "staff", ("staff-ward-nurse", "staff-hospital-doctor"), 8,
        (at("/ward/"), through("/ward/", "/stays/"), at("/results/"), at("/notes/"), at("/deliveries/")),
    ),
    Role(
        "office", "staff", ("staff-referral-doctor", "staff-referral-secretary", "staff-case-officer"), 5,
        (at("/referrals/"), through("/referrals/", "/referrals/"), at("/applications/"),
         through("/applications/", "/applications/")),
    ),
    Role(
        "home care", "staff", ("staff-home-care-nurse", "staff-carer"), 10,
        (at("/homecare/"), through("/homecare/", "/visits/"), at("/homecare/work/"), at("/homecare/shift/")),
    ),
)  # fmt: skip

__all__ = ["ROLES", "Role", "Step"]
