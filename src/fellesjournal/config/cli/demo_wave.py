"""The wave to come of the demo: three municipalities, of which one keeps all rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fellesjournal.demo import rollout as told
from fellesjournal.leadership.rollout.plans import MilestoneType, Plan, PlanStatus
from fellesjournal.leadership.rollout.programme import Programme, assigned
from fellesjournal.leadership.rollout.quarters import Quarter
from fellesjournal.leadership.rollout.waves import Eligibility, Wave, WaveKind


def with_wave_ahead(programme: Programme, today: date) -> Programme:
    """The programme with the wave to come and the three municipalities in it."""
    day = today + told.AHEAD_DAYS
    window = Quarter(day.year, (day.month + 2) // 3)
    eligible = Eligibility(any_municipality=True, option_in_time=True)
    wave = Wave(told.AHEAD, window, WaveKind.SECOND, eligible, set_date=day, assumed=True)
    made = replace(programme, waves=(*programme.waves, wave))
    for actor in (told.ON_TIME, told.STARTED_LATE, told.BEHIND):
        made = assigned(made, _plan(made, actor))
    return made


def _plan(programme: Programme, actor: str) -> Plan:
    """Each milestone three weeks before its time limit, but for what is late and what is missing."""
    bare = Plan(actor, told.AHEAD, status=PlanStatus.DECIDED)
    due = {each.rule.milestone: each.due for each in programme.deadlines(bare)}
    early = timedelta(weeks=3)
    begun = due[MilestoneType.PROJECT_START]
    return replace(
        bare,
        option_signed=due[MilestoneType.OPTION_SIGNED] - early,
        project_start=begun + early if actor == told.STARTED_LATE else begun - early,
        council_report=None if actor == told.BEHIND else due[MilestoneType.COUNCIL_REPORT] - early,
    )


__all__ = ["with_wave_ahead"]
