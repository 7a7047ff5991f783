"""Finding a person as people ask for one: by number, by birth date, by a name heard or misspelt.

A name word matches where a part of the name begins with it, or resembles it (trigrams), middle names
and the second of two words too; the standard's own name search knows only beginnings of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.definitions.search import FURTHER_NAMES, search_of
from fellesjournal.fhir.temporal import Interval
from fellesjournal.fhir.text import normalised
from fellesjournal.store.facts import hasher
from fellesjournal.store.index_state import require_complete
from fellesjournal.store.tokens import comparable
from fellesjournal.store.visibility import Visibility

_PERSON = "Patient"
# Below this, two names are not "nearly the same"; 0.3 is what pg_trgm was tuned for.
_LEAST_SIMILARITY = 0.3


@dataclass(frozen=True, slots=True)
class PersonQuestion:
    """What is known of the person sought; at least one of the three is given.

    ``number`` is compared with identifiers of any system, ``born`` is a half-open interval
    of microseconds as in ``fhir.temporal``, ``words`` are parts of the name.
    """

    number: str = ""
    born: Interval | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """A person found. ``score`` is 1 when every word begins a part of the name."""

    rid: int
    score: float


def find_people(
    connection: psycopg.Connection[Any],
    question: PersonQuestion,
    visibility: Visibility,
    *,
    limit: int,
) -> list[Likeness]:
    """The people that fit, best first, at most ``limit``; all given parts must fit.

    Raises IndexIncomplete while the index is being rebuilt.
    """
    require_complete(connection)
    search = search_of(_PERSON)
    conditions = [f"e.type = {type_number(_PERSON)}", "e.died is null", visibility.sql("e")]
    values: dict[str, Any] = {"limit": limit}
    if question.number:
        slot = search.parameters["identifier"].places[0].slot
        _, alone = comparable(slot, None, question.number)
        values["number"] = [hasher(connection).token(slot, "code", alone)]
        conditions.append("e.tokens @> %(number)s::bigint[]")
    if question.born is not None:
        # the birth date is the main date of a person and stands in the entry itself
        values["born_lo"], values["born_hi"] = question.born
        conditions.append("e.date_lo < %(born_hi)s and e.date_hi > %(born_lo)s")
    words = [norm for word in question.words if (norm := normalised(word))]
    where = " and ".join(conditions)
    if not words:
        statement = (
            f"select e.rid, 1.0::float8 from store.entry e where {where}"
            " order by e.seq desc limit %(limit)s"
        )
    else:
        values["slots"] = [search.parameters["name"].places[0].slot, FURTHER_NAMES]
        values["words"] = words
        values["least"] = _LEAST_SIMILARITY
        statement = _by_name(where)
    with connection.transaction():
        connection.execute(f"set local pg_trgm.similarity_threshold = {_LEAST_SIMILARITY}")
        rows = connection.execute(statement, values).fetchall()
    return [Likeness(rid, score) for rid, score in rows]


def _by_name(where: str) -> str:
    """SQL: for each word its best part of each name, then those whom every word fits."""
    return (
        "with word as (select word, n from unnest(%(words)s::text[]) with ordinality w(word, n)),"
        " near as ("
        "  select s.seq, w.n, max(case when s.norm like w.word || '%%' then 1.0::float8"
        "   else similarity(s.norm, w.word) * 0.9 end) as score"
        "  from word w join store.entry_string s on s.slot = any(%(slots)s::smallint[])"
        "   and (s.norm like w.word || '%%' or s.norm %% w.word)"
        "  group by s.seq, w.n)"
        " select e.rid, avg(near.score) as score from near join store.entry e on e.seq = near.seq"
        f" where {where}"
        " group by e.rid, e.seq having count(*) = cardinality(%(words)s::text[])"
        " order by score desc, e.seq desc limit %(limit)s"
    )
