"""Which creative is better, looked at every day without fooling oneself; and how to spend meanwhile. Pure.

>>> from masthead.campaigns.experiments import Arm, judge
>>> judge([Arm(45_000, 900), Arm(45_000, 1_080)], planned=45_000).name
'winner'
"""

from masthead.campaigns.experiments.boundary import boundaries
from masthead.campaigns.experiments.evidence import Day, evidence
from masthead.campaigns.experiments.share import shares
from masthead.campaigns.experiments.verdict import Arm, Verdict, judge, judge_open

__all__ = ["Arm", "Day", "Verdict", "boundaries", "evidence", "judge", "judge_open", "shares"]
