"""Detects texts that are not in English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_COMMON = {
    "English": "the of and to in that for on was were with by had which its",
    "French": "le la les des et du que dans une est sur par pour au aux",
    "Spanish": "el la los las de que y en del una por con para se al",
    "Portuguese": "o a os as de que e em do da dos das uma para não",
    "German": "der die das und den von zu mit ist des dem ein eine nicht für",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SCRIPTS = {"CYRILLIC": "Russian or another language in Cyrillic", "ARABIC": "Arabic", "CJK": "Chinese"}
_SAMPLE = 60_000
_LEAST_WORDS = 40


def foreign_language(text: str) -> str:
    """Return the language of a text that is not English; empty if it is, or is too short to tell."""
    sample = text[:_SAMPLE]
    letters = Counter(unicodedata.name(c, " ").split(" ")[0] for c in sample[:8000] if c.isalpha())
    total = sum(letters.values())
    for script, language in _SCRIPTS.items():
        if total and letters[script] > total * 0.3:
            return language
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", sample)]
    if len(words) < _LEAST_WORDS:
        return ""
    counted = Counter(words)
    shares = {language: sum(counted[word] for word in common) for language, common in _WORDS.items()}
    most = max(shares, key=lambda language: shares[language])
    return "" if most == "English" or shares["English"] * 1.2 > shares[most] else most
