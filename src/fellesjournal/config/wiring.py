"""Who reacts to what, and what the clock starts: the one place where packages meet.

Packages of care know nothing of each other. One publishes an event when something has happened;
here stands who reacts. The order of lines has no meaning: reactions don't wait for each other,
but each gets the events about one patient in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fellesjournal.access.conversing import is_from_citizen
from fellesjournal.access.renewing import is_renewal_request
from fellesjournal.access.volumes import nightly as volumes
from fellesjournal.care.conversations import jobs as conversations
from fellesjournal.care.homecare import jobs as homecare
from fellesjournal.care.medication import jobs as medication
from fellesjournal.care.medication.renewals import jobs as renewals
from fellesjournal.care.messages import jobs as messages
from fellesjournal.care.orders import jobs as orders
from fellesjournal.care.pathways import jobs as followed_pathways
from fellesjournal.care.referrals import jobs as referrals
from fellesjournal.care.remote_follow_up import jobs as remote_follow_up
from fellesjournal.care.remote_follow_up.readings import is_own_reading
from fellesjournal.care.results import jobs as results
from fellesjournal.care.results.news import is_changed_value, is_result
from fellesjournal.care.scheduling import jobs as scheduling
from fellesjournal.care.stays import jobs as stays
from fellesjournal.care.triage import jobs as triage
from fellesjournal.config.recurring import reopen_findings
from fellesjournal.foundation.outbox.wiring import Subscription, Timer, WrittenRule
from fellesjournal.leadership.indicators import jobs as indicators
from fellesjournal.leadership.indicators.he1 import jobs as portal_use
from fellesjournal.leadership.pathways import jobs as pathways
from fellesjournal.leadership.rollout import jobs as rollout
from fellesjournal.leadership.rollout.support import jobs as support

# Purposes are codes of http://terminology.hl7.org/CodeSystem/v3-ActReason: TREAT for what is part
# of giving care, HOPERAT for what keeps the work going.
SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription("delivery-queued", "deliver", messages.deliver, "TREAT"),
    Subscription("delivery-due", "check-delivery", messages.check_deadline, "HOPERAT"),
    Subscription("delivery-arrived", "note-told", scheduling.note_opened_letter, "TREAT"),
    Subscription("delivery-failed", "take-up-delivery", messages.take_up_failed, "HOPERAT"),
    Subscription("delivery-read", "note-delivery-read", messages.note_read, "HOPERAT"),
    Subscription("letter-opened", "note-letter-opened", messages.note_opened, "HOPERAT"),
    Subscription("result-received", "assign-result", results.received, "TREAT"),
    Subscription("observation-changed", "assign-changed-result", results.value_changed, "TREAT"),
    Subscription("result-assigned", "settle-requisition", orders.settle, "TREAT"),
    Subscription("result-due", "escalate-result", results.due, "TREAT"),
    Subscription("staff-changed", "hand-on-results", results.staff_changed, "TREAT"),
    Subscription("person-ended", "hand-on-results-of-person", results.person_changed, "TREAT"),
    Subscription("unit-closed", "hand-on-results-of-unit", results.unit_changed, "TREAT"),
    Subscription("own-reading-written", "watch-reading", remote_follow_up.watch, "TREAT"),
    Subscription("own-reading-due", "escalate-reading", remote_follow_up.due, "TREAT"),
    Subscription("staff-changed", "hand-on-readings", remote_follow_up.staff_changed, "TREAT"),
    Subscription("person-ended", "hand-on-readings-of-person", remote_follow_up.tend_all, "TREAT"),
    Subscription("unit-closed", "hand-on-readings-of-unit", remote_follow_up.tend_all, "TREAT"),
    Subscription("message-written", "take-in-message", conversations.written, "TREAT"),
    Subscription("message-handled", "show-who-answers", conversations.handled, "TREAT"),
    Subscription("message-read", "note-message-read", conversations.read, "TREAT"),
    Subscription("message-due", "raise-late-message", conversations.due, "TREAT"),
    Subscription("staff-changed", "hand-on-messages", conversations.staff_changed, "TREAT"),
    Subscription("person-ended", "hand-on-messages-of-person", conversations.person_ended, "TREAT"),
    Subscription("unit-closed", "hand-on-messages-of-unit", conversations.unit_closed, "TREAT"),
    Subscription("renewal-asked", "take-in-renewal", renewals.asked, "TREAT"),
    Subscription("renewal-read", "note-renewal-read", renewals.read, "TREAT"),
    Subscription("renewal-due", "escalate-renewal", renewals.due, "TREAT"),
    Subscription("staff-changed", "hand-on-renewals", renewals.staff_changed, "TREAT"),
    Subscription("person-ended", "hand-on-renewals-of-person", renewals.person_ended, "TREAT"),
    Subscription("unit-closed", "hand-on-renewals-of-unit", renewals.unit_closed, "TREAT"),
    Subscription("application-sent", "take-in-application", homecare.take_in_application, "TREAT"),
    Subscription("home-care-plan-changed", "make-visits", homecare.make_again, "TREAT"),
    Subscription(
        "medication-list-changed", "complete-first-list", medication.complete_first_list, "TREAT"
    ),
    Subscription("medication-list-changed", "make-doses", homecare.make_again, "TREAT"),
    # one subscriber, whatever the event: it hears of one patient's stays in the order they happened
    Subscription("admitted", "follow-stay", homecare.pause_or_review, "TREAT"),
    Subscription("discharged", "follow-stay", homecare.pause_or_review, "TREAT"),
    Subscription("ready-for-discharge", "follow-stay", homecare.note_ready, "TREAT"),
    Subscription("ready-withdrawn", "follow-stay", homecare.note_not_ready, "TREAT"),
    Subscription("admission-withdrawn", "follow-stay", homecare.pause_or_review, "TREAT"),
    Subscription("admitted", "tell-municipality", stays.tell_admitted, "TREAT"),
    Subscription("ready-for-discharge", "tell-municipality", stays.tell_ready, "TREAT"),
    Subscription("ready-withdrawn", "tell-municipality", stays.tell_not_ready, "TREAT"),
    Subscription("admission-withdrawn", "tell-municipality", stays.tell_taken_back, "TREAT"),
    Subscription("discharged", "tell-municipality", stays.tell_discharged, "TREAT"),
    Subscription(
        "referral-message-received", "take-in-referral", referrals.on_referral_message, "TREAT"
    ),
    Subscription("referral-message-set-aside", "read-set-aside", messages.read_at_unit, "TREAT"),
    Subscription(
        "referral-status-received", "take-in-status", referrals.on_status_message, "TREAT"
    ),
    Subscription(
        "referral-question-answered", "take-in-answer", referrals.on_answer_message, "TREAT"
    ),
    # one subscriber for all that a referral comes to: who waits for it hears of it in its order
    Subscription("referral-sent", "send-of-referral", messages.send_referral, "TREAT"),
    Subscription("referral-changed", "send-of-referral", messages.send_changed_referral, "TREAT"),
    Subscription(
        "referral-cancelled", "send-of-referral", messages.send_cancelled_referral, "TREAT"
    ),
    Subscription("referral-accepted", "send-of-referral", messages.tell_of_referral, "TREAT"),
    Subscription("referral-rejected", "send-of-referral", messages.tell_of_referral, "TREAT"),
    Subscription("referral-called-in", "send-of-referral", messages.tell_of_referral, "TREAT"),
    Subscription("referral-postponed", "send-of-referral", messages.tell_of_referral, "TREAT"),
    Subscription("referral-overdue", "send-of-referral", messages.tell_of_referral, "TREAT"),
    Subscription("referral-returned", "send-of-referral", messages.ask_referrer, "TREAT"),
    Subscription("decision-made", "send-decision", messages.tell_of_decision, "TREAT"),
    Subscription("stay-notice-made", "send-stay-notice", messages.send_stay_notice, "TREAT"),
    Subscription("emergency-contact-ended", "tell-gp", messages.tell_of_emergency_contact, "TREAT"),
    # one subscriber: it hears of one patient's steps in the order they ended
    Subscription("pathway-applied", "open-steps", followed_pathways.tend_plan, "TREAT"),
    Subscription("pathway-step-ended", "open-steps", followed_pathways.tend_plan, "TREAT"),
    Subscription("unit-closed", "hand-on-steps-of-unit", followed_pathways.tend_all, "TREAT"),
    Subscription("pathway-published", "write-pathway-plan", pathways.write_plan, "HOPERAT"),
    Subscription("document-saved", "keep-course-rules", rollout.keep_course_rules, "HOPERAT"),
    Subscription("ticket-due", "raise-late-ticket", support.due, "HOPERAT"),
    Subscription("staff-changed", "hand-back-tickets", support.staff_changed, "HOPERAT"),
    Subscription("person-ended", "hand-back-tickets-of-person", support.staff_changed, "HOPERAT"),
    Subscription("appointment-cancelled", "wait-on", referrals.on_appointment_lost, "TREAT"),
    Subscription("appointment-missed", "wait-on", referrals.on_appointment_lost, "TREAT"),
    Subscription("appointment-moved", "wait-until", referrals.on_appointment_moved, "TREAT"),
)

TIMERS: tuple[Timer, ...] = (
    Timer("take-in-messages", timedelta(seconds=2), messages.take_in_messages, "TREAT"),
    Timer("find-referral-breaches", timedelta(minutes=15), referrals.find_breaches, "HOPERAT"),
    Timer("adopt-referrals", timedelta(minutes=15), referrals.adopt_unowned, "HOPERAT"),
    Timer("keep-referrals-owned", timedelta(minutes=5), referrals.keep_owned, "HOPERAT"),
    Timer("tend-messages", timedelta(hours=1), conversations.tend, "TREAT"),
    Timer("tend-renewals", timedelta(hours=1), renewals.tend, "TREAT"),
    Timer("tend-results", timedelta(days=1), results.tend, "TREAT"),
    Timer("find-missing-readings", timedelta(minutes=30), remote_follow_up.find_missing, "TREAT"),
    Timer("tend-readings", timedelta(hours=1), remote_follow_up.tend, "TREAT"),
    Timer("find-long-waits", timedelta(minutes=1), triage.find_long_waits, "TREAT"),
    # looked at each hour, so that a night on which nothing ran is made up for at once
    Timer("count-volumes", timedelta(hours=1), volumes.count_nights, "HOPERAT"),
    Timer("flatten-views", timedelta(seconds=2), indicators.flatten, "HOPERAT"),
    Timer("count-portal-use", timedelta(minutes=1), portal_use.count_use, "HOPERAT"),
    Timer("tend-tickets", timedelta(hours=1), support.tend, "HOPERAT"),
    # the months it looks at change each night: late words of a month may still open a finding
    Timer("reopen-findings", timedelta(days=1), reopen_findings, "HOPERAT"),
    Timer("make-home-visits", timedelta(minutes=5), homecare.make_all_days, "TREAT"),
)

WRITTEN: Mapping[str, Sequence[WrittenRule]] = {
    "DiagnosticReport": (WrittenRule("result-received", is_result),),
    "Observation": (
        WrittenRule("observation-changed", is_changed_value),
        WrittenRule("own-reading-written", is_own_reading),
    ),
    "Communication": (
        WrittenRule("message-written", is_from_citizen),
        WrittenRule("renewal-asked", is_renewal_request),
    ),
    "PractitionerRole": (WrittenRule("staff-changed", lambda _role: True, deletes=True),),
    "Practitioner": (WrittenRule("person-ended", lambda person: person.get("active") is False),),
    "Organization": (WrittenRule("unit-closed", lambda unit: unit.get("active") is False),),
}
"""What is told of whoever writes it, by type of resource."""
