from odoo import Command, api, models
from odoo.exceptions import UserError

from ...tools import gs1
from .stock_lot_import_base import LotImportStop


class StockLotImportAsn(models.AbstractModel):
    """A brand's advance notice: what a shipment will bring, pallet by pallet.

    It is understood like scanned receipts, but nothing comes in: an expected receipt is made, and
    the station compares with it what really comes.
    """

    _name = "stock.lot.import.asn"
    _inherit = ["stock.lot.import.inbound"]
    _description = "Import of Announced Receipts"

    _kind = "asn"
    _required = ("reference", "line", "brand", "gtin", "quantity")
    _optional = ("sscc", "lot", "expiry", "expected_date")

    @api.model
    def _prepare(self, run, rows):
        for row in rows:
            row.found["scan"] = gs1.parse(row["gtin"], today=run.today)
        codes = {row.found["scan"].item or row.found["scan"].text for row in rows}
        products = self.env["product.product"]._find_by_codes(codes, run.warehouse.company_id)
        for row in rows:
            scan = row.found["scan"]
            row.found["matches"] = products.get(scan.item or scan.text)
        self._prepare_lots(run, rows)
        self._prepare_packages(run, rows)
        announced = self.env["stock.lot.announcement"].search(
            [("sscc", "in", [row.found["sscc"] for row in rows if row.found["sscc"]])]
        )
        for part in announced:
            run.pallets[part.sscc] = (part.owner_id, part.picking_id.origin)

    @api.model
    def _understand(self, run, row):
        self._check_readable(row)
        row.found["product"] = self._get_product(row)
        row.found["lot_name"] = self._get_lot_name(run, row)
        row.found["expiry"] = self._get_expiry(run, row)
        row.found["quantity"] = self._get_line_quantity(row)
        row.found["expected_date"] = self._get_day(row["expected_date"])
        self._check_pallet(run, row)

    def _get_lot_name(self, run, row):
        """An announcement may leave the lot open: it is asked for when the goods come."""
        if not row["lot"]:
            return ""
        return super()._get_lot_name(run, row)

    def _get_expiry(self, run, row):
        if not row["lot"] or (not row["expiry"] and row.found["product"].use_expiration_date):
            return self._get_day(row["expiry"])
        return super()._get_expiry(run, row)

    # Carrying out ----------------------------------------------------------------------------

    @api.model
    def _carry_out(self, run, groups):
        for (brand, reference), rows in groups.items():
            try:
                with self.env.cr.savepoint():
                    picking = self._create_expected_receipt(run, brand, reference, rows)
            except UserError as error:
                for row in rows:
                    row.settle("refused", "not_allowed", str(error))
                continue
            for row in rows:
                row.picking_id, row.document = picking.id, picking.name
                row.settle("accepted", "announced", self._word_announced(row))

    def _create_expected_receipt(self, run, brand, reference, rows):
        """The open receipt of the same shipment is completed, else there is a new one."""
        picking = self._find_expected_receipt(run, brand, reference)
        if not picking:
            picking = self.env["stock.lot.station"]._create_receipt(run.warehouse, brand, reference)
        by_product = {}
        for row in rows:
            by_product.setdefault(row.found["product"], []).append(row.found["quantity"])
        picking.move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": sum(quantities),
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
            for product, quantities in by_product.items()
        ]
        picking.action_confirm()
        days = [row.found["expected_date"] for row in rows if row.found["expected_date"]]
        if days:
            picking.scheduled_date = run.warehouse._get_lot_day_start(min(days))
        self.env["stock.lot.announcement"].sudo().create(
            [self._prepare_announcement(picking, brand, row) for row in rows]
        )
        return picking

    def _find_expected_receipt(self, run, brand, reference):
        return self.env["stock.picking"].search(
            [
                ("picking_type_id", "=", run.warehouse.in_type_id.id),
                ("owner_id", "=", brand.commercial_partner_id.id),
                ("origin", "=", reference),
                ("lot_announcement_ids", "!=", False),
                ("state", "not in", ("done", "cancel")),
            ],
            limit=1,
        )

    def _prepare_announcement(self, picking, brand, row):
        return {
            "picking_id": picking.id,
            "owner_id": brand.commercial_partner_id.id,
            "sscc": row.found["sscc"] or False,
            "product_id": row.found["product"].id,
            "lot_name": row.found["lot_name"] or False,
            "expiry": row.found["expiry"] or False,
            "quantity": row.found["quantity"],
        }

    def _word_announced(self, row):
        return self.env._(
            "%(quantity)g %(unit)s of %(product)s announced, lot %(lot)s.",
            quantity=row.found["quantity"],
            unit=row.found["product"].uom_id.name,
            product=row.found["product"].display_name,
            lot=row.found["lot_name"] or self.env._("not said"),
        )

    def _check_doubtful_lot(self, run, row, name):
        """The brand knows its numbers; what comes under another spelling is asked about then."""

    def _check_pallet(self, run, row):
        if row["sscc"] and not row.found["sscc"]:
            raise LotImportStop(
                "refused",
                "sscc",
                self.env._(
                    "%(label)s is no number of a pallet (SSCC): 18 digits, the last one a check"
                    " digit. Correct it.",
                    label=row["sscc"],
                ),
            )
        return super()._check_pallet(run, row)
