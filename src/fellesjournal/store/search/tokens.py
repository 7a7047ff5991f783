"""Token and uri parameters as conditions (http://hl7.org/fhir/R4/search.html#token)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.fhir.text import normalised, phonetic_key
from fellesjournal.store import terminology
from fellesjournal.store.search.scope import Scope, any_of, has_token
from fellesjournal.store.search.strings import begins
from fellesjournal.store.search.values import BadValue, TokenValue, split, token_value, unescape
from fellesjournal.store.tokens import comparable, is_plain

Slots = Sequence[int]


def token_condition(alias: str, slots: Slots, modifier: str, texts: list[str], scope: Scope) -> str:
    """One of the alternatives matches in one of the slots; ``:not`` and ``:not-in``: none does."""
    if modifier == "text":
        return any_of([_text(alias, slots, unescape(text), scope) for text in texts])
    if modifier in ("in", "not-in", "above", "below"):
        found = [t for text in texts for t in _by_terminology(slots, modifier, text, scope)]
    elif modifier == "of-type":
        found = [t for text in texts for t in _of_type(slots, text, scope)]
    else:
        values = [token_value(text) for text in texts]
        scope.few |= not modifier and _names_one(slots, values)
        found = [t for value in values for t in _coded(slots, value, scope)]
    condition = has_token(alias, scope, list(dict.fromkeys(found)))
    return f"not {condition}" if modifier in ("not", "not-in") else condition


def _names_one(slots: Slots, values: list[TokenValue]) -> bool:
    """Whether the values are identifiers, which few resources share."""
    return all(value.code is not None for value in values) and all(
        variant.datatype == "Identifier" for slot in slots for variant in slot_of(slot).variants
    )


def _coded(slots: Slots, value: TokenValue, scope: Scope) -> list[int]:
    return [token for slot in slots for token in code_tokens(slot, value, scope)]


def code_tokens(slot: int, value: TokenValue, scope: Scope) -> list[int]:
    """The tokens that say a slot holds the value; none when it never can."""
    hasher = scope.hasher
    if is_plain(slot):
        return _plain_tokens(slot, value, scope)
    if value.code is None:
        return [hasher.token(slot, "system", value.system or "")]
    with_system, alone = comparable(slot, value.system, value.code)
    if value.system is None:
        return [hasher.token(slot, "code", alone)]
    return [hasher.token(slot, "value", value.system, with_system)]


def _plain_tokens(slot: int, value: TokenValue, scope: Scope) -> list[int]:
    implied = _implied(slot)
    if value.code is None:
        if isinstance(implied, str):
            return [scope.hasher.present(slot)] if implied == value.system else []
        codes = [code for code, system in (implied or {}).items() if system == value.system]
        return [scope.hasher.token(slot, "code", code) for code in codes]
    if value.system:
        system = implied if isinstance(implied, str) or implied is None else implied.get(value.code)
        # nothing is implied where the standard binds no value set; then any system may be
        if system is not None and system != value.system:
            return []
    return [scope.hasher.token(slot, "code", comparable(slot, None, value.code)[1])]


def _implied(slot: int) -> str | Mapping[str, str] | None:
    return slot_of(slot).implied_systems


def _text(alias: str, slots: Slots, text: str, scope: Scope) -> str:
    norm = normalised(text)
    if not norm:
        raise BadValue("the value is empty")
    return _among_terms(alias, slots, norm, scope)


def _of_type(slots: Slots, text: str, scope: Scope) -> list[int]:
    parts = [unescape(part) for part in split(text, "|")]
    if len(parts) == 2:
        code, value = parts
        return [scope.hasher.token(slot, "of-type-code", code, value) for slot in slots]
    if len(parts) != 3 or not parts[1] or not parts[2]:
        raise BadValue(f"{text!r}: with :of-type a value is system|code|value")
    return [scope.hasher.token(slot, "of-type", *parts) for slot in slots]


def _by_terminology(slots: Slots, modifier: str, text: str, scope: Scope) -> list[int]:
    if modifier in ("in", "not-in"):
        chosen = terminology.members(scope, unescape(text))
    else:
        value = token_value(text)
        if value.code is None:
            raise BadValue(f"{text!r}: :{modifier} needs a code")
        chosen = terminology.family(scope, value.system or None, value.code, modifier)
    return [
        token
        for system, codes in chosen.items()
        for value in (
            [TokenValue(system, None)] if codes is None else [TokenValue(system, c) for c in codes]
        )
        for token in _coded(slots, value, scope)
    ]


def sound_condition(alias: str, slots: Slots, texts: list[str], scope: Scope) -> str:
    """Names that sound like one of the alternatives; of several words all must."""
    conditions = []
    for text in texts:
        keys = [phonetic_key(word) for word in unescape(text).split()]
        if not keys:
            raise BadValue("the value is empty")
        conditions.append(
            " and ".join(
                has_token(alias, scope, [scope.hasher.token(slot, "sound", key) for slot in slots])
                for key in keys
            )
        )
    return any_of([f"({condition})" for condition in conditions])


def uri_condition(alias: str, slots: Slots, modifier: str, texts: list[str], scope: Scope) -> str:
    """Uris that are equal; ``:below`` begin with the value; ``:above`` are a beginning of it."""
    conditions, equal = [], []
    for text in texts:
        uri = unescape(text)
        if not uri:
            raise BadValue("the value is empty")
        if modifier == "below":
            conditions.append(_among_terms(alias, slots, uri, scope))
            continue
        wanted = _ancestors(uri) if modifier == "above" else [uri]
        equal += [scope.hasher.uri(slot, each) for slot in slots for each in wanted]
    if equal:
        conditions.append(has_token(alias, scope, equal))
    return any_of(conditions)


def _among_terms(alias: str, slots: Slots, start: str, scope: Scope) -> str:
    """Entries with a text or uri that begins so; the table of terms knows which there are."""
    return (
        f"{alias}.tokens && array(select t.token from store.term t"
        f" where t.slot = any({scope.bind(list(slots), 'smallint[]')})"
        f" and {begins('t.norm', start, scope)})"
    )


def _ancestors(uri: str) -> list[str]:
    """The uri and every shorter one at a slash, with and without it, down to the authority."""
    found = [uri]
    start = uri.find("//") + 2 if "//" in uri else 0
    at = len(uri)
    while (at := uri.rfind("/", start, at)) > 0:
        found += [uri[: at + 1], uri[:at]]
    return found
