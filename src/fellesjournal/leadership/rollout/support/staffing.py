"""Who helps at a moment: staff at work in a role that rolls out."""

from __future__ import annotations

from fellesjournal.access import records
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import Post, post_of
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock


def still_helps(session: Session, person: str) -> bool:
    """Whether somebody (a reference) is at work in such a role now."""
    page = records.search(session, "PractitionerRole", [("practitioner", person)])
    posts = [post_of(bodies.parse(each.body or b"{}").data) for each in page.matches]
    return any(post is not None and _helps(post) for post in posts)


def _helps(post: Post) -> bool:
    role = role_of(post.role)
    return post.at_work(clock.now()) and role is not None and Duty.ROLL_OUT in role.duties


__all__ = ["still_helps"]
