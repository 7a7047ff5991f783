"""MB1: messages from citizens answered by the day that was promised."""

from __future__ import annotations

from pathlib import Path

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
    texts,
)
from fellesjournal.leadership.indicators.views import ANSWER_OWED

MB1 = Indicator(
    id="MB1",
    version="1",
    aliases=(),
    titles=texts(
        "Meldinger fra innbyggere besvart i tide",
        "Meldingar frå innbyggjarar svarte på i tide",
        "Messages from citizens answered in time",
    ),
    description=texts(
        "Andel av det innbyggere har spurt om som var besvart innen dagen de ble lovet svar."
        " Et nytt spørsmål i samme samtale, etter at det forrige var besvart, teller i stedet for det.",
        "Del av det innbyggjarar har spurt om som var svart på innan dagen dei vart lova svar."
        " Eit nytt spørsmål i same samtale, etter at det førre var svart på, tel i staden for det.",
        "Share of what citizens asked that was answered by the day they were promised an answer."
        " A new question in the same conversation, once the one before was answered, counts in its place.",
    ),
    functionality=texts(
        "Meldinger i HelsaMi, med én som eier svaret",
        "Meldingar i HelsaMi, med éin som eig svaret",
        "Messages in HelsaMi, with one who owns the answer",
    ),
    categories=texts(
        "Innbyggerinvolvering (tverrgående)",
        "Innbyggjarinvolvering (tverrgåande)",
        "Citizen involvement (cross-cutting)",
    ),
    services=texts(
        "Fastlege, hjemmetjeneste, sykehus og andre enheter innbyggere skriver til",
        "Fastlege, heimeteneste, sjukehus og andre einingar innbyggjarar skriv til",
        "GP, home care, hospital and other units that citizens write to",
    ),
    numerator=texts(
        "Besvart eller avsluttet innen fristen",
        "Svart på eller avslutta innan fristen",
        "Answered or closed by the deadline",
    ),
    denominator=texts(
        "Besvart, eller med frist som er ute",
        "Svart på, eller med frist som er ute",
        "Answered, or with a deadline that has passed",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(ANSWER_OWED,),
    query=(Path(__file__).parent / "query.sql").read_text(encoding="utf-8"),
    companions=(
        share(
            "unanswered",
            "Fristen ute uten svar, av alle",
            "Fristen ute utan svar, av alle",
            "Deadline passed without an answer, of all",
        ),
        number(
            "hours",
            "Fra spurt til besvart, median",
            "Frå spurt til svart, median",
            "From asked to answered, median",
            unit="t",
        ),
    ),
    exclusions={
        "waiting": texts(
            "Venter, og fristen er ikke ute",
            "Ventar, og fristen er ikkje ute",
            "Waiting, and the deadline has not passed",
        ),
        "undated": texts(
            "Avsluttet uten at tiden står",
            "Avslutta utan at tida står",
            "Closed without its time recorded",
        ),
    },
    source=texts(
        "Fellesjournals egen; dagene som loves, er antakelser (kan endres)",
        "Fellesjournal si eiga; dagane som vert lova, er antakingar (kan endrast)",
        "Fellesjournal's own; the days promised are assumptions (configurable)",
    ),
)

__all__ = ["MB1"]
