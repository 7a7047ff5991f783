"""The golden journey of one patient, from booking to the visits at home."""

from __future__ import annotations

from collections.abc import Callable

from bench.journey import at_home, at_the_gp, in_hospital
from bench.journey.people import Cast

Act = Callable[[Cast, str], None]


def journey(cast: Cast, marker: str) -> None:
    """All chapters in their order; what it says of itself carries ``marker``.

    What was begun is ended, so that the same patient can go through it again.
    """
    at_the_gp.make_room(cast)
    for act in _ACTS:
        act(cast, marker)


_ACTS: tuple[Act, ...] = (
    at_the_gp.book,
    at_the_gp.write_note,
    at_the_gp.order_tests,
    at_the_gp.refer,
    at_the_gp.refer_outside,
    in_hospital.accept,
    in_hospital.allocate,
    at_the_gp.prescribe,
    at_home.apply,
    at_home.decide,
    at_home.plan,
    at_home.visit,
    in_hospital.break_glass,
    in_hospital.admit,
    in_hospital.mark_ready,
    in_hospital.discharge,
    at_the_gp.acknowledge_results,
    at_the_gp.read_letters,
    at_the_gp.stop_medicine,
    at_the_gp.send_letter,
    in_hospital.end_wait,
    at_home.decide_restart,
    at_home.check_shift,
    at_home.end_plan,
)

__all__ = ["journey"]
