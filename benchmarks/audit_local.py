"""A corpus and posts out of the texts this machine has anyway: Python's sources, installed packages, the system's documents.

The same files and the same seed give the same bytes. Files are dealt to two sides: sentences of one side become posts, the other side
becomes the corpus, a JSON object a line, some with escapes, and into it copies of posts are planted.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np

from masthead.rights.audit.background import Background
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import scan
from masthead.rights.audit.values import Post
from masthead.rights.audit.verify import verify

SEED = 7
ROOTS = ("/usr/share/doc", sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"))
DOCUMENTS = {".txt", ".md", ".rst", ".html", ".gz", ""}
KINDS = DOCUMENTS | {".py", ".pyi"}
SENTENCE = re.compile(r"[A-Z][a-z]+(?: [\w,'’()/-]+){3,28}[.!?]")
LEADERS = re.compile(r"\n[ \t]*(?:#|//|\*|\.\\\"|\|)*[ \t]*")
TEMPLATES = {"botocore", "awscli", "boto3"}
"""Packages that say the same sentence thousands of times: nobody's posts are like that."""
PIECE = 3_000
PLANTED: Final = 0.005
"""Share of the documents into which a post is planted."""
FEW: Final = 64_000
"""Sentences that are looked for at once, so that no phrase is left out for standing in too many of them."""
ENOUGH: Final = 20.0
"""Bits from which a text counts as standing in the corpus anyway; fewer than the audit wants, as that counts words in another sample."""


def files() -> list[Path]:
    """All text files, in an order that the seed alone decides."""
    found = {
        path
        for root in ROOTS
        for path in Path(root).rglob("*")
        if path.suffix in KINDS
        and not TEMPLATES & set(path.parts)
        and not path.is_symlink()
        and path.is_file()
        and 1_000 < path.stat().st_size < 2_000_000
    }
    ordered = sorted(found)
    random.Random(SEED).shuffle(ordered)
    return ordered


def read(path: Path) -> str:
    """A file's text; nothing where it is none."""
    try:
        stored = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return "" if b"\0" in stored else stored.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError):
        return ""


def sides(paths: list[Path]) -> Iterator[tuple[bool, str]]:
    """Texts, and whether they are on the side of the posts: programs, whose comments are sentences, and a third of the documents."""
    for path in paths:
        yield path.suffix not in DOCUMENTS or crc32(str(path).encode()) % 3 == 0, read(path)


def as_post(luck: random.Random, sentences: list[str]) -> str:
    """One to three sentences, now and then with what people put around them."""
    text = " ".join(luck.choices(sentences, k=luck.choice((1, 1, 1, 2))))
    extra = luck.random()
    if extra < 0.1:
        text += f" https://t.co/{luck.randrange(10**9):x}"
    elif extra < 0.2:
        text = f"@user{luck.randrange(999)} {text} #Python"
    elif extra < 0.3:
        text = text.replace("'", "’") + " 🎉"
    return text


def make(posts: int, size: int, sentences_of: int) -> tuple[list[Post], bytes]:
    """So many posts, out of so many sentences, and a corpus of so many bytes."""
    luck, sentences, others, have = random.Random(SEED), dict[str, None](), list[str](), 0
    for mine, text in sides(files()):
        if mine and len(sentences) < sentences_of:
            sentences.update(dict.fromkeys(SENTENCE.findall(LEADERS.sub(" ", text))))
        elif not mine and have < size:
            others.append(text)
            have += len(text)
        if len(sentences) >= sentences_of and have >= size:
            break
    theirs = {sentence for text in others for sentence in SENTENCE.findall(LEADERS.sub(" ", text))}
    pool = unsaid([one for one in sentences if one not in theirs], corpus(luck, others, [""], size))
    wanted = [Post(str(k), as_post(luck, pool), decoy=k % 5 == 0) for k in range(posts)]
    return wanted, corpus(luck, others, [post.text for post in wanted if not post.decoy], size)


def unsaid(sentences: list[str], stored: bytes) -> list[str]:
    """The sentences but those that stand in the corpus anyway, whole or in part: licences, headings, what everybody writes.

    Those that share only runs of words with it stay: they are what is looked at in vain.
    """
    data, kept = np.frombuffer(stored, np.uint8), list[str]()
    sample = Background.sample([data[at : at + (1 << 20)] for at in range(0, len(data), max(1, len(data) // 64))])
    for at in range(0, len(sentences), FEW):
        some = sentences[at : at + FEW]
        index = Index.build(Post(str(k), sentence) for k, sentence in enumerate(some))
        found = {one.post for one in verify(index, data, scan(index, data), sample.of(index), "corpus", ENOUGH)}
        kept += [sentence for k, sentence in enumerate(some) if k not in found]
    return kept


def corpus(luck: random.Random, texts: list[str], plants: list[str], size: int) -> bytes:
    """JSON lines of about 3,000 characters; into some a post is planted."""
    lines, have, number = list[str](), 0, 0
    every = round(1 / PLANTED)
    while have < size:
        for text in texts:
            for at in range(0, len(text), PIECE):
                piece = text[at : at + PIECE]
                if number % every == 0:
                    piece = f"{piece[:1500]}\n{luck.choice(plants)}\n{piece[1500:]}"
                lines.append(json.dumps({"id": number, "text": piece}, ensure_ascii=number % 2 == 0))
                number, have = number + 1, have + len(lines[-1])
            if have >= size:
                break
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


if __name__ == "__main__":
    made, stored = make(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[1]))
    print(
        len(made), len(stored), *(post.text for post in made[:20]), stored[:3000].decode("utf-8", "replace"), sep="\n"
    )
