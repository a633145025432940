"""How easy the sentences are: LIX (Björnsson 1968), under 30 very easy and over 40 hard; and no sentence runs on.

`python -m tests.contract.test_language_level` prints the figures.
"""

import re
import sys
from collections.abc import Sequence
from typing import Final

import polib
import pytest

from tests.contract.catalogue import SOURCE

LANGUAGES: Final = ("en", "nl", "da")
HARDEST_LIX: Final = 32
MOST_WORDS: Final = 25
LONG_WORD: Final = 6  # letters; more is a long word
GAP_OR_TAG: Final = re.compile(r"%\(\w+\)s|<[^>]+>|https?://\S+")
END: Final = re.compile(r"(?<=[.?!:])\s+")


def sentences_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the whole sentences of some texts as words; labels and headings are none."""
    found = list[list[str]]()
    for text in texts:
        plain = GAP_OR_TAG.sub("word", text).strip()
        if plain.endswith((".", "?", "!", ":")):
            found += [re.findall(r"\w+", each) for each in END.split(plain)]
    return [each for each in found if len(each) > 2]


def lix(sentences: Sequence[Sequence[str]]) -> float:
    """Return words a sentence plus the percentage of long words."""
    words = [word for each in sentences for word in each]
    return len(words) / len(sentences) + 100 * sum(len(word) > LONG_WORD for word in words) / len(words)


def texts_in(language: str) -> list[str]:
    """Return everything the house says in a language."""
    folder = SOURCE / "locale" / ("nl" if language == "en" else language) / "LC_MESSAGES"
    texts = list[str]()
    for entry in polib.pofile(str(folder / "django.po")):
        if language == "en":
            texts += [entry.msgid, entry.msgid_plural or ""]
        else:
            texts += [entry.msgstr, *entry.msgstr_plural.values()]
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_easy(language: str) -> None:
    sentences = sentences_of(texts_in(language))
    assert len(sentences) > 500
    assert lix(sentences) < HARDEST_LIX
    assert [" ".join(each) for each in sentences if len(each) > MOST_WORDS] == []


def test_a_heavy_text_would_be_found() -> None:
    heavy = (
        "The municipality endeavours to facilitate multifunctional utilisation of underutilised accommodation, provided "
        "that organisations demonstrate sufficient administrative capability notwithstanding contractual limitations."
    )
    assert lix(sentences_of([heavy])) > 2 * HARDEST_LIX
    assert max(len(each) for each in sentences_of([" ".join(["word"] * 30) + "."])) > MOST_WORDS


if __name__ == "__main__":
    for spoken in LANGUAGES:
        every = sentences_of(texts_in(spoken))
        lengths = [len(each) for each in every]
        mean = f"{sum(lengths) / len(every):.1f} words each, longest {max(lengths)}"
        sys.stdout.write(f"{spoken}: {len(every)} sentences, {mean}, LIX {lix(every):.1f}\n")
