"""ICPC-2 is found by code and by words; process codes are no problems."""

from __future__ import annotations

from fellesjournal.care.problems.codes import find, icpc2


def test_the_list_is_installed_and_holds_problems_only() -> None:
    assert len(icpc2()) > 500
    assert icpc2()["K86"].text.startswith("Hypertensjon")
    assert not any(30 <= int(code[1:]) < 70 for code in icpc2())


def test_a_code_is_found_first_then_texts_that_begin_so() -> None:
    assert find("k86")[0].code == "K86"
    assert all(each.text.casefold().startswith("hypert") for each in find("hypert")[:1])
    assert "R05" in [each.code for each in find("hoste")]


def test_words_in_any_order_and_nonsense() -> None:
    assert find("diabetes type 2") != []
    assert find("2 type diabetes") != []
    assert find("   ") == find("zzzz") == []
