"""The benefits plans of the demo, made by the actions that people use."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellesjournal.access.sessions import Session
    from fellesjournal.demo.benefits import DemoItem, DemoPlan
    from fellesjournal.leadership.figures.result import Figure


def fill_benefits() -> None:
    """A selection list, three plans at different places of their way, and a workshop. What is there
    already is passed over: a start that was interrupted goes on.
    """
    from fellesjournal.access.sessions import staff_session, system_session
    from fellesjournal.demo import benefits as told_by
    from fellesjournal.demo.cast import STAFF

    people = [
        staff_session(
            practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
            unit=f"Organization/{who.unit_id}",
        )
        for role in ("benefits-coordinator", "unit-leader")
        for who in [next(each for each in STAFF if each.role == role)]
    ]  # fmt: skip
    for item in told_by.ITEMS:
        _list(people, item)
    elsewhere = system_session("system:demo", purpose="HOPERAT")
    for plan in told_by.PLANS:
        _establish(elsewhere, plan)
    _begin(people[0])
    _share(elsewhere)
    for plan in told_by.PLANS:
        _follow(elsewhere, plan)
    _hold(people[0])


def _list(people: list[Session], told: DemoItem) -> None:
    from fellesjournal.leadership.benefits.actions import listing
    from fellesjournal.leadership.benefits.resources import ITEM
    from fellesjournal.leadership.benefits.selection import Criterion, Item, Listed, Score
    from fellesjournal.leadership.documents.queries import find

    if find(people[0].again(), ITEM, told.indicator) is not None:
        return
    criteria = Listed(
        *(Criterion(bool(why), why or "Det finnes ikke noe nullpunkt") for why in told.why)
    )
    item = Item(told.indicator, told.title, told.group, criteria)
    listing.propose_item(people[0].again(), item, reason="Foreslått i et verksted")
    for who, score in zip(people, told.scores, strict=False):
        listing.score(who.again(), told.indicator, Score(*score))


def _begin(coordinator: Session) -> None:
    """Trondheim: ownership is established, an indicator is picked and has its benefit."""
    from fellesjournal.demo import benefits as told
    from fellesjournal.leadership.benefits import queries
    from fellesjournal.leadership.benefits.actions import planning
    from fellesjournal.leadership.benefits.plan import (
        Benefit,
        BenefitType,
        Phase,
        Realisation,
    )

    unit = told.TRONDHEIM
    if queries.plan(coordinator.again(), unit) is not None:
        return
    roles = planning.Roles(
        "Kari Nordmo", "helsedirektør", owner_is_director=False, coordinator="Tarald Vinjefossen",
        coordinator_title="gevinstkoordinator", coordinator_leads_implementation=False,
    )  # fmt: skip
    planning.fill_roles(coordinator.again(), unit, roles, seen=0, reason="Vedtatt i ledergruppen")
    planning.go_to(coordinator.again(), unit, Phase.INDICATORS, seen=1, reason="Rollene er fylt")
    planning.pick(coordinator.again(), unit, "LE1", seen=2)
    for seen, (key, title, goal, kind, indicators) in enumerate(
        (
            (told.BENEFIT_KEY, told.BENEFIT, "Legemiddelhåndtering", BenefitType.QUALITY, ("LE1",)),
            (told.LOSS_KEY, told.LOSS, "Brukervennlighet", BenefitType.DISBENEFIT, ()),
        ),
        3,
    ):
        benefit = Benefit(
            key, goal, title, kind, Realisation.REALLOCATED_CAPACITY, "Marthe Solgård", indicators
        )
        planning.keep_benefit(coordinator.again(), unit, benefit, seen=seen)
    functionality, process = told.MAP
    planning.connect(
        coordinator.again(), unit, functionality=functionality, process=process,
        benefit=told.BENEFIT_KEY, onward="", seen=5,
    )  # fmt: skip


def _first_month(told: DemoPlan) -> date:
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.figures.times import add_months

    return add_months(clock.today().replace(day=1), -len(told.months))


def _counted_on(first: date, month: int) -> datetime:
    """When a month of a plan is written down: on the second morning after it, or now."""
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.figures.times import add_months

    day = add_months(first, month + 1) + timedelta(days=1)
    return min(datetime.combine(day, time(9), clock.NORWAY), clock.now())


def _establish(session: Session, told: DemoPlan) -> None:
    """A plan that is begun, when its first month was over."""
    from fellesjournal.demo import benefits as texts
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.benefits import queries
    from fellesjournal.leadership.benefits.actions import doing, measuring, planning
    from fellesjournal.leadership.benefits.attainment import Ambition
    from fellesjournal.leadership.benefits.maturity import Reached, Rung
    from fellesjournal.leadership.benefits.plan import (
        Benefit,
        BenefitType,
        Measure,
        Phase,
        Realisation,
    )
    from fellesjournal.leadership.figures.times import add_months

    if queries.plan(session.again(), told.unit) is not None:
        return
    first = _first_month(told)
    unit = told.unit
    roles = planning.Roles(
        told.owner, "", owner_is_director=True, coordinator=told.coordinator,
        coordinator_title="", coordinator_leads_implementation=False,
    )  # fmt: skip
    benefit = Benefit(
        texts.BENEFIT_KEY, "Legemiddelhåndtering", texts.BENEFIT, BenefitType.QUALITY,
        Realisation.NON_PRICED, told.owner, ("LE1",),
    )  # fmt: skip
    wanted = Ambition(
        "LE1", f"Organization/{unit}", Fraction(told.wanted, 100), add_months(first, 12), (),
        told.owner,
    )  # fmt: skip
    measure = Measure(told.measure, told.coordinator, first, hypothesis=told.hypothesis)
    with clock.at(_counted_on(first, 0)):
        planning.fill_roles(session.again(), unit, roles, seen=0, reason="Vedtatt i ledergruppen")
        planning.go_to(session.again(), unit, Phase.INDICATORS, seen=1, reason="Rollene er fylt")
        planning.pick(session.again(), unit, "LE1", seen=2)
        planning.keep_benefit(session.again(), unit, benefit, seen=3)
        planning.go_to(
            session.again(), unit, Phase.MEASUREMENT, seen=4, reason="Indikatoren er valgt"
        )
        measuring.freeze(
            session.again(), unit, _invented(unit, first, told.months[0]), seen=5,
            reason="Siste hele måned før tiltaket", method=texts.INVENTED,
        )  # fmt: skip
        measuring.aim(session.again(), unit, wanted, seen=6, reason="Vedtatt i ledergruppen")
        doing.add_measure(session.again(), unit, "LE1", measure, seen=7)
        planning.go_to(session.again(), unit, Phase.REALISE, seen=8, reason="Alt er på plass")
        reached = Reached(
            Rung.LEADERSHIP, first, "Gevinster står fast på agendaen til ledergruppen"
        )
        planning.reach(session.again(), unit, reached, seen=0)


def _follow(session: Session, told: DemoPlan) -> None:
    """What the months since the baseline have given, each written down when it was over."""
    from fellesjournal.demo import benefits as texts
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.benefits import queries
    from fellesjournal.leadership.benefits.actions import measuring, planning
    from fellesjournal.leadership.benefits.plan import Confounder
    from fellesjournal.leadership.figures.times import add_months

    first, unit = _first_month(told), told.unit
    plan = queries.plan(session.again(), unit)
    assert plan is not None  # established before
    if plan.body.confounders:
        return
    for n, counts in enumerate(told.months[1:], 1):
        with clock.at(_counted_on(first, n)):
            figure = _invented(unit, add_months(first, n), counts)
            measuring.register(session.again(), unit, figure, seen=plan.version + n - 1)
    changed = Confounder(add_months(first, 2), texts.CONFOUNDER, "unknown", ("LE1",))
    with clock.at(_counted_on(first, len(told.months) - 1)):
        planning.note_confounder(
            session.again(), unit, changed, seen=plan.version + len(told.months) - 1
        )


def _invented(unit: str, start: date, counts: tuple[int, int]) -> Figure:
    """A figure of a month as if the record had counted it, under today's definition."""
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.figures.intervals import wilson
    from fellesjournal.leadership.figures.periods import month_of
    from fellesjournal.leadership.figures.result import Figure, Status
    from fellesjournal.leadership.indicators.catalogue import CATALOGUE

    part, whole = counts
    return Figure(
        CATALOGUE["LE1"].definition, f"Organization/{unit}", month_of(start), clock.now(),
        Status.FINAL, Fraction(part), Fraction(whole), Fraction(part, whole), wilson(part, whole),
    )  # fmt: skip


