from odoo import api, models

from .stock_lot_scan import STATUSES
from .stock_lot_station_load import clean
from .stock_picking_scan import LotScanStop


class StockLotStation(models.AbstractModel):
    """Putting away: which goods a scan means, and how many of them."""

    _inherit = "stock.lot.station"

    @api.model
    def _find_putaway_goods(self, facts):
        scan = facts.scan
        if scan.kind in ("empty", "invalid"):
            raise LotScanStop("unreadable", self.env["stock.picking"]._word_unreadable(scan))
        waiting = self._get_putaway_lines([("picked", "=", False)])
        names = {scan.text, scan.sscc} - {None, ""}
        lines = waiting.filtered(
            lambda line: (line.package_id or line.result_package_id).name in names
        )
        lines = lines or self._find_putaway_lot(scan, waiting) or self._take_loose_goods(scan)
        if not lines:
            raise self._stop_not_waiting(scan)
        self._check_may_move(lines)
        return lines

    @api.model
    def _find_putaway_lot(self, scan, waiting):
        """The first line of the scanned lot; a lot's name alone must be that of one product."""
        name = scan.serial or scan.lot or scan.text
        found = waiting.filtered(lambda line: line.lot_id.name == name)
        if scan.item:
            products = waiting.product_id.browse()
            for company in waiting.company_id:
                codes = products._find_by_codes([scan.item], company)
                products |= codes.get(scan.item, (products, 1))[0]
            of_product = waiting.filtered(lambda line: line.product_id in products)
            found = of_product.filtered(lambda line: line.lot_id.name == name)
            if of_product and not scan.lot and not scan.serial:
                if len(of_product.lot_id) > 1:
                    raise LotScanStop(
                        "ask_lot",
                        self.env._(
                            "Several lots of %(product)s wait. Scan the lot on the label.",
                            product=of_product[0].product_id.display_name,
                        ),
                    )
                found = of_product
        self._check_one_product(found, name)
        return found[:1]

    @api.model
    def _check_one_product(self, found, name):
        if len(found.product_id) > 1:
            raise LotScanStop(
                "ask_product",
                self.env._("Several products have a lot %(lot)s. Scan the whole label.", lot=name),
            )

    @api.model
    def _take_loose_goods(self, scan):
        """Goods at the dock or in the overflow that no transfer wants: a new one takes them."""
        warehouses = self._get_station_warehouses()
        places = warehouses.lot_overflow_location_id | warehouses.wh_input_stock_loc_id
        name = scan.serial or scan.lot or scan.text
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "child_of", places.ids),
                ("quantity", ">", 0),
                "|",
                ("lot_id.name", "=", name),
                ("package_id.name", "in", [scan.sscc or scan.text]),
            ]
        )
        quants = quants.filtered(
            lambda quant: (
                quant.product_uom_id.compare(quant.quantity, quant.reserved_quantity) > 0
                and not self._word_holds(quant.lot_id, quant.location_id)
            )
        )
        if scan.item:
            codes = self.env["product.product"]._find_by_codes([scan.item], self.env.company)
            products = codes.get(scan.item, (self.env["product.product"], 1))[0]
            quants = quants.filtered(lambda quant: quant.product_id in products)
        if not quants.package_id:
            self._check_one_product(quants, name)
        return self._plan_putaway(quants[:1] if not quants.package_id else quants)

    @api.model
    def _plan_putaway(self, quants):
        source = quants[:1].location_id
        warehouse = source.warehouse_id
        parts = {}
        for quant in quants.filtered(lambda quant: quant.location_id == source):
            free = quant.quantity - quant.reserved_quantity
            parts.setdefault(quant.product_id, []).append((quant, warehouse.lot_stock_id, free))
        if not parts:
            return self.env["stock.move.line"]
        transfer = source._create_repair_transfer(
            warehouse, parts, source, self.env._("Put away at the station")
        )
        return transfer.move_line_ids

    @api.model
    def _stop_not_waiting(self, scan):
        """The answer to goods that wait for no bin; a hold takes goods back from a transfer."""
        place = self.env["stock.location"].search([("barcode", "=", scan.text)], limit=1)
        if scan.text and place:
            return LotScanStop(
                "not_this_order",
                self.env._(
                    "%(bin)s is a bin. Scan the goods first, then the bin.", bin=place.display_name
                ),
            )
        name = scan.serial or scan.lot or scan.text
        lots = self.env["stock.lot"].search([("name", "=", name)])
        for lot in lots.filtered("is_held"):
            if lot.quant_ids.filtered(lambda quant: not quant.location_id._is_in_lot_stock()):
                return LotScanStop(
                    "held",
                    self.env._(
                        "Lot %(lot)s is held for %(reasons)s. Leave it where it is and ask QA.",
                        lot=lot.name,
                        reasons=lot.hold_summary,
                    ),
                )
        return LotScanStop(
            "not_this_order",
            self.env._(
                "%(what)s does not wait to be put away. Receive it first, or look it up to see"
                " where it belongs.",
                what=scan.lot or scan.sscc or scan.item or scan.text,
            ),
        )

    @api.model
    def _check_may_move(self, lines):
        """Refuse goods that may not be moved, such as frozen ones, before somebody carries them."""
        for line, found in lines._get_lot_obstacles().items():
            for obstacle in found:
                code = obstacle.code if obstacle.code in STATUSES else "not_allowed"
                raise LotScanStop(code, line._describe_goods(obstacle.message))

    @api.model
    def _take_part(self, lines, load, quantity):
        line = lines[0]
        uom = line.product_id.uom_id
        if len(lines) > 1:
            raise LotScanStop(
                "bad_quantity",
                self.env._("A pallet of several lots is put away as a whole. Scan a lot instead."),
            )
        if (
            not clean("quantity", quantity)
            or uom.compare(quantity, 0) <= 0
            or uom.compare(quantity, line.quantity_product_uom) > 0
        ):
            raise LotScanStop(
                "bad_quantity",
                self.env._(
                    "Between 1 and %(quantity)g %(unit)s of this lot wait here.",
                    quantity=line.quantity_product_uom,
                    unit=uom.name,
                ),
            )
        load["quantity"] = quantity
