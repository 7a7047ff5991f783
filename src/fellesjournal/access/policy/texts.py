"""The prose of docs/access.md around its tables; see document.py."""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.access.labels import ADDRESS_PROTECTION, LABEL_DETAILS, VISIBILITY, Label
from fellesjournal.access.policy.areas import AREA_SYSTEM
from fellesjournal.access.policy.kinds import GroundKind

FIRST = """
# Who may see what

<!-- Generated: `python -m tools.access_page`. Change the rules, not this page. -->

This page is written from the rules that the platform runs; a test fails if they differ. It is
for data protection officers, and for anybody who wonders why a record was or was not shown.

## How access is decided

Nobody sees a record because of who she is alone. For each read, search hit and write the
platform asks, in the database and before anything leaves it:

1. **Who, and in which role?** A member of staff is signed in at the required level, and works
   today in one role at one unit. The role says what she may see at most. None of her roles holds
   while she herself (the Practitioner) is not active.
2. **On which ground?** A fact that is true now ties the citizen to her, her unit, a service of
   the unit or a team she is in: the citizen is on her list, has an appointment, is referred, is
   granted a service ... What ties the citizen to a unit above or below hers does not.
   Without a ground nothing about the citizen is shown, not even that there is something.
3. **What kind of information?** Each ground opens some areas to each role (the tables below).
4. **Is it labelled?** What is especially sensitive needs an extra step as well.
5. **Has the citizen blocked it?** A block removes what the first four would have shown.

A missing answer is a no: an unknown role, an expired ground, a label or type that is not known.
What is removed can't be told from what never was. Each decision that opens something leaves a
line with person, role, unit, ground, purpose, patient and kind of information, which the
citizen can read.

Everything on this page is an assumption of the project unless it names a source, and each is
data in one place that can be changed.
"""

GROUND_SOURCES: Mapping[GroundKind, str] = {
    GroundKind.LIST_GP: (
        "Patient.generalPractitioner; not for a record replaced by another; ends some time"
        " after death"
    ),
    GroundKind.ENCOUNTER: (
        "Encounter: each participant (until she has left) and the unit; from some days before a"
        " planned one until some days after the end; none when cancelled"
    ),
    GroundKind.APPOINTMENT: (
        "Appointment that is pending, booked, kept or missed: each participant of the staff or"
        " service who has not declined; some days before and after"
    ),
    GroundKind.REFERRAL: (
        "ServiceRequest that is open: who is asked, and who asks; it has no end in time, for"
        " nobody waiting may fall out of reach"
    ),
    GroundKind.REQUISITION: (
        "the same, of laboratory work, imaging or pathology by category or code"
    ),
    GroundKind.HOME_CARE: (
        "EpisodeOfCare that is granted: the unit, the manager and the team; some days before a"
        " planned start and after the end"
    ),
    GroundKind.CARE_TEAM: (
        "CareTeam that is active: members while they are members, and the managing unit;"
        " CarePlan that is active: its team and those who carry out open activities"
    ),
    GroundKind.TASK: "Task that is open: its owner, and the unit that answers for it beside a person",
    GroundKind.SUBSTITUTE: "reserved; who stands in for another holds what the other holds",
    GroundKind.BREAK_GLASS: "an opening with coded reason, text and time limit",
    GroundKind.COHORT: (
        "ResearchSubject on study or in follow-up: those approved for the ResearchStudy"
    ),
    GroundKind.SELF: "signing in as the citizen",
    GroundKind.REPRESENTATION: "registered relations, computed at each request",
    GroundKind.SYSTEM: "the start of the job; it has a named purpose and is logged",
}

LABELS = f"""
## Labels

A resource can carry labels in `meta.security`.

**Special categories** are shown to staff by an extra step only: she confirms, for this citizen,
that she needs this category now. The step is logged, ends by itself, and needs a ground as well.
Which roles may take it for which category is in the table of roles. Address protection
({ADDRESS_PROTECTION}) stands on the Patient: who she is stays visible to those with a ground,
address, telephone and what else says where she is are left out until the step.
A sensitivity code that the platform does not know is restricted, never open.
"""

DETAILS = f"""
**Visibility codes** (9603, `{VISIBILITY}`) decide what the citizen and those who represent her
see. Every code but N needs an author, a reason and a time; delayed codes also when they end, and
NORN_FPB who is to hold the conversation first. They stand in an extension of ours on the
label's Coding, and a write without them is refused:

```json
{{
  "system": "{VISIBILITY}",
  "code": "NORN_FPB",
  "extension": [{{
    "url": "{LABEL_DETAILS}",
    "extension": [
      {{"url": "author", "valueReference": {{"reference": "Practitioner/1"}}}},
      {{"url": "reason", "valueString": "The result is to be told in a conversation"}},
      {{"url": "time", "valueDateTime": "2026-05-04T10:15:00+02:00"}},
      {{"url": "until", "valueDateTime": "2026-05-11"}},
      {{"url": "owner", "valueReference": {{"reference": "PractitionerRole/2"}}}}
    ]
  }}]
}}
```

A day without a time counts to its end in Norway. At that time the label ceases to hide; nothing
has to run for it.
"""

