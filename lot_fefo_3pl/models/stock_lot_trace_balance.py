from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.mass_balance import IN_TERMS, OURS, OUT_TERMS, SCRAP_TERMS, Flow, mass_balance


class StockLotTrace(models.AbstractModel):
    """The half of the trace that counts: what is in the house, and whether it adds up."""

    _inherit = "stock.lot.trace"

    @api.model
    @api.readonly
    def on_hand(self, lot_ids, owner_id=None):
        """What is still in the house: internal and transit locations, every bin.

        :return: list of dicts with ``quant_id, lot_id, lot, product_id, product, uom, location_id,
            location, owner_id, owner, package_id, package, quantity, reserved``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        domain = Domain("lot_id", "in", lots.ids) & Domain("location_id.usage", "in", OURS)
        if owner_id:
            domain &= self._domain_owner(lots, owner_id)
        quants = self.env["stock.quant"].search(domain, order="location_id, package_id, id")
        return [
            {
                "quant_id": quant.id,
                **self._lot_values(quant.lot_id),
                "location_id": quant.location_id.id,
                "location": quant.location_id.complete_name,
                "owner_id": quant.owner_id.id,
                "owner": quant.owner_id.name or "",
                "package_id": quant.package_id.id,
                "package": quant.package_id.complete_name or "",
                "quantity": quant.quantity,
                "reserved": quant.reserved_quantity,
            }
            for quant in quants
            if quant.quantity or quant.reserved_quantity
        ]

    @api.model
    @api.readonly
    def in_process(self, lot_ids, owner_id=None):
        """Open operations that hold units of the lots, packed ones first.

        :return: list of dicts with ``line_id, move_id, picking_id, picking, partner_id, partner,
            lot_id, lot, product_id, product, uom, location_id, location, location_dest_id,
            location_dest, owner_id, package_id, package, quantity, picked, state``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        domain = (
            Domain("lot_id", "in", lots.ids)
            & Domain("state", "not in", ("done", "cancel"))
            & Domain("quantity_product_uom", ">", 0)
        )
        if owner_id:
            domain &= self._domain_owner(lots, owner_id)
        lines = self.env["stock.move.line"].search(domain, order="result_package_id, picked, id")
        return [
            {
                "line_id": line.id,
                "move_id": line.move_id.id,
                "picking_id": line.picking_id.id,
                "picking": line.picking_id.name or line.move_id.reference or "",
                "partner_id": (line.picking_id.partner_id or line.move_id.partner_id).id,
                "partner": (line.picking_id.partner_id or line.move_id.partner_id).name or "",
                **self._lot_values(line.lot_id),
                "location_id": line.location_id.id,
                "location": line.location_id.complete_name,
                "location_dest_id": line.location_dest_id.id,
                "location_dest": line.location_dest_id.complete_name,
                "owner_id": line.owner_id.id,
                "package_id": line.result_package_id.id,
                "package": line.result_package_id.complete_name or "",
                "quantity": line.quantity_product_uom,
                "picked": line.picked,
                "state": line.state,
            }
            for line in lines
        ]

    @api.model
    @api.readonly
    def mass_balance(self, lot_ids):
        """Account for every unit of the lots, per lot and owner.

        :return: list of dicts with ``lot_id, lot, product_id, product, uom, owner_id, owner``, the
            terms ``received, produced, returned, found, shipped, sent_back, consumed, scrapped,
            lost``, the sums ``total_in, total_out``, ``on_hand``, ``unexplained`` (zero on a
            sound ledger) and ``percent``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        flows = self._fetch_flows(lots)
        on_hand = self._fetch_on_hand(lots)
        owners = self._names(
            "res.partner", {owner_id for _lot, owner_id in flows | on_hand}, "name"
        )
        return [
            {
                **self._lot_values(self.env["stock.lot"].browse(lot_id)),
                "owner_id": owner_id,
                "owner": owners.get(owner_id, ""),
                **mass_balance(
                    flows.get((lot_id, owner_id), ()), on_hand.get((lot_id, owner_id), 0)
                ),
            }
            for lot_id, owner_id in sorted(flows | on_hand)
        ]

    @api.model
    @api.readonly
    def balance_lines(self, lot_id, owner_id, term):
        """The lines behind one term of the mass balance, to look at.

        :param int lot_id: id of the stock.lot.
        :param int owner_id: the owner of that row of the balance, 0 for none.
        :param str term: a term of ``mass_balance``, or ``"on_hand"``.
        :return: dict with ``model`` (stock.move.line or stock.quant) and ``domain``.
        :raise UserError: there is no such term.
        """
        place = [("lot_id", "=", lot_id), ("owner_id", "=", owner_id or False)]
        if term == "on_hand":
            return {
                "model": "stock.quant",
                "domain": [*place, ("location_id.usage", "in", OURS), ("quantity", "!=", 0)],
            }
        domain = [*place, ("state", "=", "done"), ("quantity_product_uom", "!=", 0)]
        if term in IN_TERMS:
            here, there, usage = "location_id", "location_dest_id", IN_TERMS[term]
        elif term in OUT_TERMS:
            here, there, usage = "location_dest_id", "location_id", OUT_TERMS[term]
        else:
            raise UserError(self.env._("The mass balance has no term %(term)s.", term=term))
        domain += [(f"{here}.usage", "=", usage), (f"{there}.usage", "!=", usage)]
        if term in SCRAP_TERMS:
            domain.append(("move_id.scrap_id", "!=" if SCRAP_TERMS[term] else "=", False))
        return {"model": "stock.move.line", "domain": domain}

    # Balance ---------------------------------------------------------------------------------

    def _fetch_flows(self, lots):
        """``{(lot id, owner id or 0): [Flow]}``, added up by the database."""
        for model in ("stock.move", "stock.move.line", "stock.location"):
            self.env[model].flush_model()
        query = self.env["stock.move.line"]._search(self._domain_lines(lots, None))
        line = query.table
        source = query.join(line, "location_id", "stock_location", "id", "source")
        target = query.join(line, "location_dest_id", "stock_location", "id", "target")
        move = query.left_join(line, "move_id", "stock_move", "id", "move")
        keys = (
            SQL.identifier(line, "lot_id"),
            SQL("COALESCE(%s, 0)", SQL.identifier(line, "owner_id")),
            SQL.identifier(source, "usage"),
            SQL.identifier(target, "usage"),
            SQL("%s IS NOT NULL", SQL.identifier(move, "scrap_id")),
        )
        query.groupby = SQL(", ").join(keys)
        total = SQL("SUM(%s)", SQL.identifier(line, "quantity_product_uom"))
        flows = defaultdict(list)
        for lot_id, owner_id, *flow in self.env.execute_query(query.select(*keys, total)):
            flows[lot_id, owner_id].append(Flow(*flow))
        return dict(flows)

    def _fetch_on_hand(self, lots):
        groups = self.env["stock.quant"]._read_group(
            Domain("lot_id", "in", lots.ids) & Domain("location_id.usage", "in", OURS),
            ["lot_id", "owner_id"],
            ["quantity:sum"],
        )
        return {(lot.id, owner.id or 0): quantity for lot, owner, quantity in groups if quantity}
