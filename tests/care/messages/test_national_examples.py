"""The national examples, as outsiders would send them: read, filed, owned, answered (INV-16)."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from fellesjournal.access import acts
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.outside.incoming import REFERRALS, Incoming, read_incoming
from fellesjournal.care.messages.outside.receiving import Fate, take_in
from fellesjournal.care.referrals.actions.case import load, search_all
from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national.receipts import read_receipt
from fellesjournal.registry.numbers import FNR_SYSTEM
from fellesjournal.surfaces.stand_in.outsider import work as outsider_works
from tests.care.messages.region import unit, work
from tests.staff import SYSTEM, put

READ = (
    "dialog/*.xml", "epikrise/*.xml", "henvisning/*.xml", "plo/*.xml",
)  # fmt: skip
NOT_READ = ("rekvisisjon/*.xml", "svarrapport/*.xml")


def examples(shared_data: Path, patterns: tuple[str, ...]) -> list[Path]:
    folder = shared_data / "norway" / "messages"
    return sorted(path for pattern in patterns for path in folder.glob(pattern))


def world_of(message: Incoming) -> None:
    """The units and the patient that an example names."""
    for each in message.receivers:
        unit(f"her-{each.party}", each.party, name="Mottaker")
    assert message.sender is not None
    unit(f"her-{message.sender.party}", message.sender.party, name=message.sender_name)
    ((_, number),) = message.patient
    put("Patient", f"she-{number}", name=[{"text": "Navn"}],
        identifier=[{"system": FNR_SYSTEM, "value": number}])  # fmt: skip


def receipts(box: Path) -> list[str | None]:
    return [read_receipt(path.read_bytes()).status.code for path in (box / "out").iterdir()]


def test_every_example_of_the_kinds_that_are_read_is_filed_owned_and_answered(
    empty_record: None, box: Path, shared_data: Path
) -> None:
    del empty_record
    found = examples(shared_data, READ)
    assert len(found) >= 31
    for path in found:
        message = read_incoming(path.read_bytes())
        world_of(message)
        to = f"Organization/her-{message.receivers[0].party}"
        assert take_in(SYSTEM, path.read_bytes()) is Fate.QUEUED, path.name
        work()
        if message.kind in REFERRALS:
            owned = [load(SYSTEM, str(data["id"])) for data, _ in search_all(
                SYSTEM, "ServiceRequest", [("patient", f"Patient/she-{message.patient[0][1]}")])]  # fmt: skip
            assert owned, path.name
            assert to in {case.work.owner for case in owned}
        else:
            titles = [
                acts.read(SYSTEM, *task["focus"]["reference"].split("/"))[0]["description"]
                for task in queries.received(SYSTEM, to)
            ]
            assert message.title in titles, path.name
    assert set(receipts(box)) == {"1"}
    assert len(receipts(box)) == len(found)


def test_what_is_read_to_people_holds_the_words_of_the_example(shared_data: Path) -> None:
    folder = shared_data / "norway" / "messages"
    summary = read_incoming((folder / "epikrise/epikrise_v1.2_n.xml").read_bytes()).text
    for words in ("Årsak til innleggelse", "Selo-Zok, 50 mg, 1 ", "Cave"):
        assert words in summary
    left = folder / "plo/Pasientlogistikk_Melding_om_utskrevet_pasient_v1-6_Ny.xml"
    assert "Utskrevet til: 1 Bosted/arbeidssted" in read_incoming(left.read_bytes()).text


WORDS = {
    "Notat", "Merknad", "DosVeiledEnkel", "Navn", "AllergiskMot", "CaveStikkord", "StedTime",
    "BetegnelseTjeneste", "TidligereSykdom", "IntervensjonTiltakBeskrivelse",
    "BeskrivelseAvHendelse", "BetegnelseHjelpemiddel",
}  # fmt: skip


def test_no_words_of_a_nursing_or_care_report_are_left_out(shared_data: Path) -> None:
    """Each note, dose, allergy and service of the examples stands in what people read."""
    found = examples(shared_data, ("plo/*.xml",))
    reports = [path for path in found if not path.name.startswith("Pasientlogistikk")]
    assert len(reports) == 10
    for path in reports:
        text = " ".join(read_incoming(path.read_bytes()).text.split())
        for node in etree.parse(str(path)).iter("{*}*"):
            words = " ".join((node.text or "").split()).rstrip(" .")
            if etree.QName(node).localname in WORDS and words:
                assert words in text, (path.name, words)


def test_a_medicine_that_was_stopped_is_never_read_as_in_use(shared_data: Path) -> None:
    (path,) = examples(shared_data, ("plo/Utskrivningsrapport_v1-6_Ny.xml",))
    lines = read_incoming(path.read_bytes()).text.splitlines()
    (line,) = [line for line in lines if "Marevan" in line]
    assert line.startswith("Seponering: Marevan Tablett 2,5 mg. Multidose: ")


def test_kinds_that_are_not_read_are_rejected_and_the_sender_told(
    empty_record: None, box: Path, shared_data: Path
) -> None:
    del empty_record
    found = examples(shared_data, NOT_READ)
    assert len(found) >= 8
    for path in found:
        assert take_in(SYSTEM, path.read_bytes()) is Fate.REJECTED, path.name
    assert receipts(box) == ["2"] * len(found)


@pytest.mark.parametrize("patterns", [READ])
def test_the_outsider_of_the_demo_answers_every_example(
    tmp_path: Path, shared_data: Path, patterns: tuple[str, ...]
) -> None:
    box = Mailbox(tmp_path)
    found = examples(shared_data, patterns)
    for turn, path in enumerate(found):
        box.send(f"{turn}.xml", path.read_bytes())
    assert outsider_works(tmp_path) == len(found)
    answers = [box.read(name) for name in box.waiting()]
    codes = [read_receipt(each).status.code for each in answers if b"AppRec" in each[:400]]
    assert codes == ["1"] * len(found)
