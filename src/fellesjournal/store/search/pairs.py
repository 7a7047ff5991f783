"""One patient and her codes as one key of the token index.

"This patient's glucose results" is what clinicians ask most. Both conditions alone meet
many entries; their pair, indexed as a token of its own, meets just the ones wanted. It is
exact, so it stands in place of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.store.search.references import allowed_targets, is_the_patient, rids_of
from fellesjournal.store.search.scope import Scope
from fellesjournal.store.search.tokens import code_tokens
from fellesjournal.store.search.values import split, token_value

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)


def sole_patient(
    type_name: str, criteria: Sequence[tuple[str, str]], scope: Scope
) -> tuple[int, int] | None:
    """Which criterion names the one patient of the entries, and her number.

    None when none does, or the patient was never heard of.
    """
    for n, (name, value) in enumerate(criteria):
        parameter = search_of(type_name).parameters.get(name.removesuffix(":Patient"))
        if parameter is None or parameter.type != "reference":
            continue
        if not is_the_patient(type_name, parameter.places):
            continue
        fhir_id = value.removeprefix("Patient/")
        typed = value != fhir_id or name.endswith(":Patient")
        if _ID.fullmatch(fhir_id) and (typed or allowed_targets(parameter) == ("Patient",)):
            target = ("Patient", fhir_id)
            rid = rids_of([target], scope).get(target)
            return None if rid is None else (n, rid)
    return None


def pair_condition(
    alias: str, type_name: str, name: str, value: str, patient: int, scope: Scope
) -> str | None:
    """The patient together with the codes of one criterion that compiles.

    None when they are not indexed as pairs.
    """
    definitions = search_of(type_name)
    parameter = definitions.parameters.get(name)
    if parameter is None or parameter.type != "token":
        return None
    if not {place.slot for place in parameter.places} <= definitions.main_codes:
        return None
    values = [token_value(text) for text in split(value, ",")]
    if any(each.code is None for each in values):
        return None
    tokens = [
        token
        for each in values
        for place in parameter.places
        for token in code_tokens(place.slot, each, scope)
    ]
    if not tokens:
        return None
    rid = scope.bind(patient, "bigint")
    keys = ", ".join(f"store.pair_token({rid}, {scope.bind(token, 'bigint')})" for token in tokens)
    # As a subquery, for its value would tell the planner nothing and have every search planned
    # anew: with the value unseen, PostgreSQL soon keeps one plan for all patients and codes.
    return f"{alias}.tokens {'@>' if len(tokens) == 1 else '&&'} (select array[{keys}])"
