"""Training and dress rehearsals of the demo, made by the actions that the rollout lead uses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellesjournal.access.directory.staff import Placed
    from fellesjournal.access.sessions import Session
    from fellesjournal.leadership.rollout.training import Shift, Training
    from fellesjournal.leadership.rollout.training_book import Courses


def fill_training(lead: Session) -> None:
    """Courses, passes and shifts of two municipalities, and what was rehearsed in one of them. What is
    there already is passed over: a start that was interrupted goes on.
    """
    from fellesjournal.demo import training as told

    for actor in (told.ON_ITS_WAY, told.LIVE):
        _train(lead, actor)
    _rehearse(lead)
    _cut_over(lead)


def _train(lead: Session, actor: str) -> None:
    from fellesjournal.access.directory.staff import staff_below
    from fellesjournal.access.policy.roles import role_of
    from fellesjournal.leadership.rollout import training_actions, training_queries

    unit = f"Organization/org-{actor}"
    staff = [
        each
        for each in staff_below(lead.again(), unit)
        if (role := role_of(each.code)) is not None and not role.duties
    ]
    courses = _courses(unit, staff)
    if not training_queries.courses(lead.again(), actor).version:
        training_actions.keep_courses(lead.again(), actor, courses, seen=0, reason="Opplæringsplan")
    if not training_queries.passes(lead.again(), actor).version:
        training_actions.record_passes(
            lead.again(), actor, _passes(actor, courses, staff), seen=0, reason="Kursliste"
        )
    if not training_queries.roster(lead.again(), actor).version:
        training_actions.keep_shifts(
            lead.again(), actor, _shifts(actor, staff), seen=0, reason="Turnus"
        )


def _courses(unit: str, staff: list[Placed]) -> Courses:
    from fellesjournal.demo import training as told
    from fellesjournal.leadership.rollout.training import RoleCourse
    from fellesjournal.leadership.rollout.training_book import Course, Courses, Enforcement
    from fellesjournal.leadership.rollout.training_lines import course_id

    named: dict[str, tuple[str, str]] = {}
    for each in staff:
        named.setdefault(each.unit, (each.practitioner, each.unit))
    held = {each.code for each in staff}
    return Courses(
        unit,
        Enforcement.WARN,
        tuple(
            Course(course_id(e.title), e.title, e.place, e.contact, e.months or None)
            for e in told.COURSES
        ),
        tuple(
            RoleCourse(role, course_id(e.title))
            for e in told.COURSES
            for role in e.roles
            if role in held
        ),
        tuple(named.values()),
    )


def _passes(actor: str, courses: Courses, staff: list[Placed]) -> list[Training]:
    from fellesjournal.demo import training as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.rollout.training import Training
    from fellesjournal.leadership.rollout.training_book import SUPER_USER

    found: list[Training] = []
    trained = courses.super_users[: told.TRAINED_SUPER_USERS]
    for turn, each in enumerate(staff):
        day = _passed_on(actor, each, turn / len(staff))
        if day is None:
            continue
        for course in courses.courses:
            needs = any((e.role, e.course) == (each.code, course.id) for e in courses.needed)
            is_super = course.id in SUPER_USER and (each.practitioner, each.unit) in trained
            if needs or is_super:
                expires = clock.today() + told.SHORT if turn == 1 else course.expires(day)
                found.append(Training(each.practitioner, each.code, course.id, day, expires))
    return found


def _passed_on(actor: str, placed: Placed, share: float) -> date | None:
    from fellesjournal.demo import training as told
    from fellesjournal.foundation import clock

    if actor == told.LIVE:
        is_missing = placed.practitioner.endswith(f"/{told.WITHOUT}")
        return None if is_missing else clock.today() - told.PASSED_WHERE_LIVE
    return next((day for limit, day in told.STEPS if share < limit), None)


def _shifts(actor: str, staff: list[Placed]) -> list[Shift]:
    """Five days from go-live on, and five from today on; every ninth is away now."""
    from fellesjournal.demo import training as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.rollout.fixtures import published_programme
    from fellesjournal.leadership.rollout.training import Shift

    programme = published_programme()
    plan = programme.plan(actor)
    assert plan is not None  # both have one, as published
    go_live = plan.go_live(programme.wave(plan.wave))
    return [
        Shift(each.practitioner, each.code, each.unit, start + day, told.PARTS[turn % 2])
        for turn, each in enumerate(staff)
        for start in (go_live, clock.today())
        if start == go_live or turn % 9 != 8
        for day in told.SHIFT_DAYS
    ]


def _rehearse(lead: Session) -> None:
    from fellesjournal.demo import training as told
    from fellesjournal.leadership.rollout import rehearsal_actions as acts
    from fellesjournal.leadership.rollout.fixtures import rehearsal_data
    from fellesjournal.leadership.rollout.trials import RehearsalFinding, Retest, Severity

    actor = told.ON_ITS_WAY
    if acts.standing(lead.again(), actor).version:
        return
    scripts = {each.service: each.steps for each in rehearsal_data().scripts}
    version = 0
    for number, (service, day, minutes, findings) in enumerate(told.PLAYED, 1):
        key = f"d{number}"
        version = acts.plan(
            lead.again(), actor, service=service, day=day, steps=scripts[service], seen=version,
            reason="Generalprøve",
        ).version  # fmt: skip
        for place, taken in enumerate(minutes):
            version = acts.play(
                lead.again(), actor, key, place, taken, seen=version, reason="Spilt"
            ).version
        for place, (text, severity, owner, tried) in enumerate(findings):
            finding = RehearsalFinding(text, Severity(severity), owner)
            version = acts.note(
                lead.again(), actor, key, finding, seen=version, reason="Funn"
            ).version
            if tried is not None:
                version = acts.retest(
                    lead.again(), actor, key, place, Retest(tried, told.TRIED_BY, passed=True),
                    seen=version, reason="Ny prøve",
                ).version  # fmt: skip


def _cut_over(lead: Session) -> None:
    """The cut-over as it went, each step at its hour; the samples were still open at the last decision."""
    from datetime import timedelta

    from fellesjournal.demo import training as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.rollout import cutover_actions as acts
    from fellesjournal.leadership.rollout.cutover import Task, TaskKind, TaskState, Verdict
    from fellesjournal.leadership.rollout.fixtures import published_programme

    actor, programme = told.ON_ITS_WAY, published_programme()
    plan = programme.plan(actor)
    assert plan is not None  # it has one, as published
    go_live = plan.go_live(programme.wave(plan.wave))
    if acts.standing(lead.again(), actor).version:
        return
    made = acts.begin(lead.again(), actor, seen=0, reason="Driftsovergang")
    late = made.body.task("transfer-balances")

    def hour(task: Task) -> int:
        return 3 if task == late else task.hour

    version = made.version
    for task in sorted(made.body.tasks, key=hour):
        due = made.body.due(task, go_live)
        with clock.at(due + timedelta(hours=hour(task) - task.hour, minutes=-20)):
            if task.kind is TaskKind.DECISION:
                why = told.CUTOVER_WHY if task.id == "last-decision" else ""
                version = acts.decide(
                    lead.again(), actor, task.id, Verdict.GO, why=why, seen=version,
                    reason="Beslutning",
                ).version  # fmt: skip
            else:
                owner = told.CUTOVER_OWNERS.get(task.id, told.CUTOVER_OWNER)
                version = acts.move(
                    lead.again(), actor, task.id, owner=owner, state=TaskState.DONE, note="",
                    seen=version, reason="Utført",
                ).version  # fmt: skip


__all__ = ["fill_training"]
