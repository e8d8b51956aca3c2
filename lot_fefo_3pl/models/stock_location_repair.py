from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.putaway import Request
from ..tools.segregation import may_share

# How many goods of a location the list names.
NAMED_GOODS = 10


class StockLocation(models.Model):
    """Locations that broke their rule before it was switched on, and how they are put right.

    The warehouse goes on working: such a location keeps its goods together until a supervisor has
    moved them apart, takes nothing new, and from then on keeps the rule like any other.
    """

    _inherit = "stock.location"

    segregation_conflict = fields.Text(
        string="What Lies Together",
        compute="_compute_segregation_conflict",
        help="The goods that may not lie together here under the location's rule.",
    )
    segregation_proposal = fields.Text(
        string="Proposed Moves",
        compute="_compute_segregation_proposal",
        help="Where the goods that have to leave would go today.",
    )
    segregation_repair_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_segregation_conflict"
    )

    @api.depends_context("lang")
    def _compute_segregation_conflict(self):
        groups = self._get_goods_by_location()
        lines = self.env["stock.move.line"].search(
            [
                ("location_id", "in", self.filtered("segregation_pending").ids),
                ("state", "not in", ("done", "cancel")),
                ("picking_code", "=", "internal"),
            ]
        )
        pickings = lines.grouped("location_id")
        for location in self:
            _staying, leaving = location._split_conflict(groups.get(location, ()))
            quants = groups.get(location, self.env["stock.quant"]) if leaving else ()
            location.segregation_conflict = self._word_lines(
                [f"{quant._get_goods_name()}: {quant.quantity:g}" for quant in quants]
            )
            location.segregation_repair_ids = pickings.get(location, lines.browse()).picking_id

    @api.depends_context("lang")
    def _compute_segregation_proposal(self):
        self.segregation_proposal = False
        for warehouse, places in (
            self.filtered("segregation_pending").grouped("warehouse_id").items()
        ):
            lines = defaultdict(list)
            for quant, place, quantity in places._propose_repair(warehouse, claim=False):
                lines[quant.location_id].append(
                    self.env._(
                        "%(goods)s: %(quantity)g to %(bin)s",
                        quantity=quantity,
                        goods=quant._get_goods_name(),
                        bin=place.display_name,
                    )
                )
            for location in places:
                location.segregation_proposal = self._word_lines(lines[location])

    def _word_lines(self, lines, limit=NAMED_GOODS):
        """The first lines, and how many more there are."""
        named = lines[:limit]
        if len(lines) > len(named):
            named.append(self.env._("and %(count)s more", count=len(lines) - len(named)))
        return "\n".join(named)

    def _get_goods_by_location(self):
        quants = self.env["stock.quant"].search(
            [("location_id", "in", self.ids), ("quantity", ">", 0)], order="quantity DESC, id"
        )
        return quants.grouped("location_id")

    def _split_conflict(self, quants):
        """Which quants may stay here under the intended rules, and which have to leave.

        What cannot be moved stays, then what there is most of.
        """
        staying, leaving = self.env["stock.quant"], self.env["stock.quant"]
        rules = [
            self._get_intended_segregation(name)
            for name in ("lot_segregation", "owner_segregation")
        ]
        kept = []
        for quant in sorted(quants, key=lambda quant: quant._is_movable()):
            goods = self._get_goods_of(quant)
            if all(may_share(*rules, goods, other) for other in kept):
                kept.append(goods)
                staying |= quant
            else:
                leaving |= quant
        return staying, leaving

    def _get_goods_of(self, quant, quantity=0):
        package = quant.package_id._get_outer()
        return self._get_lot_goods(
            quant.product_id,
            quantity,
            lot_name=quant.lot_id.name or f"without lot {quant.product_id.id}",
            expiration_date=quant.expiration_date,
            owner_id=quant.owner_id.id,
            package=package,
            package_type=package.package_type_id,
        )

    def _suspend_broken_segregation(self):
        """Let the locations here and below that break their rule wait for repair."""
        self._flush_segregation()
        quants = self.env["stock.quant"].sudo()
        broken = self.browse().union(
            *(conflict.location_id for conflict in quants._get_segregation_conflicts(self))
        )
        broken.sudo().segregation_pending = True
        self._flush_segregation()
        quants.invalidate_model(["lot_segregation", "owner_segregation"])

    def action_resume_segregation(self):
        """Let the rule hold where nothing is in its way any more. Supervisors only."""
        self._check_repair_access()
        self._resume_segregation()

    def _resume_segregation(self):
        groups = self._get_goods_by_location()
        self.filtered(
            lambda place: (
                place.segregation_pending and not place._split_conflict(groups.get(place, ()))[1]
            )
        ).sudo().segregation_pending = False
        self._flush_segregation()

    def action_propose_repair(self):
        """Plan transfers that move apart what breaks the rule in these locations.

        What is reserved for orders stays until it is picked. Supervisors only.

        :return: the action that opens the new transfers.
        :raises UserError: when nothing can be moved.
        """
        self._check_repair_access()
        pickings = self.env["stock.picking"]
        by_warehouse = self.filtered("segregation_pending").grouped("warehouse_id")
        for warehouse, locations in by_warehouse.items():
            pickings |= locations._plan_repair(warehouse)
        if not pickings:
            raise UserError(
                self.env._(
                    "Nothing here can be moved now: the goods are reserved, or transfers for them"
                    " exist already. What has no lot is counted into its lots first."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        action |= {"domain": [("id", "in", pickings.ids)], "context": {}}
        if len(pickings) == 1:
            action |= {"views": [(False, "form")], "res_id": pickings.id}
        return action

    def _check_repair_access(self):
        self.check_access("read")
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_supervisor"):
            raise UserError(self.env._("Only a Lot Supervisor repairs mixed locations."))

    def _plan_repair(self, warehouse):
        lines = defaultdict(list)
        for quant, place, quantity in self._propose_repair(warehouse):
            lines[quant.product_id].append((quant, place, quantity))
        if not lines:
            return self.env["stock.picking"]
        return self._create_repair_transfer(warehouse, lines)

    def _propose_repair(self, warehouse, claim=True):
        """Where the goods could go that have to leave these locations: where their lots lie
        already and there is room, else to free locations.

        :param claim: whether the proposals will be planned in this transaction.
        :return: a list of (quant, location, quantity).
        """
        groups = self._get_goods_by_location()
        loads, requests = [], []
        for location in self:
            for quant in location._split_conflict(groups.get(location, ()))[1]:
                free = quant.quantity - quant.reserved_quantity
                if quant._is_movable() and quant.product_uom_id.compare(free, 0) > 0:
                    loads.append(quant)
                    requests.append(location._get_repair_request(quant, free, warehouse))
        if not loads:
            return []
        found = self.env["stock.lot.putaway"]._find_bins(requests, warehouse, claim=claim)
        zone = warehouse.lot_stock_id
        return [
            (quant, zone._get_bin_or_overflow(location_id), part.goods[0].quantity)
            for quant, parts in zip(loads, found, strict=True)
            for location_id, part in parts
        ]

    def _get_repair_request(self, quant, quantity, warehouse):
        package_type = quant.package_id._get_outer().package_type_id
        areas = warehouse.lot_stock_id._get_lot_areas(quant.product_id, package_type)
        goods = self._get_goods_of(quant, quantity)
        return Request([goods], areas, 0 if quant.package_id else 1)

    def _create_repair_transfer(self, warehouse, lines_by_product, source=None, origin=None):
        """One internal transfer with a move for each product and a line for each part.

        :param lines_by_product: ``{product: [(quant, destination, quantity), ...]}``.
        :param source: where the goods are, when that is not the stock zone.
        """
        zone = warehouse.lot_stock_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": (source or zone).id,
                "location_dest_id": zone.id,
                "origin": origin or self.env._("Lots moved apart"),
            }
        )
        for product, lines in lines_by_product.items():
            self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": sum(quantity for _quant, _place, quantity in lines),
                    "picking_id": picking.id,
                    "location_id": (source or zone).id,
                    "location_dest_id": zone.id,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_id": product.uom_id.id,
                                "quantity": quantity,
                                "lot_id": quant.lot_id.id,
                                "owner_id": quant.owner_id.id,
                                "package_id": quant.package_id.id,
                                "result_package_id": quant.package_id.id,
                                "location_id": quant.location_id.id,
                                "location_dest_id": place.id,
                                "picking_id": picking.id,
                            }
                        )
                        for quant, place, quantity in lines
                    ],
                }
            )
        picking.action_confirm()
        return picking
