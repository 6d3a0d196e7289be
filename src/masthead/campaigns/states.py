"""The three lives of a campaign: the campaign itself, each of its ad groups, and each step of a launch."""

from __future__ import annotations

from enum import StrEnum

from masthead.kit.transitions import Life


class State(StrEnum):
    """Where a campaign stands. Only RUNNING spends money."""

    DRAFT = "draft"
    LAUNCHING = "launching"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


class Group(StrEnum):
    """Where an ad group stands on its platform. Only RUNNING spends money."""

    WAITING = "waiting"
    CREATING = "creating"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class StepState(StrEnum):
    """Where one call of a launch stands."""

    WAITING = "waiting"
    TRYING = "trying"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"


S, G, T = State, Group, StepState

CAMPAIGN: Life[State] = Life(
    "campaign",
    {
        S.DRAFT: {S.LAUNCHING: "a person launches it"},
        S.LAUNCHING: {
            S.RUNNING: "what could be created is, and runs",
            S.PAUSED: "a person pauses it, or nothing could be created",
            S.STOPPED: "the kill switch",
            S.ENDED: "its last day is over",
        },
        S.RUNNING: {
            S.LAUNCHING: "an ad account joins",
            S.PAUSED: "a person pauses it",
            S.STOPPED: "the kill switch",
            S.ENDED: "its last day or its money is over",
        },
        S.PAUSED: {
            S.LAUNCHING: "a person launches the rest",
            S.RUNNING: "a person lets it go on",
            S.STOPPED: "the kill switch",
            S.ENDED: "its last day is over, or a person ends it",
        },
        S.STOPPED: {S.PAUSED: "everything is proved to stand; a person may go on", S.ENDED: "its last day is over"},
        S.ENDED: {},
    },
)

GROUP: Life[Group] = Life(
    "ad group",
    {
        G.WAITING: {
            G.CREATING: "its first step begins",
            G.WITHDRAWN: "its platform or account went away",
            G.ENDED: "no longer wanted",
        },
        G.CREATING: {
            G.READY: "all is created, paused and verified",
            G.FAILED: "the platform refused a step",
            G.WITHDRAWN: "its platform or account went away",
            G.ENDED: "no longer wanted",
        },
        G.READY: {
            G.RUNNING: "started",
            G.PAUSED: "held back",
            G.FAILED: "what stands there is not what was ordered",
            G.WITHDRAWN: "its platform or account went away",
            G.ENDED: "no longer wanted",
        },
        G.RUNNING: {
            G.PAUSED: "a person, the cap or the kill switch",
            G.WITHDRAWN: "its platform or account went away",
            G.FAILED: "the platform rejected it",
            G.ENDED: "its last day is over",
        },
        G.PAUSED: {
            G.RUNNING: "started again",
            G.WITHDRAWN: "its platform or account went away",
            G.FAILED: "the platform rejected it",
            G.ENDED: "its last day is over",
        },
        G.FAILED: {
            G.CREATING: "a person tries again",
            G.WITHDRAWN: "its platform or account went away",
            G.ENDED: "given up",
        },
        G.WITHDRAWN: {G.PAUSED: "it is back, and a person takes it in again", G.ENDED: "its last day is over"},
        G.ENDED: {},
    },
)

STEP: Life[StepState] = Life(
    "step",
    {
        T.WAITING: {T.TRYING: "the intent is written down, the call begins", T.FAILED: "what comes before it failed"},
        T.TRYING: {
            T.DONE: "the platform acknowledged it",
            T.WAITING: "certainly not sent; try again later",
            T.UNKNOWN: "sent, but no clear answer, or the process died",
            T.FAILED: "the platform refused it",
        },
        # No arrow to TRYING: what may be there is looked up, never created again blindly.
        T.UNKNOWN: {T.DONE: "found", T.WAITING: "certainly not there", T.FAILED: "a person gives up"},
        T.FAILED: {T.WAITING: "a person tries again"},
        T.DONE: {},
    },
)
