"""The lives of campaigns, ad groups and steps: every state is reached, and what must not happen has no arrow."""

from __future__ import annotations

import pytest

from masthead.campaigns.states import CAMPAIGN, GROUP, STEP, Group, State, StepState


@pytest.mark.parametrize(
    ("life", "states", "first"),
    [
        (CAMPAIGN, State, State.DRAFT),
        (GROUP, Group, Group.WAITING),
        (STEP, StepState, StepState.WAITING),
    ],
)
def test_every_state_is_in_the_table_and_is_reached(life, states, first):
    assert set(life.arrows) == set(states)
    reached, todo = {first}, [first]
    while todo:
        for target, reason in life.arrows[todo.pop()].items():
            assert reason
            if target not in reached:
                reached.add(target)
                todo.append(target)
    assert reached == set(states)


def test_what_may_be_on_a_platform_is_never_created_again_blindly():
    assert not STEP.allows(StepState.UNKNOWN, StepState.TRYING) and not STEP.allows(StepState.DONE, StepState.WAITING)


def test_a_stopped_campaign_runs_again_only_after_it_stood():
    assert not CAMPAIGN.allows(State.STOPPED, State.RUNNING) and CAMPAIGN.allows(State.STOPPED, State.PAUSED)


def test_an_ended_one_stays_ended():
    assert not CAMPAIGN.arrows[State.ENDED] and not GROUP.arrows[Group.ENDED]
