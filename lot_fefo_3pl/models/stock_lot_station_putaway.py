from odoo import api, models
from odoo.exceptions import UserError

from ..tools import gs1
from .stock_lot_station_load import clean, is_id
from .stock_picking_scan import LotScanStop

LISTED = 200


class StockLotStation(models.AbstractModel):
    """Putting away: goods that were received into the input zone, and those that have to leave a
    bin where they lie with others, go to their bins."""

    _inherit = "stock.lot.station"

    @api.model
    def putaway_list(self):
        """What waits to be put away, in the order of the places where it stands.

        :return: ``{"lines": [{"id", "picking_id", "picking", "product", "lot", "day",
            "quantity", "uom", "package", "from", "bin", "picked", "held"}]}``; a picked line is
            put away and not posted yet.
        :raises AccessError: when the user is no Lot Operator.
        """
        self._check_station_access()
        lines = self._get_putaway_lines()[:LISTED]
        return {"lines": [self._describe_putaway_line(line) for line in lines]}

    @api.model
    def _get_putaway_lines(self, domain=()):
        """The open lines that bring goods into the stock zone, or out of a bin to be repaired."""
        lines = self.env["stock.move.line"]
        for warehouse in self._get_station_warehouses():
            lines |= lines.search(
                [
                    ("state", "in", ("assigned", "partially_available")),
                    ("picking_code", "=", "internal"),
                    ("location_id", "child_of", warehouse.view_location_id.id),
                    "|",
                    ("location_id.segregation_pending", "=", True),
                    "!",
                    ("location_id", "child_of", warehouse.lot_stock_id.id),
                    ("location_dest_id", "child_of", warehouse.lot_stock_id.id),
                    ("quantity", ">", 0),
                    *domain,
                ]
            )
        return lines.sorted(
            lambda line: (line.picked, line.location_id.complete_name, line.picking_id.id, line.id)
        )

    @api.model
    def _describe_putaway_line(self, line):
        warehouse = line.location_id.warehouse_id
        return {
            **self._get_receipt_line(line),
            "picking_id": line.picking_id.id,
            "picking": line.picking_id.name,
            "day": self._format_day(warehouse._get_lot_day(line.lot_id.expiration_date)),
            "package": (line.package_id or line.result_package_id).name or "",
            "from": line.location_id.display_name,
            "held": self._word_holds(line.lot_id, line.location_id),
            "picked": line.picked,
        }

    @api.model
    def putaway_scan(self, load=None, barcode=None, values=None, uid=None, device=None):
        """Scan the goods, then the bin they are put into.

        :param dict load: as answered last: ``{"line_ids", "quantity"}``; None for new goods.
        :param str barcode: what the device sent, untouched: a pallet, the label of the goods, the
            lot; then the bin.
        :param dict values: instead of a barcode: ``quantity`` (a part only, in the product's
            unit).
        :param str uid: id that the device gave to this call: the same id again gets the first
            answer and moves nothing more.
        :param str device: name of the device, for the evidence.
        :return: ``{"status": "ok"|"ask"|"refused", "code", "message", "load", "step":
            "goods"|"bin", "lines": [as in putaway_list], "bin": as in receive_scan, "left":
            number of lines of the transfer that wait, "posted": whether the transfer was
            validated}``. A transfer is validated with its last line.
        :raises AccessError: when the user may not move the goods.
        """
        self._check_station_access()
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        load = self._clean_putaway_load(load)
        values = values if isinstance(values, dict) else {}
        scan = (
            self._get_typed_scan(self._word_values(self._clean_answers(values)))
            if barcode is None
            else gs1.parse(barcode, lot_only=True)
        )
        facts = self._get_station_facts(scan)
        lines = self._get_putaway_lines([("id", "in", load.get("line_ids", []))])
        more = {"left": 0, "posted": False, "proposed": lines.location_dest_id[:0]}
        try:
            with self.env.cr.savepoint():
                code, message, lines, more = self._put_away(facts, lines, load, values, more)
        except LotScanStop as stop:
            code, message = stop.code, stop.message
            more["proposed"] = getattr(stop, "free", None)
        except UserError as error:
            code, message = "not_allowed", str(error)
        return self._answer_putaway(facts, code, message, device, uid, lines, load, more)

    @api.model
    def _clean_putaway_load(self, load):
        """The goods in hand as the device sent them, without what makes no sense."""
        load = load if isinstance(load, dict) else {}
        line_ids = load.get("line_ids")
        line_ids = line_ids if isinstance(line_ids, list) else []
        kept = {"line_ids": [line_id for line_id in line_ids if is_id(line_id)]}
        quantity = clean("quantity", load.get("quantity"))
        return {**kept, "quantity": quantity} if quantity else kept

    @api.model
    def _put_away(self, facts, lines, load, values, more):
        """Take the goods in hand, or put them into the bin."""
        if not lines:
            load.clear()
            lines = self._find_putaway_goods(facts)
        elif "quantity" in values:
            self._take_part(lines, load, values["quantity"])
        else:
            place = self._find_putaway_bin(facts, lines)
            self._judge_putaway_bin(lines, load, place)
            return self._move_to_bin(facts, lines, load, place, more)
        facts.product, facts.lot = lines[0].product_id, lines[0].lot_id
        proposed = self._propose_putaway_bin(lines, load)
        if lines[0].location_id._child_of(proposed):
            raise LotScanStop(
                "not_allowed",
                self.env._(
                    "No bin has room. Leave it in %(bin)s and tell a supervisor.",
                    bin=lines[0].location_id.display_name,
                ),
            )
        message = self._word_proposed_bin(proposed)
        return "read", message, lines, {**more, "proposed": proposed}

    # The bin ---------------------------------------------------------------------------------

    @api.model
    def _get_putaway_goods_of(self, lines, load):
        goods = [line._get_putaway_goods() for line in lines]
        if load.get("quantity"):
            goods[0].quantity = load["quantity"]
        return goods

    @api.model
    def _get_putaway_areas_of(self, lines):
        zone = lines[0].move_id.location_dest_id
        return zone._get_lot_areas(lines[0].product_id, lines[0]._get_putaway_package_type())

    @api.model
    def _propose_putaway_bin(self, lines, load):
        """The bin that the lines have already, while it can still take them; else another."""
        bins, warehouse = self.env["stock.lot.putaway"], lines[0].location_id.warehouse_id
        goods = self._get_putaway_goods_of(lines, load)
        planned = lines.location_dest_id
        if len(planned) == 1 and not any(
            bins._judge_bin(one, planned, warehouse, lines.ids) for one in goods
        ):
            return planned
        free = bins._find_free_bin(
            goods, self._get_putaway_areas_of(lines), warehouse, excluded_line_ids=lines.ids
        )
        return lines[0].move_id.location_dest_id._get_bin_or_overflow(free.id)

    @api.model
    def _find_putaway_bin(self, facts, lines):
        place = self._find_station_bin(lines[0].picking_id, facts.scan.text)
        if not place:
            raise LotScanStop(
                "unknown_barcode",
                self.env._(
                    "%(barcode)s is no bin that is known here. Scan the bin again, or go back to"
                    " take other goods.",
                    barcode=facts.scan.text or facts.scan.raw,
                ),
            )
        return place

    @api.model
    def _judge_putaway_bin(self, lines, load, place):
        bins, warehouse = self.env["stock.lot.putaway"], lines[0].location_id.warehouse_id
        goods = self._get_putaway_goods_of(lines, load)
        reason, overflow = False, warehouse.lot_overflow_location_id
        if lines[0].location_id._child_of(overflow):
            overflow = overflow.browse()
        if not any(place._child_of(zone) for zone in warehouse.lot_stock_id | overflow):
            reason = self.env._(
                "%(bin)s is outside %(zone)s",
                bin=place.display_name,
                zone=warehouse.lot_stock_id.display_name,
            )
        for one in goods:
            reason = reason or bins._judge_bin(one, place, warehouse, lines.ids)
        if reason:
            near = place if place._child_of(warehouse.lot_stock_id) else None
            areas = self._get_putaway_areas_of(lines)
            free = bins._find_free_bin(goods, areas, warehouse, near, lines.ids)
            raise self._stop_wrong_bin(reason, free, overflow)
        self._claim_bin(place)

    @api.model
    def _move_to_bin(self, facts, lines, load, place, more):
        """Write the bin down; with the last line of the transfer the goods are moved."""
        picking = lines[0].picking_id
        if load.get("quantity"):
            self._split_line(lines, load["quantity"])
        lines.with_context(do_not_unreserve=True).write(
            {"location_dest_id": place.id, "picked": True}
        )
        quantity = sum(lines.mapped("quantity_product_uom"))
        facts.product, facts.lot, facts.location = lines[0].product_id, lines[0].lot_id, place
        waiting = picking.move_line_ids.filtered(
            lambda line: not line.picked and line.state not in ("done", "cancel")
        )
        more = {
            **more,
            "left": len(waiting),
            "posted": not waiting,
            "evidence": {
                "quantity": quantity,
                "uom_id": lines[0].product_id.uom_id.id,
                "move_ref": lines[0].move_id.id,
                "line_ref": lines[0].id,
                "company_id": picking.company_id.id,
                "picking_ref": picking.id,
                "picking_name": picking.name,
            },
        }
        message = self.env._(
            "%(quantity)g %(unit)s of lot %(lot)s in %(bin)s.",
            quantity=quantity,
            unit=lines[0].product_id.uom_id.name,
            lot=", ".join(lines.lot_id.mapped("name")) or self.env._("none"),
            bin=place.display_name,
        )
        if not waiting:
            self._validate_at_station(picking, backorder=True)
        load.clear()
        return "put_away", message, lines.browse(), more

    @api.model
    def _split_line(self, line, quantity):
        """Leave the rest of a line where it stands, as a line of its own."""
        rest = line.quantity_product_uom - quantity
        uom = line.product_id.uom_id
        if uom.compare(rest, 0) <= 0:
            return
        later = line.with_context(lot_fefo_3pl_putaway_later=True)
        if line.result_package_id and line.result_package_id == line.package_id:
            # The pallet stays with what stays.
            later.result_package_id = False
        later.quantity = uom._compute_quantity(quantity, line.product_uom_id)
        later.copy(
            {
                "quantity": uom._compute_quantity(rest, line.product_uom_id),
                "picked": False,
                "result_package_id": line.package_id.id,
            }
        )

    @api.model
    def putaway_validate(self, picking_id, uid=None, device=None):
        """Post what was put away of a transfer; the rest goes on waiting as a back-order.

        :return: ``{"status", "code", "message", "backorder": {"id", "name"} or False}``.
        :raises AccessError: when the user may not move the goods.
        """
        picking = self.env["stock.picking"].browse(picking_id)
        self._check_station_access(picking)
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        facts = self._get_station_facts(self._get_typed_scan(self.env._("Validate")))
        code, more = "validated", {"backorder": False}
        try:
            with self.env.cr.savepoint():
                if picking.picking_type_code != "internal" or not picking.lot_control:
                    raise UserError(
                        self.env._("%(transfer)s is no put-away.", transfer=picking.display_name)
                    )
                self._check_something_picked(picking)
                self._validate_at_station(picking, backorder=True)
                kept = picking.backorder_ids[:1]
                if kept:
                    more["backorder"] = {"id": kept.id, "name": kept.name}
                message = self.env._("%(transfer)s is posted.", transfer=picking.name)
        except UserError as error:
            code, message = "not_allowed", str(error)
        return self._answer_station(picking, facts, code, message, device, uid, **more)

    @api.model
    def _answer_putaway(self, facts, code, message, device, uid, lines, load, more):
        proposed = more.pop("proposed", None)
        if lines and not proposed:
            proposed = self._propose_putaway_bin(lines, load)
        picking = lines[:1].picking_id
        if lines:
            load["line_ids"] = lines.ids
        return self._answer_station(
            picking,
            facts,
            code,
            message,
            device,
            uid,
            load=load if lines else {},
            step="bin" if lines else "goods",
            lines=[self._describe_putaway_line(line) for line in lines],
            bin=self._describe_bin(proposed),
            **more,
        )
