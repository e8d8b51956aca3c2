from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from odoo import api, models
from odoo.fields import Domain

SUPERVISOR = "lot_fefo_3pl.lot_fefo_3pl_group_supervisor"


@dataclass(frozen=True)
class LotDemand:
    """What goods are wanted for: all that a rule may look at besides the goods themselves.

    Equal demands share one evaluation. ``operation`` is one of the codes of
    ``stock.location._get_lot_operation`` and ``reserving`` tells that the goods are only being
    promised; ``day`` is the warehouse's date on which they are to leave, never before today;
    ``settings`` are the resolved values of ``stock.lot.policy`` as sorted pairs; ``life_day`` is
    the date from which the remaining life counts when it is not ``day``.
    """

    operation: str
    warehouse_id: int
    owner_id: int
    customer_id: int
    day: date
    reserving: bool = False
    settings: tuple = field(default=())
    life_day: date | None = None
    # Rule -> the quants that it lets through, worked out once: a demand lives for one operation.
    domains: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def life_from(self):
        return self.life_day or self.day

    @property
    def leaving(self):
        return self.operation in ("pick", "ship")

    @cached_property
    def _setting(self):
        return dict(self.settings)

    def setting(self, name):
        return self._setting.get(name)


class StockLotRule(models.AbstractModel):
    """A rule that makes goods unfit for a demand, written once as a domain on quants.

    Reservation adds the domains of all rules to its search, the done-guard and "Why not this
    lot?" evaluate them one by one on the quants at hand. A new rule is a model that inherits this
    one, with ``_code``, ``_get_fit_domain`` and ``_explain``, in a file of its own.
    """

    _name = "stock.lot.rule"
    _description = "Lot Eligibility Rule"

    _code = None
    _rank = 100
    # Whether the rule compares goods with other goods, which no domain can say.
    _compares = False

    @api.model
    def _get_fit_domain(self, demand):
        """The quants that this rule lets through for ``demand`` (a ``LotDemand``).

        With values that can be hashed (tuples, not lists): equal domains share a search.
        """
        return Domain.TRUE

    @api.model
    def _find_unfit(self, quants, demand):
        """Those of ``quants`` that this rule stops."""
        return quants - quants.filtered_domain(self._get_own_domain(demand))

    @api.model
    def _explain(self, quant, demand):
        """Say in words why ``quant`` is unfit for ``demand``."""
        raise NotImplementedError(self._name)

    @api.model
    def _get_override_group(self, demand):
        """The group whose users may let goods pass in spite of this rule; None when nobody may."""
        return SUPERVISOR

    @api.model
    def _get_rules(self):
        names = self.env.registry.descendants(["stock.lot.rule"], "_inherit")
        rules = [self.env[name] for name in names if self.env[name]._code]
        return sorted(rules, key=lambda rule: (rule._rank, rule._code))

    @api.model
    def _get_rule(self, code):
        return next(rule for rule in self._get_rules() if rule._code == code)

    @api.model
    def _get_domain(self, demand):
        """The quants that every rule lets through."""
        return Domain.AND(rule._get_own_domain(demand) for rule in self._get_rules())

    @api.model
    def _get_own_domain(self, demand):
        """``_get_fit_domain``, worked out once for ``demand``."""
        if self._code not in demand.domains:
            demand.domains[self._code] = self._get_fit_domain(demand)
        return demand.domains[self._code]

    @api.model
    def _get_obstacles(self, quants, demand):
        """Why each unfit quant is unfit.

        :return: ``{quant: [(code, message), ...]}`` with the unfit ones only, first rule first.
        """
        obstacles = {}
        # One query says that most goods are fit; the rest is looked at by every rule.
        fit = quants.sudo().search(
            Domain("id", "in", quants.ids) & self._get_domain(demand), order="id"
        )
        for rule in self._get_rules():
            for quant in rule._find_unfit(quants if rule._compares else quants - fit, demand):
                reason = (rule._code, rule._explain(quant, demand))
                obstacles.setdefault(quant, []).append(reason)
        return obstacles

    # For the rules ---------------------------------------------------------------------------

    @api.model
    def _get_warehouse(self, demand):
        return self.env["stock.warehouse"].browse(demand.warehouse_id)

    @api.model
    def _get_alive_domain(self, demand, day, names=("expiration_date",)):
        """The quants that have none of the dates ``names`` before ``day``."""
        day_start = self._get_warehouse(demand)._get_lot_day_start(day)
        return Domain.AND(
            Domain(name, "=", False) | Domain(name, ">=", day_start) for name in names
        )

    @api.model
    def _get_expiry(self, quant, demand):
        """The warehouse's date on which ``quant`` expires."""
        return self._get_warehouse(demand)._get_lot_day(quant.expiration_date)
