"""Resolution of the rules that a client sets, without the ORM."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

# What a policy can be about, the most specific first, as bits: the policy with the larger sum wins.
MATCH_WEIGHTS = {
    "order": 64,
    "customer": 32,
    "customer_tag": 16,
    "owner": 8,
    "product": 4,
    "category": 2,
    "warehouse": 1,
}


class Policy(NamedTuple):
    """One policy: what it is about (empty: anything), and the settings that it makes."""

    id: int
    match: Mapping[str, int]
    settings: Mapping[str, object]

    @property
    def specificity(self) -> int:
        return sum(MATCH_WEIGHTS[name] for name in self.match)

    def fits(self, facts: Mapping[str, frozenset]) -> bool:
        """Whether each thing that the policy is about is among the order line's ``facts``."""
        return all(value in facts[name] for name, value in self.match.items())


class Setting(NamedTuple):
    """A resolved value and the policy that it comes from (0: the built-in default)."""

    value: object
    policy_id: int


def resolve(
    policies: Iterable[Policy], facts: Mapping[str, frozenset], defaults: Mapping[str, object]
) -> dict[str, Setting]:
    """Resolve every setting of ``defaults`` on its own, the most specific policy first.

    :param policies: in the order that breaks ties between equally specific ones.
    :param facts: for each name of ``MATCH_WEIGHTS`` the ids that the order line has.
    :return: setting name -> ``Setting``.
    """
    fitting = sorted(
        (policy for policy in policies if policy.fits(facts)),
        key=lambda policy: -policy.specificity,
    )
    resolved = {}
    for name, default in defaults.items():
        setter = next((policy for policy in fitting if name in policy.settings), None)
        resolved[name] = (
            Setting(setter.settings[name], setter.id) if setter else Setting(default, 0)
        )
    return resolved
