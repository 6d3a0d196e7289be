"""The sandbox's past: what came back for a post, and a year of posts for the members of the demo.

Nobody reads or likes anything on the sandbox, so the numbers are made up: they grow with a post's age, quickly at
first, and are the same for the same post at the same time.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from masthead.contract.testing_network import Member, SandboxNetwork

DAY = 86_400.0
SETTLES = 1.5 * DAY
"""After so many seconds a post has two thirds of what it will ever get."""
SHARES = {"likes": 0.06, "shares": 0.015, "answers": 0.008, "saves": 0.01, "smiles": 0.02}
"""Of every number the part of those who saw the post."""
TEXTS = (
    "The first rhubarb tarts of the year are in the window.",
    "Our rye takes thirty hours. Worth every one of them.",
    "We bake with flour from the mill down the road.",
    "Sunday rolls: order until Saturday noon.",
    "New on the shelf: walnut bread with honey.",
    "Thank you for three hundred birthday wishes!",
    "Why is there flour on the ceiling? A short story about our mixer.",
    "Gluten-free Thursday is back.",
    "Coffee and a cinnamon bun for those who are up before six.",
    "The oven is repaired. Baguettes are back from tomorrow.",
    "Six hands, two hundred loaves, one night. Pictures from the bakehouse.",
    "Plum cake season has begun. It ends when the plums do.",
)


def numbers_of(post: Mapping[str, Any], now: float) -> dict[str, int]:
    """A post's numbers at a moment, in seconds since the epoch, by the sandbox's own names."""
    seed = hashlib.sha256(str(post["id"]).encode()).digest()
    reach = 40 + int.from_bytes(seed[:2], "big") % 1400
    views = int(reach * (1 - math.exp(-max(0.0, now - post["created_at"]) / SETTLES)))
    luck = {name: 0.4 + seed[place] / 160 for place, name in enumerate(SHARES, start=2)}
    return {"views": views, **{name: int(views * part * luck[name]) for name, part in SHARES.items()}}


def add_past(network: SandboxNetwork, member: Member, most: int = 36) -> None:
    """A year of posts of a member, oldest first, unless the member has posted before."""
    if network.recent(member.handle, 1):
        return
    for place in range(most):
        age = 365 * ((most - place) / most) ** 2 + 0.3
        text = TEXTS[place % len(TEXTS)]
        id_ = hashlib.sha256(f"{member.handle} {place}".encode()).hexdigest()[:16]
        network.keep(member, id_, text, network.now() - age * DAY)
