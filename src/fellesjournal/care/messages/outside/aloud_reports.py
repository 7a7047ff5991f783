"""A nursing or care report as people read it: what is previewed, signed and received (INV-41).

The same words are made of a report before it is sent and of one that came: parts under headings,
in the order in which a nurse looks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

from fellesjournal.care.messages.letters import Section
from fellesjournal.care.messages.outside.aloud import before, plain, shown, when
from fellesjournal.national.care import TimedEvent
from fellesjournal.national.nursing import Report
from fellesjournal.national.nursing_parts import (
    Aids,
    Assessment,
    Control,
    Diagnosis,
    Goal,
    Measure,
    Medical,
    Nursing,
    OtherProfessions,
    Service,
)
from fellesjournal.national.people import Organisation, Person, Professional
from fellesjournal.national.prescribed import (
    GivenAtTransfer,
    GivenByStaff,
    Medicine,
    Prescribed,
    TakenBySelf,
)
from fellesjournal.national.record_notes import AllergyNote, Note, NoteText
from fellesjournal.national.values import Quantity

T = TypeVar("T")
Lines = Iterator[str]
_YES_NO = {True: "ja", False: "nei"}


def report(says: Report) -> tuple[str, tuple[Section, ...]]:
    """What stands before the title (of a change or a cancellation), and the parts."""
    parts = (
        ("Innhold", _content(says)),
        ("Opphold", (_event(each.event) for each in says.stay)),
        ("Diagnoser", _diagnoses(says)),
        ("Kritisk informasjon", _critical(says)),
        ("Medisinske opplysninger", _medical(says.medical)),
        ("Legemidler", _each(says.medicines, _medicine)),
        ("Gitt ved overføring", _given(says.nursing)),
        ("Sykepleie", _nursing(says.nursing)),
        ("Tjenester", _each(says.services, _service)),
        ("Behov for tjenester", _needs(says)),
        ("Funksjonsnivå", _functions(says)),
        ("Andre faggrupper", _each(says.professions, _profession)),
        ("Andre viktige opplysninger", _other(says)),
        ("Kontroller", _each(says.controls, _control)),
        ("Hjelpemidler", _aids(says.aids)),
        ("Om pasienten", _patient(says)),
        ("Kontakter", _contacts(says)),
        ("Ansvarlig for rapporten", _responsible(says)),
    )
    made = ((heading, tuple(filter(None, map(plain, lines)))) for heading, lines in parts)
    return before(says.sending.action), tuple(Section(*each) for each in made if each[1])


def as_text(sections: Iterable[Section]) -> str:
    """The parts as one text; the same that a letter makes of them."""
    return "\n\n".join(
        "\n\n".join(filter(None, [each.heading, *each.paragraphs])) for each in sections
    )


def _each(found: Iterable[T], words: Callable[[T], Lines]) -> Lines:
    for one in found:
        yield from words(one)


def _said(name: str, *words: object) -> str:
    """``name: words``; empty where there are none."""
    text = ", ".join(str(each) for each in words if each not in (None, ""))
    return f"{name}: {text}" if text else ""


def _truth(name: str, *, said: bool | None) -> str:
    return "" if said is None else f"{name}: {_YES_NO[said]}"


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}".replace(".", ",")


def _amount(value: Quantity | None) -> str:
    if value is None:
        return ""
    return " ".join(filter(None, [_number(value.value), value.unit]))


def _content(says: Report) -> Lines:
    if says.content:
        name = says.content.type.display or says.content.type.code or "Rapport"
        yield _said(name, says.content.remark) or name
    if says.consultation:
        yield says.consultation.type.display or says.consultation.type.code or ""
        yield says.consultation.remark or ""
    asked = says.sending.asked
    if asked:
        yield _said("Svar på", shown(asked.type), asked.question, asked.reason)
    if says.applied:
        yield _truth("Har søkt selv", said=says.applied.herself)
        yield says.applied.remark or ""


def _event(event: TimedEvent) -> str:
    code = event.code.display or event.code.code if event.code else ""
    name = ". ".join(filter(None, [code, event.description])) or "Hendelse"
    at = f"{when(event.at)}{' (anslag)' if event.is_estimate else ''}"
    return _said(name, at, event.place.name if event.place else "", event.remark)


def _diagnoses(says: Report) -> Lines:
    for group in says.diagnoses:
        for one in group.items:
            yield _diagnosis(one)
    if says.statistics:
        for period in says.statistics.diagnoses:
            ends = f" – {when(period.ends)}" if period.ends else ""
            yield f"{_diagnosis(period.diagnosis)} ({when(period.begins)}{ends})"
        if says.statistics.event:
            yield _event(says.statistics.event)


def _diagnosis(one: Diagnosis) -> str:
    words = " ".join(filter(None, [shown(one.code), one.description]))
    return f"Hoveddiagnose: {words}" if one.is_main else words


def _critical(says: Report) -> Lines:
    medical, other = says.medical, says.other
    if medical and medical.beware:
        for warned in medical.beware.warnings.warned:
            yield f"CAVE: {warned.word}"
            yield from _texts((warned.text,) if warned.text else ())
        yield from _each(medical.beware.allergies, _allergy)
    if medical:
        yield from _each(medical.allergies, _allergy)
    if other:
        yield from _each(other.allergies, _allergy)


def _allergy(note: AllergyNote) -> Lines:
    told = note.allergy
    holds = (
        ("legemidler", told.when_prescribing), ("mat og drikke", told.in_food),
        ("kontakt", told.by_contact), ("pollen eller insekter", told.pollen_or_insects),
    )  # fmt: skip
    of = [name for name, is_so in holds if is_so]
    yield _said(
        f"Allergi: {told.to}", *of, shown(told.substance), shown(told.other_substance),
        shown(told.anaphylaxis),
    ) or f"Allergi: {told.to}"  # fmt: skip
    yield from _texts(note.texts)


def _medical(medical: Medical | None) -> Lines:
    if medical is None:
        return
    if medical.blood_type:
        blood = medical.blood_type
        yield _said("Blodtype", shown(blood.type), shown(blood.rhesus), blood.remark)
    for each in medical.earlier:
        if each.illness:
            name = "Kronisk" if each.illness.is_lasting else "Tidligere"
            yield _said(name, each.illness.name, shown(each.illness.code))
        yield from _texts((each.text,) if each.text else ())
    yield from _notes(medical.notes)


def _notes(notes: Iterable[Note]) -> Lines:
    for note in notes:
        yield from _texts(note.texts)


def _texts(texts: Iterable[NoteText]) -> Lines:
    for each in texts:
        name = each.heading.display or each.heading.code if each.heading else ""
        words = " ".join(filter(None, [each.text.strip(), each.remark]))
        yield f"{name}: {words}" if name else words


def _medicine(medicine: Medicine) -> Lines:
    told = medicine.prescription
    # what is stopped says so before its name: nobody may read it as in use
    status = f"{shown(told.status)}: " if shown(told.status) else ""
    more = (
        told.remark,
        _said("Multidose", shown(told.in_multidose)),
        _said("Forskriver", _person(told.prescriber)) if told.prescriber else "",
    )
    said = (prescribed(told.what), *more)
    yield status + ". ".join(each.rstrip(" .") for each in said if each)


def prescribed(what: Prescribed) -> str:
    """A medicine, its dose and since when, on one line."""
    named = " ".join(
        filter(None, [what.name, shown(what.form), _amount(what.strength), what.generic_name])
    )
    ends = f"til {when(what.ends)}" if what.ends else ""
    begins = f"fra {when(what.begins)}" if what.begins else ""
    more = ", ".join(
        filter(
            None,
            [
                shown(what.use),
                what.reason,
                f"ATC {what.atc.code}" if what.atc and what.atc.code else "",
                begins,
                ends,
                "skal ikke tas sammen med andre" if what.apart_from_others else "",
            ],
        )
    )
    dose = f": {what.dose}" if what.dose else ""
    return f"{named}{dose}" + (f" ({more})" if more else "")


def _given(nursing: Nursing | None) -> Lines:
    given: GivenAtTransfer | None = nursing.given if nursing else None
    if given is None:
        return
    doses: tuple[GivenByStaff | TakenBySelf, ...] = (*given.by_staff, *given.by_self)
    for each in doses:
        name = prescribed(each.what) if each.what else "Legemiddel"
        ends = f"til {when(each.ends)}" if each.ends else ""
        who = _person(each.by) if each.by else ""
        yield _said(name, _amount(each.amount), when(each.begins), ends, who)


def _nursing(nursing: Nursing | None) -> Lines:
    if nursing is None:
        return
    if nursing.nurse:
        follow = nursing.nurse.follow_up
        if follow:
            yield _truth("Hjelp til legemidler", said=follow.helped_with_medicines)
            yield follow.about_medicines or ""
            yield _truth("Bandasjemateriell eller engangsutstyr", said=follow.bandages)
            yield follow.about_bandages or ""
            yield _said("Endring i funksjonsnivå", follow.change_of_function)
        yield from _texts(nursing.nurse.texts)
    if nursing.agreed:
        agreed = nursing.agreed.agreement
        yield _truth("Avtale om legemidler", said=agreed.medicines)
        yield _truth("Avtale om multidose", said=agreed.multidose)
        yield agreed.remark or ""
        yield from (_measure("Tiltak", each) for each in agreed.measures)
    yield from _each(nursing.assessments, _assessment)
    yield from (_measure("Iverksatt", each.measure) for each in nursing.begun)
    yield from (_measure("Anbefalt", each.measure) for each in nursing.recommended)
    yield from _each(nursing.goals, _goal)


def _measure(name: str, told: Measure) -> str:
    codes = [shown(each) for each in told.codes]
    done = [f"utført {when(each.on)}" for each in told.done]
    planned = f"planlagt fra {when(told.planned.begins)}" if told.planned else ""
    return _said(name, told.description, *codes, *told.words, *done, planned, told.remark)


def _assessment(told: Assessment) -> Lines:
    words = [
        " ".join(filter(None, [shown(each.area), shown(each.coded), each.text]))
        for each in told.content.judgements
    ]
    yield _said(f"Vurdering: {told.content.about}", *told.content.words, *words) or (
        f"Vurdering: {told.content.about}"
    )
    yield from _texts(told.texts)


def _goal(told: Goal) -> Lines:
    content = told.content
    yield _said("Mål", content.description, shown(content.expected), shown(content.degree),
                *content.words)  # fmt: skip
    yield from _texts(told.texts)


def _service(told: Service) -> Lines:
    named = told.name or (told.type.display or told.type.code if told.type else "") or "Tjeneste"
    kind = told.type.display if told.type and told.name else ""
    extent = " ".join(filter(None, [_number(told.amount), told.unit]))
    begins = f"fra {when(told.begins)}" if told.begins else ""
    ends = f"til {when(told.ends)}" if told.ends else ""
    private = "privat" if told.is_private else ""
    yield _said(named, kind, extent, begins, ends, told.by, private, told.details, told.remark) or (
        named
    )


def _needs(says: Report) -> Lines:
    for each in says.needs:
        extent = " ".join(filter(None, [_number(each.amount), each.unit]))
        named = each.name or shown(each.type) or "Tjeneste"
        yield _said(named, each.description, each.institution, extent) or named


def _functions(says: Report) -> Lines:
    if says.functions is None:
        return
    whole = says.functions.whole
    if whole:
        yield _said("Samlet", _number(whole.weight), whole.words, whole.remark)
    for each in says.functions.variables:
        name = each.variable.display or each.variable.code if each.variable else "Funksjon"
        yield _said(str(name), each.score, each.remark)


def _profession(told: OtherProfessions) -> Lines:
    if told.report:
        who = _person(told.report.by) if told.report.by else ""
        yield _said("Rapport", who, told.report.at_admission, told.report.at_beginning,
                    told.report.at_discharge)  # fmt: skip
        yield from _texts(told.report.texts)
    yield from (_measure("Anbefalt", each.measure) for each in told.recommended)
    yield from _each(told.assessments, _assessment)


def _other(says: Report) -> Lines:
    if says.other:
        yield from _notes(says.other.notes)
    for group in says.reservations:
        for each in group.items:
            gone = f"trukket {when(each.withdrawn)}" if each.withdrawn else ""
            yield _said("Reservasjon", each.about, _person(each.by), when(each.on), gone,
                        each.remark)  # fmt: skip
    for given in says.told:
        for item in given.items:
            yield _said("Informasjon gitt", shown(item.type), item.description,
                        _person(item.to), when(item.on), _person(item.by))  # fmt: skip


def _control(told: Control) -> Lines:
    if told.booked:
        at = when(told.booked.at) if told.booked.at else ""
        minutes = f"{told.booked.minutes} minutter" if told.booked.minutes else ""
        name = "Time er bestilt" if told.booked.is_booked else "Time er ikke bestilt"
        yield _said(name, at, minutes, told.booked.place) or name
    if told.to_book:
        yield _truth("Pasient eller pårørende bestiller time", said=told.to_book.by_patient)
    if told.tentative:
        yield _said("Tentativ time", told.tentative.at, told.tentative.place, told.tentative.remark)


def _aids(aids: Aids | None) -> Lines:
    if aids is None:
        return
    for own in aids.personal:
        yield _said("Briller", shown(own.glasses))
        yield _said("Hørsel", shown(own.hearing))
        yield _truth("Pacemaker", said=own.pacemaker)
        yield own.remark or ""
    for each in aids.others:
        yield _said(each.description.name, shown(each.status), shown(each.description.code))


def _patient(says: Report) -> Lines:
    if says.patient:
        yield _said("Sivilstatus", shown(says.patient.civil_status))
        yield _truth("Bor alene", said=says.patient.lives_alone)
        yield _said("Språk", shown(says.patient.language))
    for each in (*(wrapped.assistance for wrapped in says.assistance), *says.communication):
        yield _truth("Hørselsvikt", said=each.hearing_loss)
        yield _truth("Synsvikt", said=each.sight_loss)
        interpreter = _person(each.preferred_interpreter) if each.preferred_interpreter else ""
        yield _said("Tolk", shown(each.interpreter_language), interpreter, each.remark)


def _contacts(says: Report) -> Lines:
    for kin in says.next_of_kin:
        name = shown(kin.kinship) or shown(kin.function) or "Pårørende"
        yield _said(name, _person(kin.person), kin.remark)
    for unit in says.units:
        yield _said("Enhet", _organisation(unit.unit), unit.remark)
    for staff in says.staff:
        yield _said(shown(staff.staff.profession) or "Kontaktperson", _person(staff.staff),
                    staff.remark)  # fmt: skip
    for sent in says.sent:
        yield _said(
            shown(sent.information), _YES_NO[sent.was_sent], sent.receiver, sent.remark,
            when(sent.sent) if sent.sent else "",
        )  # fmt: skip


def _responsible(says: Report) -> Lines:
    for each in says.responsible:
        approved = f"godkjent {when(each.approved)}" if each.approved else ""
        yield ", ".join(filter(None, [
            _person(each.staff), shown(each.staff.profession), approved, each.remark,
        ]))  # fmt: skip


def _person(told: Person | Professional) -> str:
    name = " ".join(filter(None, [told.given, told.middle, told.family]))
    return ", ".join(filter(None, [name, *_telephones(told)]))


def _organisation(told: Organisation) -> str:
    return ", ".join(filter(None, [told.name, *_telephones(told)]))


def _telephones(told: Person | Professional | Organisation) -> list[str]:
    return [each.address.removeprefix("tel:") for each in told.telecoms]


__all__ = ["as_text", "prescribed", "report"]
