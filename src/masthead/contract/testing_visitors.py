"""Two visitors of the demo who write to its members, so that there is something to answer."""

from __future__ import annotations

from masthead.contract.testing_inbox import write
from masthead.contract.testing_network import Member, SandboxNetwork

ROSA = Member("rosa", "Rosa Lind", "Buys her bread on Saturdays.")
EMIL = Member("emil", "Emil Sand", "Asks before he comes.")
COMMENT = "This looks wonderful. Do you have it tomorrow too?"
MENTION = "Best rye in town comes from @{handle}. Are you open on Sunday?"
DIRECT = "Hello! May I order two loaves for Saturday, to be fetched at nine?"


def add_demo_visitors(network: SandboxNetwork, members: tuple[Member, ...]) -> None:
    """To each member a comment on its newest post, a mention and a private message; nothing where the visitors have been before."""
    if network.member(ROSA.handle):
        return
    for visitor in (ROSA, EMIL):
        network.add(visitor)
    for member in members:
        for post in network.recent(member.handle, 1):
            network.post(ROSA, {"text": COMMENT, "reply_to": post["id"]}, None)
        network.post(EMIL, {"text": MENTION.format(handle=member.handle)}, None)
        write(network, EMIL, member.handle, DIRECT, None)
