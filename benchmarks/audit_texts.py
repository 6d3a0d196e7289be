"""Texts for the audit's benchmark, from what packages ship on this machine: short ones that people wrote, and long ones to hide them in.

Short texts are the one-line descriptions of Debian's packages and the first lines of docstrings of installed Python packages; long ones are
manuals and documentation. The same machine and seed give the same data. A machine without Debian's lists has fewer short texts.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import subprocess
import sysconfig
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PHRASES = (
    "good morning", "happy new year to all of you", "let me know what you think", "thank you so much for all your support this year",
    "have a great weekend everyone", "we are hiring, come and join our team", "link in bio", "stay tuned for more",
    "this is a test post, please ignore it", "happy birthday to the best mom in the whole wide world", "what a time to be alive",
    "see you next week", "please share this with everyone you know and love", "new blog post is up on our website",
    "i can not believe it is already friday again", "follow us for more tips and tricks like this one", "so proud of this team",
    "read more on our website and tell us what you think", "have a nice day", "sign up for our newsletter to get the latest news",
    "the best is yet to come", "once upon a time in a land far far away", "to be or not to be, that is the question",
    "all you need is love", "may the force be with you", "keep calm and carry on", "it is what it is",
    "life is what happens while you are busy making other plans", "be the change that you wish to see in the world",
    "the quick brown fox jumps over the lazy dog", "we would love to hear from you in the comments below",
    "tickets are on sale now, get yours before they are gone", "click the link in our bio to find out more about it",
    "merry christmas and a happy new year to all", "thanks for having us", "coming soon", "save the date",
    "what are you doing this weekend, tell us in the comments", "last chance to get your tickets for tonight",
    "good night and sweet dreams to everybody out there", "back to school", "throwback thursday", "follow for follow",
    "live, laugh, love", "no pain no gain", "an apple a day keeps the doctor away", "all rights reserved",
    "please drink responsibly", "terms and conditions apply, see our website for more details", "we are back",
)  # fmt: skip
COPIES = 20
LONG = 12
"""Words from which posts are planted edited or quoted: of shorter ones too little is left to be the same text."""
CLASSES = ("exact", "normalised", "edit12", "edit35", "quote")
_WORD = re.compile(r"[^\W_]+")
_ENTITY = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;"}


def words(text: str) -> list[str]:
    """The words of a text, plainly: no case, no accents, nothing but letters and digits. Knows nothing of the audit."""
    text = re.sub(r"https?://\S+|(?<!\w)@\w+|&\w+;", " ", text.replace("’", "").replace("'", ""))
    letters = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(one for one in letters if not unicodedata.combining(one)))


def short_texts(*, docstrings: bool) -> list[str]:
    """Short texts, each once (by its words), of 3 to 40 words."""
    found = itertools.chain(_descriptions(), _docstrings() if docstrings else ())
    kept: dict[str, str] = {}
    for text in found:
        key = words(text)
        if 3 <= len(key) <= 40:
            kept.setdefault(" ".join(key), text)
    # families such as "... (development files)" are one text to a reader, and would be to a judge
    seen: dict[str, int] = {}
    return [text for key, text in sorted(kept.items()) if _few(seen, " ".join(key.split()[:4]))]


def _few(seen: dict[str, int], family: str) -> bool:
    seen[family] = seen.get(family, 0) + 1
    return seen[family] <= 3


def _descriptions() -> Iterator[str]:
    try:
        listed = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        listed = b""
    if listed.count(b"\nDescription") < 20_000:
        yield from _docstrings()
    for found in re.finditer(r"^Description(?:-en)?: (.+)$", listed.decode("utf-8", "replace"), re.MULTILINE):
        yield found.group(1)


def _docstrings() -> Iterator[str]:
    first = re.compile(r'^\s*(?:def|class) [^\n]*:\n\s+r?"""\s*([A-Z][^\n"]{15,300})', re.MULTILINE)
    for folder in (sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")):
        for path in sorted(Path(folder).rglob("*.py")):
            try:
                yield from (found.strip() for found in first.findall(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError):
                continue


def long_texts(size: int, seed: int) -> list[str]:
    """Chunks of about 3,000 characters from manuals and documentation, `size` characters in all or what there is."""
    files = [path for folder in ("/usr/share/doc", "/usr/share/man", "/usr/share/perl", sysconfig.get_path("stdlib"))
             for path in Path(folder).rglob("*") if path.is_file() and path.stat().st_size > 2000]  # fmt: skip
    files.sort()
    random.Random(seed).shuffle(files)
    chunks: list[str] = []
    held = 0
    for path in files:
        text = _read(path)
        chunks += [text[at : at + 3000] for at in range(0, len(text), 3000)]
        held += len(text)
        if held > size:
            break
    return chunks


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
        raw = (gzip.decompress(raw) if path.suffix == ".gz" else raw)[:600_000]
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError, EOFError):
        return ""
    if "\0" in text:
        return ""
    text = re.sub(r"<[^>]{0,200}>|^\.\S+ ?|\\f[BIRP]|\\-", " ", text, flags=re.MULTILINE)
    return re.sub(r"[ \t]+", " ", text)


@dataclass(frozen=True, slots=True)
class Plant:
    """A post in the corpus: its number, how it was changed, its line, and the bytes from its first word to its last one there."""

    post: int
    kind: str
    line: int
    start: int
    end: int
    said: tuple[str, ...]
    """Its words as they stand there."""


@dataclass(slots=True)
class Data:
    """Posts (text, whether a decoy, whether a common phrase), the corpus as JSON Lines, and what was planted."""

    posts: list[tuple[str, bool, bool]] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    plants: list[Plant] = field(default_factory=list)

    def present(self) -> set[str]:
        """The words of every text that was planted."""
        return {" ".join(words(self.posts[one.post][0])) for one in self.plants}


def make(short: list[str], long: list[str], seed: int, plants: int) -> Data:
    """A data set: half of the short texts are posts, a fifth of them decoys; the others talk in threads; `plants` of each class."""
    chance = random.Random(seed)
    pool = list(short)
    chance.shuffle(pool)
    mine, others = pool[: len(pool) // 2], pool[len(pool) // 2 :]
    data = Data()
    at = 0
    while at < len(mine):
        count = chance.choices((1, 2, 3), (5, 3, 2))[0]
        data.posts.append((_dressed(mine[at : at + count], chance), chance.random() < 0.2, False))
        at += count
    data.posts += [(phrase, False, True) for phrase in PHRASES for _ in range(COPIES)]
    _plant(data, others, long, chance, plants)
    return data


def _dressed(parts: list[str], chance: random.Random) -> str:
    """A post as people write it: sentences, now and then a link, a name, a tag, a small picture."""
    text = chance.choice((". ", "\n", " – ")).join(parts)
    if chance.random() < 0.2:
        text = f"@{chance.choice(('ana', 'bo_2', 'cleo'))} {text}"
    if chance.random() < 0.3:
        text += f" https://t.co/{chance.getrandbits(40):x}"
    if chance.random() < 0.2:
        text += f" #{chance.choice(('linux', 'news', 'release', 'today'))}"
    return text + chance.choice(("", "", "", " 🎉", "!", " …"))


def _plant(data: Data, others: list[str], long: list[str], chance: random.Random, plants: int) -> None:
    live = [
        n for n, (text, decoy, phrase) in enumerate(data.posts) if not decoy and not phrase and len(words(text)) >= 2
    ]
    longer = [n for n in live if len(words(data.posts[n][0])) >= LONG]
    chosen: list[tuple[int, str]] = []
    taken: set[int] = set()
    for kind in ("quote", "edit35", "edit12", "normalised", "exact"):
        free = [n for n in (live if kind in ("exact", "normalised") else longer) if n not in taken]
        some = chance.sample(free, min(plants, len(free)))
        taken |= set(some)
        chosen += [(n, kind) for n in some]
    chance.shuffle(chosen)
    talk = iter(others)
    threads = [(n, kind) for place, (n, kind) in enumerate(chosen) if place % 2]
    inside = [(n, kind) for place, (n, kind) in enumerate(chosen) if not place % 2]
    spoken = [phrase for phrase in PHRASES for _ in range(15)]
    chance.shuffle(spoken)
    pages: list[tuple[str, tuple[int, str, str] | None, str]] = []
    for n, kind in threads:
        said = [next(talk, ""), next(talk, ""), *([spoken.pop()] if spoken else []), next(talk, "")]
        cut = chance.randrange(len(said))
        pages.append(("\n\n".join((*said[:cut], "")), _changed(data, n, kind, chance), "\n\n".join(("", *said[cut:]))))
    pages += [("\n\n".join(itertools.islice(talk, 4)), None, "") for _ in range(len(others) // 12)]
    hidden = dict(zip(chance.sample(range(len(long)), min(len(inside), len(long))), inside, strict=False))
    for place, text in enumerate(long):
        if place in hidden:
            spaces = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", text)]
            cut = chance.choice(spaces) if spaces else len(text)
            pages.append((text[:cut] + " ", _changed(data, *hidden[place], chance), " " + text[cut:]))
        else:
            pages.append((text, None, ""))
    chance.shuffle(pages)
    for before, planted, after in pages:
        _line(data, before, planted, after, chance)


def _changed(data: Data, number: int, kind: str, chance: random.Random) -> tuple[int, str, str]:
    text = data.posts[number][0]
    if kind == "normalised":
        text = re.sub(r"https?://\S+", "", text)
        text = re.sub(r"[.,!?…–]", lambda one: chance.choice((" ", one.group())), text.replace("'", "’"))
        text = "".join(_ENTITY.get(one, one) for one in chance.choice((text.upper(), text.lower(), text.title())))
        text = re.sub(r" ", lambda _: chance.choice((" ", "  ", "\n")), text)
    elif kind in ("edit12", "edit35"):
        text = _edited(text, 0.12 if kind == "edit12" else 0.35, chance)
    elif kind == "quote":
        spans = [found.span() for found in re.finditer(r"\S+", text)]
        length = max(6, round(len(spans) * chance.uniform(0.4, 0.7)))
        start = chance.randrange(max(1, len(spans) - length + 1))
        text = text[spans[start][0] : spans[min(len(spans), start + length) - 1][1]]
    return number, kind, text


def _edited(text: str, share: float, chance: random.Random) -> str:
    """Words replaced, dropped or put in; at least one of them."""
    parts = text.split(" ")
    marked = [n for n in range(len(parts)) if chance.random() < share] or [chance.randrange(len(parts))]
    for n in marked:
        new = chance.choice(
            ("green", "river", "maybe", "seven", "window", "table", "quietly", "paper", "stone", "under")
        )
        parts[n] = chance.choice((new, "", f"{parts[n]} {new}"))
    return " ".join(one for one in parts if one)


def _line(data: Data, before: str, planted: tuple[int, str, str] | None, after: str, chance: random.Random) -> None:
    """A document as a line of JSON; every third has its letters beyond ASCII escaped."""
    ascii_only = chance.random() < 0.33

    def stored(text: str) -> bytes:
        return json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace")

    head = b'{"id": %d, "text": "' % len(data.lines)
    if planted:
        number, kind, text = planted
        found = [one.span() for one in _WORD.finditer(text)]
        first, last = (found[0][0], found[-1][1]) if found else (0, len(text))
        start = len(head) + len(stored(before + text[:first]))
        data.plants.append(
            Plant(number, kind, len(data.lines), start, start + len(stored(text[first:last])), tuple(words(text)))
        )
        before += text
    data.lines.append(head + stored(before + after) + b'"}\n')
