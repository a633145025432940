"""Scales that come with Meervoud score as published and say where their words come from; packs are read with care."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact.scales import Scale, Scoring, band_of, score
from meervoud.files.impact.scales import (
    FOLDER,
    Questions,
    check_length,
    read_kits,
    read_pack,
    read_scales,
    seconds_of,
)
from meervoud.files.impact.toml_part import MOST_BYTES
from meervoud.files.wording.language import LANGUAGES, language

PACK = """
version = "2026-11-01"
id = "calm_2"
scoring = "sum"
factor = 4
may_use = true
source = "Made up for a test, 2026"
licence = "Free for the members of a made-up federation"
name.en = "Calm"

[wording.en]
read = "the made-up manual, page 3"

[[items]]
id = "calm"
low = 0
high = 5
seconds = 6
text.en = "I felt calm."

[[items]]
id = "tense"
low = 0
high = 5
is_reversed = true
seconds = 6
text.en = "I felt tense."

[[answers]]
value = 0
label.en = "never"

[[answers]]
value = 5
label.en = "always"

[[bands]]
code = "low"
low = 0
high = 19
label.en = "low"
"""
YES, PARTLY, NO = 1, 2, 3
DJG = ("emptiness", "rely", "trust", "miss", "close", "let_down")


def scale_of(name: str) -> Scale:
    scale = read_scales()[name].scale
    assert scale is not None
    return scale


@pytest.mark.parametrize(
    ("answers", "expected", "band"),
    [
        ((NO, YES, YES, NO, YES, NO), 0, "not_lonely"),
        ((NO, PARTLY, YES, NO, YES, NO), 1, "not_lonely"),
        ((PARTLY, YES, YES, NO, YES, PARTLY), 2, "somewhat_lonely"),
        ((NO, NO, NO, NO, NO, NO), 3, "somewhat_lonely"),
        ((YES, YES, YES, YES, YES, YES), 3, "somewhat_lonely"),
        ((YES, NO, NO, YES, YES, NO), 4, "somewhat_lonely"),
        ((YES, NO, NO, PARTLY, YES, YES), 5, "strongly_lonely"),
        ((PARTLY,) * 6, 6, "strongly_lonely"),
    ],
)
def test_more_or_less_counts_with_the_lonely_side(answers: tuple[int, ...], expected: int, band: str) -> None:
    scale = scale_of("djg6")
    found = score(scale, dict(zip(DJG, answers, strict=True)))
    assert found == expected
    assert band_of(scale, found) == band


def test_three_times_often_is_nine() -> None:
    scale = scale_of("ucla3")
    answers = {"companionship": 3, "left_out": 3, "isolated": 3}
    assert score(scale, answers) == 9
    assert score(scale, {**answers, "left_out": 1}) == 7
    assert [*scale.reach] == [3, 9]
    assert not scale.bands


def test_the_four_questions_on_wellbeing_stay_four_and_only_anxious_is_better_low() -> None:
    four = [scale_of(name) for name in ("life_satisfaction", "worthwhile", "happy", "anxious")]
    assert [each.is_lower_better for each in four] == [False, False, False, True]
    assert all(each.scoring == Scoring.SINGLE and each.reach == (0, 10) for each in four)
    assert [name for name, each in read_scales().items() if each.scale and each.scale.is_lower_better] == [
        *("anxious", "djg6", "lonely_direct", "ucla3")
    ]


def test_what_may_not_be_passed_on_is_not_here() -> None:
    assert read_scales().keys() == {
        *("djg6", "ucla3", "lonely_direct", "life_satisfaction", "worthwhile", "happy", "anxious"),
        *("belonging", "trust", "met_somebody", "learned", "this_time", "open_question"),
    }


@pytest.mark.parametrize("questions", read_scales().values(), ids=lambda each: each.id)
def test_every_scale_is_whole_in_three_languages_and_says_where_its_words_come_from(questions: Questions) -> None:
    assert set(questions.languages) == set(LANGUAGES)
    assert questions.source
    assert questions.licence
    assert not questions.is_pack
    for code in LANGUAGES:
        wording = questions.wordings[code]
        assert bool(wording.read) != (wording.is_own_translation or wording.is_own_question)
    own = [each.is_own_question for each in questions.wordings.values()]
    assert all(own) or not any(own)
    texts = [questions.names, *(each.texts for each in questions.items), *questions.answers.values()]
    assert all(each[code].strip() for each in texts for code in LANGUAGES)


def test_a_translation_of_our_own_is_never_passed_off_as_read() -> None:
    own = {(name, code) for name, each in read_scales().items() for code in LANGUAGES if not each.wordings[code].read}
    assert own >= {("djg6", "da"), ("ucla3", "nl"), ("life_satisfaction", "nl"), ("trust", "nl"), ("trust", "da")}
    read = {("djg6", "nl"), ("djg6", "en"), ("ucla3", "en"), ("life_satisfaction", "da"), ("anxious", "en")}
    assert not own & read
    assert read_scales()["belonging"].wordings["en"].is_own_question


def test_kits_take_60_to_90_seconds_and_ask_openly_once() -> None:
    scales = read_scales()
    for kit in read_kits().values():
        chosen = [scales[name] for name in kit.questions]
        assert 60 <= check_length(chosen) == seconds_of(chosen) <= 90
        assert len([each for each in chosen if each.scale is None]) == 1
        assert "life_satisfaction" in kit.questions
        assert kit.months == (0, 3, 12)
    assert list(read_kits()) == ["usual", "short"]


def test_more_than_five_minutes_is_refused() -> None:
    scale = read_scales()["open_question"]
    assert check_length([scale] * 10) == 300
    with pytest.raises(InputError) as error:
        check_length([scale] * 11)
    assert (error.value.code, error.value.values["minutes"]) == ("questions_too_long", 6)


def test_a_pack_is_read_and_scored() -> None:
    found = read_pack(PACK.encode(), "calm.toml")
    assert found.is_pack
    assert found.languages == ("en",)
    assert found.scale is not None
    assert score(found.scale, {"calm": 5, "tense": 1}) == 36
    assert band_of(found.scale, 8) == "low"
    assert read_scales().get("calm_2") is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("may_use = true", "", "pack_may_use"),
        ("may_use = true", "may_use = false", "pack_may_use"),
        ("may_use = true", 'may_use = "yes"', "pack_may_use"),
        ('id = "calm_2"', 'id = "djg6"', "pack_built_in"),
        ('id = "calm_2"', 'id = "open_question"', "pack_built_in"),
        ("scoring", "scoring =", "pack_unreadable"),
        ('version = "2026-11-01"', "version = " + "9" * 5000, "pack_unreadable"),
    ],
)
def test_what_may_not_be_taken_is_refused(old: str, new: str, code: str) -> None:
    assert refusal(PACK.replace(old, new, 1)).code == code


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('source = "Made up for a test, 2026"', "", "source"),
        ('licence = "Free for the members of a made-up federation"', 'licence = " "', "licence"),
        ('id = "calm_2"', 'id = "Calm 2"', "id"),
        ('id = "calm_2"', 'id = "../../etc"', "id"),
        ('id = "calm_2"', f'id = "{"x" * 41}"', "id"),
        ('version = "2026-11-01"', "version = 2026-11-01", "version"),
        ('scoring = "sum"', 'scoring = "mean"', "scoring"),
        ('scoring = "sum"', 'scoring = "single"', "items"),
        ('scoring = "sum"', 'scoring = "count"', "items 1, counts"),
        ("factor = 4", "factor = nan", "factor"),
        ("factor = 4", "factor = inf", "factor"),
        ("factor = 4", "factor = 0", "factor"),
        ("factor = 4", "factor = true", "factor"),
        ("factor = 4", "factro = 4", "factro"),
        ("low = 0\nhigh = 5", "low = 5\nhigh = 5", "items 1, high"),
        ("low = 0\nhigh = 5", "low = false\nhigh = 5", "items 1, low"),
        ("low = 0\nhigh = 5", "low = 0\nhigh = 1000000000000", "items 1, high"),
        ("low = 0\nhigh = 5", "low = 0\nhigh = 5\ncounts = [1]", "items 1, counts"),
        ("low = 0\nhigh = 5", "low = 0\nhigh = 5\nweight = 2", "items 1, weight"),
        ("low = 0\nhigh = 5", "low = 0\nhigh = 9", "answers"),
        ("seconds = 6", "seconds = 0", "items 1, seconds"),
        ('id = "tense"', 'id = "calm"', "items"),
        ('text.en = "I felt calm."', 'text.en = ["I felt calm."]', "items 1, text, en"),
        ('text.en = "I felt calm."', 'text.en = "a\\u0000b"', "items 1, text, en"),
        ('text.en = "I felt calm."', 'text.en = "a\\u202eb"', "items 1, text, en"),
        ('text.en = "I felt calm."', f'text.en = "{"x" * 501}"', "items 1, text, en"),
        ('text.en = "I felt calm."', 'text.fr = "Calme."', "items 1, text, fr"),
        ('text.en = "I felt calm."', 'text.nl = "Ik was rustig."', "wording"),
        ('text.en = "I felt calm."', "text = {}", "items 1, text"),
        ('read = "the made-up manual, page 3"', "", "wording, en"),
        ('read = "the made-up manual, page 3"', 'read = "x"\nown_translation = true', "wording, en"),
        ("[wording.en]\nread", "[wording.nl]\nread", "wording"),
        ("value = 5", "value = 0", "answers 2, value"),
        ("value = 5", "value = 6", "answers"),
        ("low = 0\nhigh = 19", "low = 20\nhigh = 19", "bands 1, low"),
        ("low = 0\nhigh = 19", "low = 0\nhigh = 41", "bands"),
        ("low = 0\nhigh = 19", "low = -inf\nhigh = 19", "bands 1, low"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, place: str) -> None:
    assert old in PACK
    error = refusal(PACK.replace(old, new, 1))
    assert (error.code, error.values.get("place")) == ("pack_place", place)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xff\xfe\xfa",
        b"a = " + b"[" * 20_000,
        b"a = " + b"{b = " * 20_000,
        b"a" + b".a" * 30_000 + b" = 1",
        b"[" + b"a." * 30_000 + b"a]",
        b"may_use = true\n" * 2,
        b"x" * (MOST_BYTES + 1),
        b"may_use = true\nitems = " + b"[" + b"{}," * 20_000 + b"]",
        b"may_use = true\nitems = 1979-05-27T07:32:00Z",
        b'may_use = true\nscoring = "sum"\nid = "a"\nsource = "b"\nlicence = "c"\nitems = [1]',
        b'may_use = true\nscoring = ["sum"]',
        b"\xef\xbb\xbfmay_use = true",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_hostile_files_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(InputError) as error:
        read_pack(data, "hostile.toml")
    assert "hostile.toml" in str(error.value)
    for code in LANGUAGES:
        assert language(code).error(error.value)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(InputError):
        read_pack(data, "any.toml")


@given(
    st.sampled_from(sorted(tomllib.loads(PACK))), st.sampled_from((1, -1.5, True, "x", [], [1], {}, {"en": 1}, [[{}]]))
)
def test_no_value_of_another_kind_breaks_the_reader(name: str, value: Any) -> None:
    content = tomllib.loads(PACK)
    if (name, value) == ("bands", []) or (type(value) is type(content[name]) and not isinstance(value, list | dict)):
        return  # these may be so
    with pytest.raises(InputError):
        read_pack(written({**content, name: value}).encode(), "any.toml")


def test_every_scale_could_be_a_pack_under_another_id() -> None:
    for path in (files("meervoud.core.impact") / FOLDER).iterdir():
        name = path.name.removesuffix(".toml")
        text = path.read_text("utf-8").replace(f'id = "{name}"', 'id = "of_our_own"\nmay_use = true', 1)
        assert read_pack(text.encode(), path.name).names == read_scales()[name].names


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as error:
        read_pack(text.encode(), "calm.toml")
    return error.value


def written(content: Mapping[str, Any]) -> str:
    """Return values as TOML, all in one line each."""
    return "\n".join(f"{name} = {_value(value)}" for name, value in content.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_value(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')
