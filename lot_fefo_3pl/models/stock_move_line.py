from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError

from .rules.stock_lot_rule import SUPERVISOR

# Written on a done line, these change what left from where.
DONE_FIELDS = frozenset(
    {
        "lot_id",
        "location_dest_id",
        "location_id",
        "owner_id",
        "package_id",
        "product_uom_id",
        "quant_id",
        "quantity",
        "state",
    }
)


class LotObstacle(NamedTuple):
    """Why a line may not be done; ``group`` may override it, None: nobody may."""

    code: str
    message: str
    group: str | None


class StockMoveLine(models.Model):
    """The done-guard: whatever route goods take, they are checked where the line becomes done."""

    _inherit = "stock.move.line"

    # Odoo has no index on the lot: every trace would read the whole table. The destination is in
    # it because a trace asks for the lines that left to customers.
    _lot_trace_idx = models.Index("(lot_id, location_dest_id) WHERE lot_id IS NOT NULL")
    # A brand's pages show the newest movements first, its own and a lot's. A lot that went to
    # thousands of customers is read from the index alone, without a page of the table for each
    # line. The last one finds what nobody is recorded to own.
    _owner_date_idx = models.Index(
        "(owner_id, date DESC, id DESC) WHERE state = 'done' AND owner_id IS NOT NULL"
    )
    _lot_date_idx = models.Index(
        "(lot_id, date DESC) INCLUDE (id, location_id, location_dest_id, quantity_product_uom,"
        " picking_id, move_id, owner_id, company_id) WHERE state = 'done' AND lot_id IS NOT NULL"
    )
    _unowned_lot_idx = models.Index(
        "(lot_id) WHERE state = 'done' AND owner_id IS NULL AND lot_id IS NOT NULL"
    )

    def _action_done(self):
        self._check_lot_done()
        res = super()._action_done()
        lines = self.exists()
        lines._check_lot_arrived()
        lines._request_reallocation()
        return res

    def _check_lot_arrived(self):
        """Refuse goods that a hold keeps from coming in, by a receipt or by a count.

        The rule is asked when the goods are there, because a receipt makes its lots on the way.
        """
        arrived = self._get_arrived()
        holds = self.env["stock.lot.hold"].sudo()
        if not arrived or not holds.search_count(
            [("product_id", "in", arrived.product_id.ids), ("is_active", "=", True)], limit=1
        ):
            return
        held = self.env["stock.lot.rule.held"]
        for demand, lines in arrived._group_by_demand().items():
            for quant in held._find_unfit(lines._get_arrived_quants(), demand):
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s of %(product)s is %(reason)s and may not come in. Set it"
                        " aside and ask QA.",
                        lot=quant.lot_id.name,
                        product=quant.product_id.display_name,
                        reason=held._explain(quant, demand),
                    )
                )

    def _get_arrived(self):
        """The lines that brought goods into a place where the rules hold, from one where not."""
        return self.filtered(
            lambda line: (
                line.lot_id
                and not line.location_id._is_lot_controlled()
                and line.location_dest_id._is_lot_controlled()
            )
        )

    def _get_arrived_quants(self):
        return (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", self.lot_id.ids),
                    ("location_id", "in", self.location_dest_id.ids),
                ]
            )
        )

    def _request_reallocation(self):
        """B04: goods that came into the stock zone may go before those promised already."""
        arrived = self.filtered(
            lambda line: (
                line.lot_id
                and line.location_dest_id._is_in_lot_stock()
                and not line.location_id._is_in_lot_stock()
            )
        )
        if arrived:
            self.env["stock.lot.reallocation"]._request(
                arrived.product_id,
                arrived.location_dest_id.warehouse_id,
                self.env._("goods arrived"),
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_lot_moved()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if DONE_FIELDS & vals.keys():
            self._check_lot_moved()
        return res

    def _check_lot_moved(self):
        """Check those of the lines whose goods have been moved already."""
        done = self.filtered(lambda line: line.state == "done")
        if done:
            done._check_lot_done(taken=True)
            done._check_lot_arrived()

    def _get_lot_operation(self):
        self.ensure_one()
        return self.location_id._get_lot_operation(self.location_dest_id)

    def _check_lot_done(self, taken=False):
        """Refuse the lines whose goods may not do what these lines do with them.

        :param taken: whether the goods have been taken from their place already.
        """
        lines = self._get_lot_checked()
        if lines:
            lines.lot_id._lock_for_move()
            lines._check_lot_fit(taken)

    def _get_lot_checked(self):
        """The lines that take goods out of a place where the rules hold."""
        return self.filtered(
            lambda line: (
                line.product_id.is_storable
                and not line.product_uom_id.is_zero(line.quantity)
                and line.location_id._is_lot_controlled()
                # Goods in transit belong to no warehouse: to the one that handles them.
                and (
                    line.location_id.warehouse_id or line.move_id._get_lot_warehouse()
                )._is_lot_controlled()
            )
        )

    def _check_lot_fit(self, taken):
        """Refuse the lines with an obstacle that nobody has overridden.

        :raises ValidationError: naming each lot, its bin and what is wrong with it.
        """
        obstacles = self._get_lot_obstacles(taken)
        refused = self.env["stock.lot.override"]._consume(obstacles)
        if refused:
            raise ValidationError(
                self.env._(
                    "These goods may not leave:\n%(refusals)s\n\nTake another lot, or ask a"
                    " supervisor.",
                    refusals="\n".join(
                        f"- {line._describe_goods(obstacle.message)}"
                        for line, found in refused.items()
                        for obstacle in found
                    ),
                )
            )
        self._mark_rotation(obstacles)

    def _get_lot_obstacles(self, taken=False):
        """What stands against each line, by the eligibility rules on the goods that it takes.

        :return: ``{line: [LotObstacle, ...]}`` with the lines that have obstacles only.
        """
        quants = self._get_source_quants()
        obstacles = self._get_shortages(quants, taken)
        for line, obstacle in () if taken else self._get_order_obstacles():
            obstacles[line].append(obstacle)
        rules = self.env["stock.lot.rule"]
        for demand, lines in self._group_by_demand().items():
            goods = self.env["stock.quant"].union(*(quants[line] for line in lines))
            unfit = rules._get_obstacles(goods, demand)
            for line in lines:
                for quant in quants[line]:
                    for code, message in unfit.get(quant, ()):
                        group = rules._get_rule(code)._get_override_group(demand)
                        obstacles[line].append(LotObstacle(code, message, group))
        return {line: found for line, found in obstacles.items() if found}

    def _group_by_demand(self):
        ids_by_demand = defaultdict(list)
        for (move, operation), lines in self.grouped(
            lambda line: (line.move_id, line._get_lot_operation())
        ).items():
            ids_by_demand[move._get_lot_demand(operation=operation)] += lines._ids
        return {demand: self.browse(ids) for demand, ids in ids_by_demand.items()}

    def _get_shortages(self, quants, taken):
        """The lines that take more of a tracked product from a place than is there."""
        obstacles = defaultdict(list)
        tracked = self.filtered(lambda line: line.product_id.tracking != "none")
        for lines in tracked.grouped(lambda line: line._get_place()).values():
            line = lines[0]
            there = lines._get_there(quants[line])
            wanted = sum(lines.mapped("quantity_product_uom"))
            if taken:
                there += wanted
            if line.product_id.uom_id.compare(there, wanted) < 0:
                message = self.env._(
                    "only %(quantity)g of %(owner)s there",
                    quantity=max(there, 0),
                    owner=line.owner_id.display_name or self.env._("nobody"),
                )
                message += line._describe_package()
                obstacles[line].append(LotObstacle("not_there", message, None))
        return obstacles

    def _get_there(self, quants):
        """What of ``quants`` these lines of one place may take."""
        return sum(quants.mapped("quantity"))

    def _get_order_obstacles(self):
        """What stands against whole moves; said of the first line of each."""
        for move in self.move_id:
            lines = (move.move_line_ids & self).with_prefetch(self._prefetch_ids)
            operation = lines[0]._get_lot_operation()
            found = [*move._get_limit_obstacles()] if operation in ("pick", "ship") else []
            if operation == "ship":
                found += lines._get_surplus()
            for code, message in found:
                yield lines[0], LotObstacle(code, message, SUPERVISOR)

    def _get_surplus(self):
        """C13: (code, message) when these lines of one move ship more than was ordered."""
        move = self.move_id
        uom = move.product_uom
        done = sum(line.product_uom_id._compute_quantity(line.quantity, uom) for line in self)
        if move.product_uom_qty and uom.compare(done, move.product_uom_qty) > 0:
            message = self.env._(
                "%(done)g leave, %(ordered)g were ordered", done=done, ordered=move.product_uom_qty
            )
            yield "over_ordered", message

    def _describe_goods(self, message):
        self.ensure_one()
        return self.env._(
            "%(product)s, lot %(lot)s in %(bin)s: %(message)s",
            product=self.product_id.display_name,
            lot=self.lot_id.name or self.env._("none"),
            bin=self.location_id.display_name,
            message=message,
        )

    def _get_source_quants(self):
        """The quants that each line takes from, by line, found in one query."""
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("location_id", "in", self.location_id.ids),
                    ("lot_id", "in", [*self.lot_id.ids, False]),
                ]
            )
        )
        by_place = quants.grouped(lambda quant: quant._get_place())
        none = self.env["stock.quant"].sudo()
        return {line: by_place.get(line._get_place(), none) for line in self}

    def _get_place(self):
        return (self.product_id, self.location_id, self.lot_id, self.package_id, self.owner_id)
