"""Search that forgives accents, spellings and typing errors: what is stored of a row, and which rows a query finds."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

MOST_WORDS = 8
LONGEST_WORD = 60
SHORTEST_WORD = 2
_LONGEST_QUERY = 2000

_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_A_WITH_RING = "a\u030a"
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
"""Accents, joiners and soft hyphens: a word goes on after them."""

Key = TypeVar("Key")


def fold(text: str) -> str:
    """Return text without what people vary: accents, capitals, punctuation. "Café 't Sluisje" is "cafe t sluisje"."""
    return _without_accents(_decomposed(text))


def search_text(*texts: str) -> str:
    """Return what is stored of a row to search in: its words, and the second spelling of a word with å.

    "Århus" is stored as "arhus aarhus". Look in it for each of `query_words` as a piece of the text: `plaats` is in
    "werkplaats".
    """
    whole = _decomposed(" ".join(texts))
    words = _without_accents(whole)
    if _A_WITH_RING not in whole:
        return words
    spelled = _without_accents(whole.replace(_A_WITH_RING, "aa")).split()
    others = [other for word, other in zip(words.split(), spelled, strict=True) if other != word]
    return " ".join([words, *dict.fromkeys(others)])


def query_words(query: str) -> list[str]:
    """Return the folded words to look for, each once; words of one letter only where there is nothing else.

    They hold letters and digits only, so none needs an escape in a LIKE pattern.
    """
    words = [word[:LONGEST_WORD] for word in fold(query[:_LONGEST_QUERY]).split()]
    telling = [word for word in words if len(word) >= SHORTEST_WORD]
    return list(dict.fromkeys(telling or words))[:MOST_WORDS]


def similarity(word: str, text: str) -> float:
    """Return how much a word is like the word of a text that is most like it, from 0 to 1.

    Args:
        word: folded, one of `query_words`.
        text: folded, as `search_text` returns it.

    Returns:
        The largest share of the word's trigrams that one word of the text has too.

    References:
        PostgreSQL, pg_trgm: two blanks before a word and one after it count as letters. Its `word_similarity` may end
        inside a word of the text; here words are compared whole.
    """
    wanted = trigrams(word)
    if not wanted:
        return 0.0
    return max((len(wanted & trigrams(other)) for other in text.split()), default=0) / len(wanted)


@lru_cache(maxsize=16_384)
def trigrams(word: str) -> frozenset[str]:
    """Return each three letters in a row of one folded word, its blanks before and after included."""
    padded = f"  {word} " if word else ""
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def rank_texts(query: str, rows: Iterable[tuple[Key, str]], least: float = 0.5) -> list[tuple[Key, float]]:
    """Return the rows that every word of the query is in, or nearly in, best first.

    Args:
        query: as typed.
        rows: a key and its `search_text`.
        least: how similar a misspelt word must be, 0-1.

    Returns:
        Key and score. A word that is a piece of the text counts 1, another one its similarity; the score is their mean.
        Equal scores stay in the order of `rows`. A query without words finds every row, with score 1.
    """
    words = query_words(query)
    found = [(key, score) for key, text in rows if (score := _score(words, text, least)) is not None]
    return sorted(found, key=lambda row: -row[1])


def _score(words: list[str], text: str, least: float) -> float | None:
    """Return the mean over the words, None where a word is not in the text."""
    total, padded = 0.0, ""
    for word in words:
        if word in text:
            total += 1
            continue
        padded = padded or f"  {text.replace(' ', '  ')} "
        if not _may_be_like(word, padded, least) or (likeness := similarity(word, text)) < least:
            return None
        total += likeness
    return total / len(words) if words else 1.0


def _may_be_like(word: str, padded: str, least: float) -> bool:
    """Return False where even all words of the text together have too few trigrams; most texts end here, so it is quick."""
    wanted = trigrams(word)
    return sum(trigram in padded for trigram in wanted) >= least * len(wanted)


def _decomposed(text: str) -> str:
    """Return small letters, each followed by its accents."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def _without_accents(decomposed: str) -> str:
    return " ".join("".join(map(_letter, decomposed)).translate(_LETTERS).split())


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    """Return a letter or digit as it is, nothing for what only decorates one, a blank for the rest."""
    kind = unicodedata.category(character)
    if kind in _INVISIBLE:
        return ""
    return character if kind[0] in "LNM" else " "
