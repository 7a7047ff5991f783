"""A GP's office on another system, and a network between that drops, doubles, delays, reorders."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national.answers import heading_of, receipt_for
from fellesjournal.national.dialogue import Dialogue, DialogueMessage, Note, write_dialogue
from fellesjournal.national.envelope import MessageInfo, Party
from fellesjournal.national.people import Ident, Organisation, Person, her
from fellesjournal.national.receipts import Outcome, read_receipt, write_receipt
from fellesjournal.national.values import Code, Coded, RichText, Timestamp, volven

NOW = Timestamp("2026-11-22T12:00:00Z")


def party(entity: str, service: str) -> Party:
    """Somebody with HER-ids on two levels."""
    unit = Organisation(name="tjeneste", idents=(her(service),))
    return Party(organisation=Organisation(name="enhet", idents=(her(entity),), unit=unit))


OUTSIDER = party("9001", "9002")
OFFICE = party("8001", "8002")


@dataclass
class Outsider:
    """Takes each message in once, answers each with a receipt, and writes letters."""

    outcome: Outcome = Outcome.ACCEPTED
    documents: dict[str, bytes] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    got: int = 0

    def take_in(self, content: bytes) -> bytes | None:
        """Its answer to a message; None to a receipt."""
        self.got += 1
        heading = heading_of(content)
        if heading.root[1] == "AppRec":
            self.receipts.append(read_receipt(content).original.id)
            return None
        assert heading.id is not None
        self.documents[heading.id] = content
        number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"answer {heading.id}"))
        return write_receipt(receipt_for(heading, receipt_id=number, now=NOW, outcome=self.outcome))


def letter_from_outside(
    number: str, *, patient: str = "01819012345", to: Party = OFFICE, text: str = "Takk for sist."
) -> bytes:
    """A professional dialogue message from the outsider."""
    return write_dialogue(
        DialogueMessage(
            info=MessageInfo(
                kind=Code("DIALOG_HELSEFAGLIG", "Helsefaglig dialog"),
                generated=NOW,
                id=number,
                sender=OUTSIDER,
                receiver=to,
                patient=Person(
                    family="Fiktiv",
                    given="Anna",
                    idents=(Ident(id=patient, type=Coded("FNR", volven(8116))),),
                ),
            ),
            payload=Dialogue(
                notes=(
                    Note(
                        topic=Coded("6", volven(7322), "Henvendelse om pasient"),
                        title="Tilbakemelding",
                        text=RichText(text),
                    ),
                )
            ),
        )
    )


@dataclass
class Network:
    """Carries what lies in ``out`` to the outsider, and its answers back, with faults."""

    folder: Path
    outsider: Outsider
    chance: random.Random
    drop: float = 0.0
    double: float = 0.0
    delay: float = 0.0
    waiting: list[tuple[str, bytes]] = field(default_factory=list)
    fetched: list[bytes] = field(default_factory=list)

    def carry(self) -> None:
        """One round in each direction, in any order."""
        out = self.folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(out.iterdir()):
            content = path.read_bytes()
            path.unlink()
            self.fetched.append(content)
            self._on("there", content)
        self.chance.shuffle(self.waiting)
        now, self.waiting = self.waiting, []
        for direction, content in now:
            if self.chance.random() < self.delay:
                self.waiting.append((direction, content))
            elif direction == "there":
                answer = self.outsider.take_in(content)
                if answer is not None:
                    self._on("back", answer)
            else:
                Mailbox(self.folder).receive(f"{uuid.uuid4()}.xml", content)

    def _on(self, direction: str, content: bytes) -> None:
        if self.chance.random() < self.drop:
            return
        self.waiting.append((direction, content))
        if self.chance.random() < self.double:
            self.waiting.append((direction, content))