VISIBILITY_MEANINGS: Mapping[Label, str] = {
    Label.NORMAL: "normal",
    Label.NORN_FFL: "refused: danger to life",
    Label.NORN_KUT: "refused: clearly inadvisable for persons close to the citizen",
    Label.NORN_EPO: "own wish: not shown digitally",
    Label.NORN_ALL: "all documents (risk to personnel)",
    Label.NORN_FOR: "older than the start of digital access",
    Label.NORN_FORANS: "refused to parents",
    Label.NORN_UNGDOM: "refused to the young person",
    Label.NORN_FFH: "threat to personnel",
    Label.NORN_FPB: "proper treatment first: after a conversation",
    Label.NORN_DUP: "duplicate",
    Label.NORN_ANG: "other, with text",
    Label.NORU: "delayed",
    Label.NORS: "blocked by the citizen for staff",
    Label.UNKNOWN_VISIBILITY: "a code that is not in the list",
}

BLOCKS = f"""
## Blocks

The citizen can close her record, or parts of it, to staff: to a person, a person in one role at
a unit, a unit or a whole organisation; to those she lists, or to all but those; all of it, some
areas, a single document, or what concerns care in a period; for ever, or for a time. A block is
a Consent of scope `patient-privacy` with a provision of type `deny`:

| The citizen says | In the Consent |
| --- | --- |
| these may not see | `provision.provision` of type deny with `actor` |
| nobody but these may see | of type deny without actor, and in it one of type permit with `actor` |
| this document | `data` with meaning `instance` |
| these kinds of information | `class`: an area (below) or a resource type, which counts as its whole area |
| what concerns care in this time | `dataPeriod` |
| from then until then | `period` |

The codes of areas are their names above, of the system `{AREA_SYSTEM}`.

What is blocked is absent from lists, searches, counts and suggestions, and looks as if it had
never been. Only break-the-glass opens it, and the citizen is told. A Consent that says something
the platform can't enforce (a purpose, a single code, an author) is refused when it is written;
one that stands all the same blocks more rather than less.
"""

OPENINGS = """
## Emergency access and the extra step

A closed record, and what the citizen has blocked in an open one, is opened by **emergency access**
(break-the-glass) only: for a weighty reason, by the roles that may, for one patient, by one person
in one role. Four things happen in one transaction, or none of them: an opening that ends by
itself, with the coded reason and a text; the ground that goes with it; a review task for the unit
(a Task with the code `break-glass-review`); and a line in the log, which the citizen sees at once.
The database refuses an opening that lacks one of them, and one of more than a day.

Before it somebody can be **looked up**: one who is named in full, by the whole number or by
name and birth date. The answer is name and birth year, and leaves a line.

The **review** is the unit leader's, or the data protection officer's; nobody reviews herself. It
opens the record to nobody, and no ground shows the task: the leader sees who, whose record, when,
why and what kinds of information were looked at. She decides that it was justified or not, or asks.

What was found **not justified** has a follow-up, written with the decision or not at all: a notice
to the citizen (a Communication of the category `access-outcome`, shown beside the line of her log
too) that says who opened the record, who found that it was not justified and whom to ask; and a
Task with the code `access-follow-up`, owned by the data protection officer nearest to the unit, who
takes it up with the organisation whose employee it was and ends it with words about what came of
it. A reading that a citizen has **reported** is decided on by the data protection officer in the
same way, and is answered in either case. No notice, report or follow-up is shown to staff for
having a ground: it may be about them. Nobody decides on her own reading.

That both the organisation and the citizen are notified of unlawful access is a requirement of
the access log (L4 of the specification). That every reading that is not justified is treated so,
by the data protection officer, and that she is the one to ask, is an assumption (UNVERIFIED);
whether it was unlawful is not decided here.

Special categories need the **extra step** under emergency access too. It is offered in every
record alike, so that the offer tells nothing.

**A call to an out-of-hours clinic** needs no emergency access: the contact itself is the ground, as
any contact is, and opens no more. Nobody may write in a record that is closed to her, so that the
platform writes the contact for the doctor or nurse who takes it: only at a unit that the directory
calls an out-of-hours clinic, in her own name and from now on, for somebody looked up. The line in
the log is hers besides. A contact can't be made undone: it stands on the clinic's board until
somebody says how it ended, it stays in the record with that, and the GP is told of it. That a
contact is enough here, without a review of each, is an assumption (configurable, this is the
place): a review of every call would be a review of none.
"""

REPRESENTATION = """
## Representation

Others may act for a citizen (7611): those with parental responsibility (FO), a guardian (VE),
somebody she has authorised (FU), or the next of kin assigned for one who lacks competence (TD).
Nothing is granted by hand and kept: who may act, for whom and for how much is computed at each
request from what is registered, so that a birthday, a move, a lost responsibility or a newly
protected address takes effect at the next request.

- A parent sees the child's record until the child is 12, a reduced one until 16, and none after.
  The ages count from midnight in Norway on the birthday. The ages are settings.
- A parent sees nothing when no parent lives at the child's registered address.
- Nobody represents, or is represented by, a person with a protected address.
- A representative never sees more than the citizen herself would, and only the parts given.
- What is labelled as refused to parents is hidden from them at any age.
"""

LIMITS = """
## What the rules do not say

- A rule knows the type of a resource, not how much one of them tells. What is more sensitive
  than its type must be labelled.
- A ground follows from what is written. Whoever may write a contact or a referral for a citizen
  can thereby give a ground to others; she needs a ground herself to do so, and the log shows it.
- A leader who also treats patients needs a second role, and chooses it when she does.
- Names, numbers and addresses in free text are not found by any rule.
"""
