"""The steps of a referral as the pages offer them: form, words, who may, and what it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import actions
from fellesjournal.care.referrals.limits import LIMITS
from fellesjournal.care.referrals.queries import Whole
from fellesjournal.care.referrals.states import Step
from fellesjournal.surfaces.clinic import referral_forms as forms
from fellesjournal.surfaces.clinic.referral_forms import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A step on the page. ``step`` is None for what is no step of the referral itself;
    ``leaves``: whoever took it sees the record no more, and goes on with the list. ``folded``:
    never open by itself, so that nobody takes it for what is expected.
    """

    step: Step | None
    title: str | Promise
    button: str | Promise
    done: str | Promise
    form: type[About]
    is_for: Callable[[Session, Whole], bool]
    act: Callable[[Session, str, Any], None]
    begins_with: Callable[[Whole], Mapping[str, Any]] = lambda _whole: {}
    leaves: bool = False
    folded: bool = False

    def field_of(self, missing: str) -> str | None:
        """The field in which what is missing is filled in; None for the form as a whole."""
        if missing in self.form.base_fields:
            return missing
        return "day" if missing == "start" else None


def _is_office(session: Session, whole: Whole) -> bool:
    return whole.work is not None and whole.work.owner == session.unit


def _takes_in(session: Session, whole: Whole) -> bool:
    """Whether her unit decides on it, and does not only follow it elsewhere."""
    return _is_office(session, whole) and not (whole.work and whole.work.by_message)


def _assesses(session: Session, whole: Whole) -> bool:
    return _takes_in(session, whole) and session.role in LIMITS.assessors


def is_referrer(session: Session, whole: Whole) -> bool:
    """Whether the referral is hers, or that of the unit she works at."""
    referral = whole.referral
    return session.unit == referral.referring_unit or session.person == referral.requester


def _is_asked(session: Session, whole: Whole) -> bool:
    return any(each.owner == session.unit for each in whole.questions)


def _accept(session: Session, referral_id: str, form: forms.AcceptForm) -> None:
    said = form.cleaned_data
    actions.accept_referral(
        session,
        referral_id=referral_id,
        seen=form.seen,
        outcome=said["outcome"],
        care_by=said["care_by"],
        urgency=said["urgency"],
    )


def _ask(session: Session, referral_id: str, form: forms.AskForm) -> None:
    text = form.cleaned_data["text"]
    actions.ask_referrer(session, referral_id=referral_id, seen=form.seen, text=text)


def _reject(session: Session, referral_id: str, form: forms.RejectForm) -> None:
    reason = form.cleaned_data["reason"]
    actions.reject_referral(session, referral_id=referral_id, seen=form.seen, reason=reason)


def _allocate(session: Session, referral_id: str, form: forms.AllocateForm) -> None:
    minutes = form.cleaned_data["minutes"]
    actions.allocate_appointment(
        session, referral_id=referral_id, seen=form.seen, start=form.start, minutes=minutes
    )


def _postpone(session: Session, referral_id: str, form: forms.PostponeForm) -> None:
    code = form.cleaned_data["code"]
    actions.postpone_appointment(session, referral_id=referral_id, seen=form.seen, code=code)


def _end(session: Session, referral_id: str, form: forms.EndForm) -> None:
    code = form.cleaned_data["code"]
    actions.end_wait(session, referral_id=referral_id, seen=form.seen, code=code)


def _answer(session: Session, referral_id: str, form: forms.AnswerForm) -> None:
    said = form.cleaned_data
    actions.answer_question(
        session,
        referral_id=referral_id,
        question=said["question"],
        seen=said["question_version"],
        text=said["text"],
    )


def _cancel(session: Session, referral_id: str, form: forms.CancelForm) -> None:
    reason = form.cleaned_data["reason"]
    actions.cancel_referral(session, referral_id=referral_id, seen=form.seen, reason=reason)


def _tell_helfo(session: Session, referral_id: str, form: forms.HelfoForm) -> None:
    said = form.cleaned_data
    actions.close_helfo_step(
        session,
        referral_id=referral_id,
        task_id=said["helfo"],
        seen=said["helfo_version"],
        text=said["text"],
    )


def _question(whole: Whole) -> Mapping[str, Any]:
    asked = next(iter(whole.questions), None)
    return {} if asked is None else {"question": asked.id, "question_version": asked.version}


def _helfo(whole: Whole) -> Mapping[str, Any]:
    step = whole.helfo
    return {} if step is None else {"helfo": step.id, "helfo_version": step.version}


OFFERS: Mapping[str, Offer] = {
    "answer": Offer(
        step=Step.ANSWER,
        title=_("Answer the question"),
        button=_("Send the answer"),
        done=_("The answer is with the office, which goes on assessing."),
        form=forms.AnswerForm,
        is_for=_is_asked,
        act=_answer,
        begins_with=_question,
    ),
    "accept": Offer(
        step=Step.ACCEPT,
        title=_("Accept: the patient has a right to care"),
        button=_("Accept"),
        done=_("Accepted. Patient and referrer are told, and the patient is on the waiting list."),
        form=forms.AcceptForm,
        is_for=_assesses,
        act=_accept,
        begins_with=lambda whole: {"urgency": whole.referral.content.urgency},
    ),
    "ask": Offer(
        step=Step.ASK,
        title=_("Ask the referrer"),
        button=_("Send the question"),
        done=_("The question is with the referrer. The days to assess are still counted."),
        form=forms.AskForm,
        is_for=_takes_in,
        act=_ask,
    ),
    "reject": Offer(
        step=Step.REJECT,
        title=_("Reject"),
        button=_("Reject the referral"),
        done=_("Rejected. Patient and referrer are told why."),
        form=forms.RejectForm,
        is_for=_assesses,
        act=_reject,
        leaves=True,
    ),
    "allocate": Offer(
        step=Step.ALLOCATE,
        title=_("Give an appointment"),
        button=_("Give this time"),
        done=_("The patient has an appointment. Patient and referrer are told."),
        form=forms.AllocateForm,
        is_for=_takes_in,
        act=_allocate,
    ),
    "postpone": Offer(
        step=Step.POSTPONE,
        title=_("The appointment does not hold"),
        button=_("Put the patient back on the waiting list"),
        done=_("The patient waits again, with the same deadline. Patient and referrer are told."),
        form=forms.PostponeForm,
        is_for=_takes_in,
        act=_postpone,
    ),
    "end": Offer(
        step=Step.END,
        title=_("End the waiting"),
        button=_("Take the patient off the waiting list"),
        done=_("The waiting has ended, with its reason."),
        form=forms.EndForm,
        is_for=_is_office,
        act=_end,
        leaves=True,
    ),
    "helfo": Offer(
        step=None,
        title=_("The deadline is broken: tell Helfo"),
        button=_("Helfo has been told"),
        done=_("It is noted that Helfo has been told."),
        form=forms.HelfoForm,
        is_for=_is_office,
        act=_tell_helfo,
        begins_with=_helfo,
    ),
    "cancel": Offer(
        step=Step.CANCEL,
        title=_("Take the referral back"),
        button=_("Take it back"),
        done=_("The referral is taken back."),
        form=forms.CancelForm,
        is_for=is_referrer,
        act=_cancel,
        folded=True,
    ),
}
"""The steps by their word in addresses, in the order in which a page offers them."""

__all__ = ["OFFERS", "Offer", "is_referrer"]
