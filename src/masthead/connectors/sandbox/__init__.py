"""The Sandbox: a make-believe network (contract/testing.py) for trying Masthead out and for its tests."""

from __future__ import annotations

from masthead.connectors.sandbox.capabilities import ABOUT, CAPABILITIES
from masthead.connectors.sandbox.connect import SandboxConnecting
from masthead.connectors.sandbox.history import SandboxHistory
from masthead.connectors.sandbox.inbox import SandboxInbox
from masthead.connectors.sandbox.operations import OPERATIONS
from masthead.connectors.sandbox.publish import SandboxPublisher, foresee
from masthead.connectors.sandbox.terms import TERMS
from masthead.contract.platform import Platform
from masthead.kit.words import N_ as _

SANDBOX = Platform(
    key="sandbox",
    name="Sandbox",
    capabilities=CAPABILITIES,
    connecting=SandboxConnecting(),
    publisher=SandboxPublisher(),
    operations=OPERATIONS,
    terms=TERMS,
    home=ABOUT,
    many_servers=True,
    max_request_seconds=60.0,
    look_up_after_seconds=2.0,
    history=SandboxHistory(),
    foresee=foresee,
    inbox=SandboxInbox(),
    about=_("A make-believe network on this machine. Nothing you post there reaches anybody."),
)