def _share(session: Session) -> None:
    """What Røros does, and Malvik has copied on the day after its own baseline."""
    from fellesjournal.demo import benefits as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.benefits import queries
    from fellesjournal.leadership.benefits.actions import sharing
    from fellesjournal.leadership.benefits.network import Practice
    from fellesjournal.leadership.benefits.resources import PRACTICE
    from fellesjournal.leadership.documents.queries import find

    if find(session.again(), PRACTICE, told.PRACTICE_KEY) is not None:
        return
    best = told.PLANS[0]
    practice = Practice("LE1", f"Organization/{best.unit}", best.measure, best.hypothesis)
    copier = told.PLANS[1]
    begun = _counted_on(_first_month(copier), 0)
    with clock.at(begun):
        sharing.share(session.again(), told.PRACTICE_KEY, practice, reason="Det hjalp oss")
    plan = queries.plan(session.again(), told.MALVIK)
    assert plan is not None  # made before
    with clock.at(begun + timedelta(days=1)):
        sharing.copy(
            session.again(), told.MALVIK, told.PRACTICE_KEY, responsible=copier.coordinator,
            seen=plan.version,
        )  # fmt: skip


def _hold(coordinator: Session) -> None:
    """A workshop of Trondheim with its worksheet, one row of which its plan has counted."""
    from fellesjournal.demo import benefits as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.benefits.actions import workshops
    from fellesjournal.leadership.benefits.resources import WORKSHOP
    from fellesjournal.leadership.benefits.worksheet import Row, ThreePoint
    from fellesjournal.leadership.benefits.workshops import Area, Workshop
    from fellesjournal.leadership.documents.queries import find

    if find(coordinator.again(), WORKSHOP, told.WORKSHOP_KEY) is not None:
        return
    areas = tuple(Area(name, people, Fraction(hours)) for name, people, hours in told.AREAS)
    held = Workshop(f"Organization/{told.TRONDHEIM}", told.WORKSHOP, clock.today(), areas)
    workshops.hold(coordinator.again(), told.WORKSHOP_KEY, held, seen=0, reason="Første verksted")
    for each in told.ROWS:
        row = Row(
            each.key, each.task, each.area, "sykepleier", Fraction(each.now),
            ThreePoint(*(Fraction(after) for after in each.after)), Fraction(each.times),
            weeks=Fraction(each.weeks), is_time_thief=each.thief, claimed_by=each.counted_by,
        )  # fmt: skip
        workshops.keep_row(coordinator.again(), told.WORKSHOP_KEY, row, seen=0)
    workshops.claim(
        coordinator.again(), told.TRONDHEIM, told.BENEFIT_KEY, told.WORKSHOP_KEY,
        told.ROWS[2].key, seen=1,
    )  # fmt: skip


__all__ = ["fill_benefits"]
