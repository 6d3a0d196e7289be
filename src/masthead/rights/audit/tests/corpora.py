"""A small corpus with known copies of posts in it, and where each of them stands."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from masthead.rights.audit.values import Post

SYLLABLES = [
    a + b
    for a in ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]
    for b in ["a", "e", "i", "o", "u", "an", "el", "or"]
]
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "it",
    "as",
    "was",
    "with",
    "be",
    "by",
    "on",
    "not",
    "he",
    "his",
    "but",
    "at",
    "are",
    "this",
    "have",
    "from",
    "or",
    "had",
    "an",
    "they",
    "which",
]
ACCENTS = str.maketrans("aeou", "áéóü")


@dataclass(frozen=True, slots=True)
class Planted:
    """A copy: which post, how it was changed, in which line, and the bytes of the line it takes."""

    post: int
    kind: str
    line: int
    start: int
    end: int


def words(luck: random.Random, vocabulary: list[str], count: int) -> list[str]:
    """Words as people write them: half of them common ones."""
    return [luck.choice(COMMON) if luck.random() < 0.45 else luck.choice(vocabulary) for _ in range(count)]


def edited(luck: random.Random, text: list[str], vocabulary: list[str], share: float) -> list[str]:
    """Some words changed, left out or put in; the first one and the last two, of which one may be a link, stay."""
    out = list[str]()
    for k, word in enumerate(text):
        if 0 < k < len(text) - 2 and luck.random() < share:
            out += luck.choice(([luck.choice(vocabulary)], [], [word, luck.choice(vocabulary)]))
        else:
            out.append(word)
    return out


def accented(text: str) -> str:
    """Accents on every vowel, but for links."""
    return " ".join(part if "://" in part else part.translate(ACCENTS) for part in text.split())


def changed(luck: random.Random, kind: str, text: str, vocabulary: list[str]) -> str:
    """The text as somebody copied it."""
    parts = text.split()
    if kind == "normalised":
        return luck.choice((text.upper(), text.replace(" ", "  "), text.replace("'", "’").title(), accented(text)))
    if kind == "edited12":
        return " ".join(edited(luck, parts, vocabulary, 0.12))
    if kind == "edited35":
        return " ".join(edited(luck, parts, vocabulary, 0.35))
    if kind == "quoted":
        size = max(6, len(parts) * luck.randint(40, 70) // 100)
        at = luck.randint(0, max(len(parts) - size, 0))
        return " ".join(parts[at : at + size])
    return text


def make(seed: int, posts: int = 400) -> tuple[list[Post], bytes, list[Planted]]:
    """Posts, a corpus as JSON lines, and the copies in it."""
    luck = random.Random(seed)
    vocabulary = ["".join(luck.choices(SYLLABLES, k=luck.randint(2, 4))) for _ in range(8000)]
    made = [Post(str(k), _post(luck, vocabulary)) for k in range(posts)]
    lines, planted, kinds = list[bytes](), list[Planted](), ("exact", "normalised", "edited12", "edited35", "quoted")
    for number, post in enumerate(made[: posts * 4 // 5]):
        kind = kinds[number % 5]
        copy = changed(luck, kind, post.text, vocabulary)
        before, after = (" ".join(words(luck, vocabulary, luck.randint(20, 200))) for _ in "ab")
        spell = json.dumps if number % 2 else lambda text: json.dumps(text, ensure_ascii=False)
        head = f'{{"id": {number}, "text": {spell(before)[:-1]} '.encode()
        body = spell(copy)[1:-1].encode()
        planted.append(Planted(number, kind, len(lines), len(head), len(head) + len(body)))
        lines.append(head + body + f' {spell(after)[1:-1]}", "tag": "x"}}'.encode())
        lines.append(json.dumps({"id": -number, "text": " ".join(words(luck, vocabulary, 150))}).encode())
    return made, b"\n".join(lines) + b"\n", planted


def _post(luck: random.Random, vocabulary: list[str]) -> str:
    text = words(luck, vocabulary, luck.randint(12, 40))
    text[luck.randrange(len(text))] += "'s"
    return " ".join(text).capitalize() + luck.choice((".", "!", "", " 🎉", " https://t.co/aB1"))
