from collections import defaultdict

from odoo import models

from .stock_quant_allotment import ReservationLedger

RESERVABLE_STATES = ("confirmed", "waiting", "partially_available")


class LotAllocation:
    """What one ``_action_assign`` reserves in one pass: move -> what it misses, in order.

    It travels in the context while core goes through the moves. It is a Python object, so no
    caller can send one.
    """

    def __init__(self, needs):
        self.needs = needs
        self.taken = None

    def is_for(self, move, need):
        return move in self.needs and move.product_id.uom_id.compare(need, self.needs[move]) == 0


class StockMove(models.Model):
    """Reserve the moves of a transfer together, in the way core reserves them one by one.

    Core still decides which moves it reserves, in which order, and what follows: states, whole
    packages, put-away. Only its question "what can this move get?" is answered from one pass over
    the goods that all moves want. What the pass does not cover goes core's way: serial numbers,
    full packagings only, moves that have lines already, chained moves, and goods in disorder
    (negative quantities, two rows for the same goods).
    """

    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        needs = {} if force_qty else self._get_allocation_needs()
        if not needs:
            return super()._action_assign(force_qty=force_qty)
        moves = self.with_context(lot_fefo_3pl_allocation=LotAllocation(needs))
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _update_reserved_quantity(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        allocation = self.env.context.get("lot_fefo_3pl_allocation")
        if not isinstance(allocation, LotAllocation) or self not in allocation.needs:
            return super()._update_reserved_quantity(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        asked_plainly = location_id == self.location_id and not (
            lot_id or package_id or owner_id or strict
        )
        if asked_plainly and allocation.is_for(self, need):
            if allocation.taken is None:
                self._run_allocation(allocation)
            if self in allocation.taken:
                del allocation.needs[self]
                return allocation.taken[self]
        elif allocation.taken and self in allocation.taken:
            # Somebody else's module wants something special for this move: give back.
            self.move_line_ids.unlink()
        del allocation.needs[self]
        return super()._update_reserved_quantity(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    # Which moves ------------------------------------------------------------------------------

    def _get_allocation_needs(self):
        """The moves that the pass covers -> the quantity that each misses, in the product's unit.

        A product that core reserves for one of the moves is left to core for all of them, so that
        the first move in the order gets its goods first.
        """
        if not self.env["stock.warehouse"].sudo()._has_lot_control():
            return {}
        moves = self.filtered(lambda move: move.state in RESERVABLE_STATES and not move.picked)
        # One narrow query for the parties of all moves, instead of all that is known of each.
        parties = moves.picking_id.partner_id | moves.picking_id.owner_id
        (parties | moves.product_id.owner_id).fetch(["commercial_partner_id"])
        needs, left_to_core = {}, self.env["product.product"]
        for move in moves:
            need = move._get_missing_quantity()
            if not need or move._should_bypass_reservation():
                continue
            if move._is_allocated_in_pass():
                needs[move] = need
            elif move.move_orig_ids or move.procure_method != "make_to_order":
                left_to_core |= move.product_id
        return {move: need for move, need in needs.items() if move.product_id not in left_to_core}

    def _get_missing_quantity(self):
        """What is not reserved yet, in the product's unit and rounded as core rounds it."""
        missing = self.product_uom_qty - self.quantity
        if self.product_uom.compare(missing, 0) <= 0:
            return 0.0
        product_uom = self.product_id.uom_id
        need = self.product_uom._compute_quantity(missing, product_uom, rounding_method="HALF-UP")
        return 0.0 if product_uom.is_zero(need) else need

    def _is_allocated_in_pass(self):
        return (
            self.procure_method != "make_to_order"
            and not self.move_orig_ids
            and not self.move_line_ids
            and self.product_id.tracking != "serial"
            and not self._is_reserved_in_full_packagings()
            and self._takes_lot_controlled()
            and not self._is_rotated_by_odoo()
        )

    def _is_rotated_by_odoo(self):
        """A strategy of the category is one of the product: its goods cannot share a search."""
        return (
            self.env["stock.lot.policy"]._is_anywhere("rotation", "odoo")
            and self._get_lot_demand(reserving=True).setting("rotation") == "odoo"
        )

    def _is_reserved_in_full_packagings(self):
        category = self.product_id.categ_id
        return bool(self.packaging_uom_id) and category.packaging_reserve_method == "full"

    # The pass ---------------------------------------------------------------------------------

    def _run_allocation(self, allocation):
        """Choose, lock and reserve the goods for all moves of ``allocation``."""
        proposals = self._propose_goods(allocation.needs)
        allocation.taken = {
            move: sum(quantity for _quant, quantity in proposal)
            for move, proposal in proposals.items()
        }
        self._reserve_proposals({move: goods for move, goods in proposals.items() if goods})

    def _propose_goods(self, needs):
        """Give the moves, one after the other, what is free when their turn comes.

        :return: move -> its proposal; moves whose product is in disorder are left out.
        """
        searches, numbers = self._get_allotment_searches(needs)
        by_product = defaultdict(float)
        for move, need in needs.items():
            by_product[move.product_id] += need
        supply = self.env["stock.quant"]._find_supply(searches, by_product)
        in_disorder = supply.find_disorder()
        quants = self.env["stock.quant"].sudo().browse(supply.free)
        quant_of = dict(zip(quants.ids, quants, strict=True))
        proposals = {}
        for move, need in needs.items():
            if move.product_id.id in in_disorder:
                continue
            rows = supply.propose(
                numbers[move], move.product_id.id, need, move._round_to_whole_units
            )
            proposal = [(quant_of[row], quantity) for row, quantity in rows]
            proposals[move] = move._trim_lot_proposal(proposal, proposals)
            supply.take((quant.id, quantity) for quant, quantity in proposals[move])
        return proposals

    def _get_allotment_searches(self, needs):
        """Moves whose rules come to the same search share it.

        :return: the searches for ``stock.quant._find_supply``, and move -> its number in them.
        """
        by_demand, products, numbers = {}, {}, {}
        for move in needs:
            key = (move._get_lot_demand(reserving=True), move.location_id)
            if key not in by_demand:
                by_demand[key] = self.env["stock.quant"]._get_allotment_search(*key)
            numbers[move] = by_demand[key]
            products[by_demand[key]] = (
                products.get(by_demand[key], move.product_id) | move.product_id
            )
        position = {search: number for number, search in enumerate(products)}
        searches = [(*search, found) for search, found in products.items()]
        return searches, {move: position[search] for move, search in numbers.items()}

    def _round_to_whole_units(self, quantity):
        """``quantity`` of the product as core rounds what it may reserve: in the move's unit."""
        product_uom = self.product_id.uom_id
        if self.product_uom == product_uom:
            return quantity
        in_own_unit = product_uom._compute_quantity(
            quantity, self.product_uom, rounding_method="DOWN"
        )
        return self.product_uom._compute_quantity(
            in_own_unit, product_uom, rounding_method="HALF-UP"
        )

    def _trim_lot_proposal(self, proposal, earlier):
        """Hook: what this move may keep of the goods proposed to it; less, never more.

        For rules about the goods of a line or an order together, such as a number of lots per
        line, which no domain on single quants can say. Both routes ask: the pass, and core's own
        reservation of a single move.

        :param proposal: list of (quant, quantity in the product's unit) in the order of rotation.
        :param dict earlier: move -> kept proposal, for the moves that come before this one in the
            same pass: promised to them, but their lines do not exist yet.
        :return: a list like ``proposal``. What is left out is free for the next move at once.
        """
        self.ensure_one()
        return proposal

    def _reserve_proposals(self, proposals):
        """Lock the chosen quants, create the lines and reserve what they ask for.

        The lines are made by ``create`` in one go, so that whatever hooks into lines runs; only
        the reservation of each on its quant is collected and written once.
        """
        quants = self.env["stock.quant"].sudo()
        chosen = quants.browse({quant.id for goods in proposals.values() for quant, _ in goods})
        if not chosen:
            return
        chosen._lock_for_reservation()
        ledger = ReservationLedger({quant._get_place_ids(): quant.id for quant in chosen})
        by_company = defaultdict(list)
        for move, goods in proposals.items():
            move = move.with_company(move.company_id)
            by_company[move.company_id] += [
                move._prepare_move_line_vals(quantity=quantity, reserved_quant=quant)
                for quant, quantity in goods
            ]
        lines = self.env["stock.move.line"].with_context(lot_fefo_3pl_ledger=ledger)
        for company, vals_list in by_company.items():
            lines.with_company(company).create(vals_list)
        quants._post_reservations(ledger)
