"""A head to put on messages in tests: invented parties, one synthetic patient."""

from __future__ import annotations

from fellesjournal.national.envelope import MessageInfo, Party
from fellesjournal.national.people import Ident, Organisation, Person, her
from fellesjournal.national.values import Code, Coded, Timestamp, volven

HOSPITAL = Organisation(
    name="Sykehuset",
    idents=(her("1001"),),
    unit=Organisation(name="Kirurgisk avdeling", idents=(her("1002"),)),
)
OFFICE = Organisation(
    name="Legekontoret",
    idents=(her("2001"),),
    unit=Organisation(name="Fastlege", idents=(her("2002"),)),
)
PATIENT = Person(
    family="Dæhli-Åsen",
    given="Kåre",
    idents=(Ident(id="13896912345", type=Coded("FNR", volven(8116), "Fødselsnummer")),),
)


def info(kind: str, patient: Person | None = PATIENT) -> MessageInfo:
    """A head from the hospital to the office."""
    return MessageInfo(
        kind=Code(kind),
        generated=Timestamp("2026-11-22T10:00:00+01:00"),
        id="6f1c2f6e-0000-4000-8000-000000000001",
        sender=Party(organisation=HOSPITAL),
        receiver=Party(organisation=OFFICE),
        patient=patient,
    )
