"""Search: what a person types, with or without accents and with typing errors, finds the row that was meant."""

from time import thread_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.lib.search import fold, query_words, rank_texts, search_text, similarity, trigrams

ROOMS = [
    (1, search_text("Nørrebro Beboerhus", "Blågårds Plads")),
    (2, search_text("Buurthuis De Werkplaats", "Indische Buurt")),
    (3, search_text("Århus Ungdomshus")),
    (4, search_text("Aarhus Bibliotek")),
    (5, search_text("Café 't Sluisje", "Straße 5")),
]


def found(query: str) -> list[int]:
    return [key for key, _ in rank_texts(query, ROOMS)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nørrebro", "norrebro"),
        ("Ærøskøbing", "aeroskobing"),
        ("Århus", "arhus"),
        ("A\u030arhus", "arhus"),
        ("\u212brhus", "arhus"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Café 't Sluisje", "cafe t sluisje"),
        ("  's-Gravenhage,\n(Zuid)_1e  ", "s gravenhage zuid 1e"),
        ("fi\ufb01", "fifi"),
        ("buurt\u00adhuis\u200b", "buurthuis"),
        ("İstanbul ıșık", "istanbul isik"),
        ("Łódź Đorđe Œuvre", "lodz dorde oeuvre"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("\u0915\u093f\u0924\u093e\u092c", "\u0915\u093f\u0924\u093e\u092c"),
        ("\x00\ud800☕ — …", ""),
        ("", ""),
    ],
)
def test_a_text_is_folded_to_its_plain_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(alphabet="aåÅøæ éñ-\u030a\u0301ab"), max_size=4))
def test_a_stored_text_has_every_word_of_the_texts(texts: list[str]) -> None:
    stored = search_text(*texts).split()

    assert set(fold(" ".join(texts)).split()) <= set(stored)


def test_a_word_with_a_ring_is_stored_in_both_spellings_and_others_once() -> None:
    assert search_text("Blågårds Plads", "Århus") == "blagards plads arhus blaagaards aarhus"
    assert search_text("Nørrebro", "", "plads") == "norrebro plads"


def test_norrebro_finds_a_room_in_noerrebro() -> None:
    assert found("norrebro") == [1]
    assert found("Nørrebro") == [1]
    assert found("NOERREBRO") == [1]


def test_aarhus_is_found_by_each_of_its_spellings() -> None:
    for query in ("aarhus", "arhus", "Århus", "A\u030arhus"):
        assert rank_texts(query, ROOMS)[:2] == [(3, 1.0), (4, 1.0)]


def test_a_piece_of_a_word_is_found() -> None:
    assert found("plaats") == [2]
    assert rank_texts("plaats", ROOMS) == [(2, 1.0)]


@pytest.mark.parametrize(
    ("query", "room"),
    [
        ("buurthiis", 2),
        ("buurtuis", 2),
        ("buurhtuis", 2),
        ("werkplats", 2),
        ("biblotek", 4),
        ("noerebro", 1),
        ("slusje", 5),
        ("cafe sluisje", 5),
        ("sluisje straat", 5),
        ("ungdomhus", 3),
    ],
)
def test_a_typing_error_finds_what_was_meant(query: str, room: int) -> None:
    assert found(query)[0] == room


def test_every_word_of_the_query_must_be_found() -> None:
    assert found("werkplaats indische") == [2]
    assert found("werkplaats norrebro") == []
    assert found("werkplaats zwembad") == []


def test_an_exact_word_ranks_before_a_similar_one_and_equals_keep_their_order() -> None:
    rows = [("b", "buurtuis"), ("c", "buurthuis zuid"), ("a", "buurthuis"), ("d", "zwembad")]

    ranked = rank_texts("buurthuis", rows)

    assert [key for key, _ in ranked] == ["c", "a", "b"]
    assert ranked[0][1] == ranked[1][1] == 1.0
    assert 0.5 <= ranked[2][1] < 1.0


def test_the_score_is_the_mean_over_the_words() -> None:
    [(_, score)] = rank_texts("indische buurthiis", ROOMS)

    assert score == pytest.approx((1 + 0.7) / 2)


def test_least_says_how_similar_a_word_must_be() -> None:
    assert rank_texts("buurthiis", ROOMS, least=0.7)
    assert not rank_texts("buurthiis", ROOMS, least=0.71)


def test_a_query_without_words_finds_every_row_in_order() -> None:
    assert rank_texts(" ?! ", ROOMS) == [(key, 1.0) for key, _ in ROOMS]


def test_rows_without_text_are_not_found() -> None:
    assert rank_texts("zaal", [(1, ""), (2, "zaal")]) == [(2, 1.0)]


def test_short_words_count_only_where_there_is_nothing_else() -> None:
    assert query_words("a room in 't Zand") == ["room", "in", "zand"]
    assert query_words("'t") == ["t"]
    assert query_words("a b") == ["a", "b"]
    assert query_words(" … ") == []


def test_a_query_is_cut_to_eight_words_of_sixty_letters() -> None:
    assert query_words(" ".join(f"word{number}" for number in range(20))) == [f"word{number}" for number in range(8)]
    assert query_words("x" * 500) == ["x" * 60]
    assert query_words("zaal Zaal ZAAL") == ["zaal"]
    assert len(query_words("\ufdfa " * 1_000_000)) <= 8


def test_similarity_is_the_share_of_the_trigrams_of_the_query() -> None:
    # "  b", " bu", "buu", "uur", "urt", "rth", "is " of the ten of buurthiis
    assert similarity("buurthiis", "de buurthuis zuid") == pytest.approx(0.7)
    assert similarity("zaal", "zaal") == 1.0
    assert similarity("zaal", "") == 0.0
    assert similarity("", "zaal") == 0.0
    assert trigrams("ab") == {"  a", " ab", "ab "}


@given(st.text("abc ", max_size=12), st.lists(st.text("abc ", max_size=20), max_size=5), st.floats(0, 1))
def test_the_quick_way_out_loses_no_row(query: str, texts: list[str], least: float) -> None:
    words = query_words(query)
    plain = {
        number
        for number, text in enumerate(texts)
        if all(word in text or similarity(word, text) >= least for word in words)
    }

    assert {key for key, _ in rank_texts(query, enumerate(texts), least)} == plain


def test_ten_thousand_texts_are_searched_in_well_under_a_second() -> None:
    letters = np.random.default_rng(1).choice(list("abcdefghijklmnopqrstuvwxyz      "), (10_000, 200))
    texts = [fold("".join(row)) for row in letters]
    texts[7_000] += " buurthuis werkplaats"
    began = thread_time()

    ranked = rank_texts("buurthiis werkplats", enumerate(texts))

    assert thread_time() - began < 0.8
    assert [key for key, _ in ranked] == [7_000]
