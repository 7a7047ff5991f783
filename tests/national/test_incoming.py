"""Referrals of both versions in one shape; addresses of the older messages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fellesjournal.national.discharge import read_discharge
from fellesjournal.national.envelope import Address, Conversation
from fellesjournal.national.incoming import incoming_referral
from fellesjournal.national.old_referral import read_old_referral
from fellesjournal.national.older import address_of_provider, counterpart
from fellesjournal.national.providers import AnotherId, Practitioner, Provider
from fellesjournal.national.referral import read_referral
from fellesjournal.national.values import Code, volven


def load(examples: Path, name: str) -> bytes:
    return (examples / "henvisning" / f"{name}.xml").read_bytes()


def test_a_new_and_an_old_referral_have_the_same_shape(examples: Path) -> None:
    new = incoming_referral(read_referral(load(examples, "Henvisning_ny_tilstand_v2-0_Ny")))
    old = incoming_referral(read_old_referral(load(examples, "henvisning_v1.1_n")))
    assert new.patient is not None
    assert old.patient is not None
    assert (new.patient.id, new.patient.type.volven) == (old.patient.id, old.patient.type.volven)
    assert (new.patient_name, old.patient_name) == ("Line Danser", "Danser, Line")
    assert new.diagnoses == old.diagnoses
    assert new.content == old.content
    assert (new.action, old.action) == ("N", "N")
    assert (new.kind, old.kind) == ("HENVISNING_NYTILSTAND", "HENVISNING")
    assert old.sender == Address("56704", "258521")
    assert old.receiver == Address("59", "90998") == new.receiver
    for one in (new, old):
        assert {reason.heading.system for reason in one.reasons if reason.heading} == {volven(8231)}
        assert {item.type.system for item in one.information} == {volven(8233)}


def test_a_change_names_the_message_it_changes_and_keeps_the_number(examples: Path) -> None:
    change = incoming_referral(read_referral(load(examples, "Henvisning_ny_tilstand_v2-0_Endring")))
    cancel = incoming_referral(
        read_referral(load(examples, "Henvisning_ny_tilstand_v2-0_Kansellering"))
    )
    later = Conversation(parent="m-2", first="m-1")
    message = read_referral(load(examples, "Henvisning_ny_tilstand_v2-0_Endring"))
    again = replace(message, info=replace(message.info, conversation=later))
    assert incoming_referral(again).replaces == "m-2"
    assert (change.action, cancel.action) == ("M", "C")
    assert change.replaces == "cf4efb50-3198-11e8-b566-0800200c9a66"
    assert change.document == cancel.document


def test_both_levels_are_needed_in_older_messages_too(examples: Path) -> None:
    party = counterpart("Sykehuset", "Kirurgisk avdeling", Address("1001", "1002"))
    assert address_of_provider(party.provider) == Address("1001", "1002")
    institution = party.provider.institution
    assert institution is not None
    assert address_of_provider(Provider(institution=replace(institution, departments=()))) is None
    assert address_of_provider(Provider(institution=replace(institution, id=None))) is None
    assert address_of_provider(Provider(practitioner=Practitioner(name="Lin"))) is None
    other = AnotherId(id="1001", type=Code("HER"))
    by_other = replace(institution, id="999", id_type=Code("ENH"), others=(other,))
    assert address_of_provider(Provider(institution=by_other)) == Address("1001", "1002")
    summary = read_discharge((examples / "epikrise" / "epikrise_v1.2_n.xml").read_bytes()).summary
    assert address_of_provider(summary.provider.provider) == Address("91393", "94866")
    assert address_of_provider(summary.requester.provider) == Address("91393", "91439")
