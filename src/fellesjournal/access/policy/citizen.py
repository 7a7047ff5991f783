"""The citizen's own record: what she may see and write of it herself.

She has the right to the whole record (the statute on patients' and users' rights), so that
everything about her is open; labels (9603) take away single resources. What a representative
sees is never more than this: access/representation computes it. A note that nobody has signed
yet is shown to staff only: until then nobody answers for its words.

Assumption (configurable): tasks are the work of others and are shown as their results;
statistics and research reports are not about her alone.

Of contacts she writes appointments only, and of these what booking, moving, calling off and saying
that she knows of one write, at times that are offered to her. A schedule is written by staff of the
unit of those whose it is.
"""

from __future__ import annotations

from fellesjournal.access.policy.areas import ABOUT_PATIENTS, Area

SELF_SEE = ABOUT_PATIENTS & ~(Area.TASKS | Area.STATISTICS)
"""Areas of her own record that a citizen sees."""

SELF_WRITE = (
    Area.PERSON | Area.CONTACTS | Area.HEALTH | Area.MEDICATION | Area.FORMS | Area.REQUESTS
    | Area.MESSAGES | Area.ATTACHMENTS | Area.PRIVACY
)  # fmt: skip
"""Areas a citizen may add to: bookings, own measurements and medicines, answers, applications,
messages, consents and blocks, how she is reached and whom to turn to (own_person.py). What others
wrote is changed by their correction alone; that is a rule of each action, narrower than this."""

OPEN_SEE = Area.DIRECTORY | Area.DEFINITIONS
"""Areas without a patient that a citizen sees; free times come through the booking pages."""
