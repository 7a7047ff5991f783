"""Reading money for pages: what was saved, or what was published while nobody has saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.costs.assumptions import ASSUMPTIONS, Assumptions, assumed
from fellesjournal.leadership.costs.fixtures import roros
from fellesjournal.leadership.costs.lines import CostModel
from fellesjournal.leadership.costs.resources import COST_MODEL
from fellesjournal.leadership.documents.queries import all_standing, find, versions
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.documents.settings import Settings, values_of, values_on
from fellesjournal.leadership.figures.assumptions import ASSUMPTIONS as SHARED

PUBLISHED: Mapping[str, CostModel] = {"5025": roros().model}
"""Models that public papers give, by organisation."""


def model_versions(session: Session, actor: str) -> tuple[tuple[int, CostModel], ...]:
    """Every version of a model with its number, newest first; the published one is number 0. Empty for
    an organisation without one.
    """
    saved: tuple[tuple[int, CostModel], ...] = ()
    if find(session, COST_MODEL, actor) is not None:
        saved = tuple((each.version, each.body) for each in versions(session, COST_MODEL, actor))
    return (*saved, *((0, model) for model in [PUBLISHED.get(actor)] if model is not None))


def models(session: Session) -> dict[str, CostModel]:
    """The model that stands of each organisation that has one."""
    return models_among(all_standing(session, COST_MODEL))


def models_among(saved: Iterable[Document[CostModel]]) -> dict[str, CostModel]:
    """As :func:`models`, of documents that were read already."""
    return {**PUBLISHED, **{each.key: each.body for each in saved}}


def assumptions(session: Session, day: date) -> Assumptions:
    """What is assumed of money on a day."""
    return assumed(values_on(session, (*ASSUMPTIONS, *SHARED), day))


def assumptions_among(saved: Iterable[Document[Settings]], day: date) -> Assumptions:
    """As :func:`assumptions`, of documents that were read already."""
    return assumed(values_of(saved, (*ASSUMPTIONS, *SHARED), day))


__all__ = [
    "PUBLISHED", "assumptions", "assumptions_among", "model_versions", "models", "models_among",
]  # fmt: skip
