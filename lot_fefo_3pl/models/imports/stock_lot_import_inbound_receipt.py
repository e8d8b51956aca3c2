from odoo import Command, api, models
from odoo.exceptions import UserError


class StockLotImportInbound(models.AbstractModel):
    """Carrying out scanned lines: one validated receipt per brand and reference."""

    _inherit = "stock.lot.import.inbound"

    @api.model
    def _carry_out(self, run, groups):
        for (brand, reference), rows in groups.items():
            self._receive_fit(run, brand, reference, rows)

    def _receive_fit(self, run, brand, reference, rows):
        """Receive ``rows``, without those that Odoo or a guard refuses."""
        while rows:
            try:
                with self.env.cr.savepoint():
                    self._receive(run, brand, reference, rows)
            except UserError as error:
                fit = self._without_refused(run, brand, reference, rows)
                if len(fit) == len(rows):
                    # Each half is fine by itself: they are refused together only.
                    for row in rows:
                        row.settle("refused", "not_allowed", str(error))
                    return
                rows = fit
            else:
                self._settle_received(run, rows)
                return

    def _without_refused(self, run, brand, reference, rows):
        """Settle the rows that are refused and return the others; nothing is kept.

        The receipt itself is the judge: it is tried by halves, each half after what fits of the
        ones before, so that a line is refused for what really stops it.
        """
        trial = self.env.cr.savepoint()
        try:
            return self._try_halves(run, brand, reference, rows)
        finally:
            trial.close(rollback=True)

    def _try_halves(self, run, brand, reference, rows):
        half = (len(rows) + 1) // 2
        fit = []
        for part in filter(None, (rows[:half], rows[half:])):
            try:
                with self.env.cr.savepoint():
                    self._receive(run, brand, reference, part)
                fit += part
            except UserError as error:
                if len(part) > 1:
                    fit += self._try_halves(run, brand, reference, part)
                else:
                    part[0].settle("refused", "not_allowed", str(error))
        return fit

    def _receive(self, run, brand, reference, rows):
        picking_type = run.warehouse.in_type_id
        source = picking_type.default_location_src_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": picking_type.default_location_dest_id.id,
                "partner_id": brand.id,
                "owner_id": brand.id,
                "origin": reference,
            }
        )
        self._find_or_create_lots(run, picking, rows)
        self._find_or_create_packages(rows)
        self._create_moves(picking, rows)
        picking.move_ids.picked = True
        question = picking.button_validate()
        if question is not True:
            raise UserError(
                self.env._(
                    "Odoo asks something before it validates %(document)s (%(question)s). Receive"
                    " these goods by hand.",
                    document=picking.name,
                    question=question.get("name") or question.get("res_model"),
                )
            )

    # Always looked up anew: an earlier trial may have created them, or been taken back.

    def _find_or_create_lots(self, run, picking, rows):
        wanted = {
            (row.found["product"], row.found["lot_name"]): row.found["expiry"]
            for row in rows
            if row.found["lot_name"]
        }
        lots = self.env["stock.lot"].with_context(active_picking_id=picking.id)
        found = lots.search(
            [
                ("product_id", "in", [product.id for product, _name in wanted]),
                ("name", "in", [name for _product, name in wanted]),
            ]
        ).grouped(lambda lot: (lot.product_id, lot.name))
        missing = {key: expiry for key, expiry in wanted.items() if key not in found}
        created = lots.create(
            [self._prepare_lot(run, *key, expiry) for key, expiry in missing.items()]
        )
        found.update(zip(missing, created, strict=True))
        for row in rows:
            key = row.found["product"], row.found["lot_name"]
            row.found["lot"] = found.get(key, lots.browse())

    def _prepare_lot(self, run, product, name, expiry):
        vals = {"product_id": product.id, "name": name}
        if expiry:
            vals["expiration_date"] = run.warehouse._get_lot_day_end(expiry)
        return vals

    def _find_or_create_packages(self, rows):
        packages = self.env["stock.package"]
        names = {row.found["sscc"] for row in rows} - {None}
        found = packages.search([("name", "in", list(names))]).grouped("name")
        created = packages.create([{"name": name} for name in sorted(names - found.keys())])
        found.update(created.grouped("name"))
        for row in rows:
            row.found["pallet"] = found.get(row.found["sscc"], packages)

    def _create_moves(self, picking, rows):
        by_product = {}
        for row in rows:
            by_product.setdefault(row.found["product"], []).append(row)
        moves = self.env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": sum(row.found["quantity"] for row in group),
                    "picking_id": picking.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "move_line_ids": [
                        Command.create(self._prepare_line(picking, row)) for row in group
                    ],
                }
                for product, group in by_product.items()
            ]
        )
        for move, group in zip(moves, by_product.values(), strict=True):
            for line, row in zip(move.move_line_ids.sorted("id"), group, strict=True):
                row.found["line"] = line
        without_bin = [row.found["line"] for row in rows if not row.found["place"]]
        self.env["stock.move.line"].concat(*without_bin)._apply_putaway_strategy()

    def _prepare_line(self, picking, row):
        product = row.found["product"]
        return {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": row.found["quantity"],
            "lot_id": row.found["lot"].id,
            "owner_id": picking.owner_id.id,
            "picking_id": picking.id,
            "location_id": picking.location_id.id,
            "location_dest_id": (row.found["place"] or picking.location_dest_id).id,
            "result_package_id": row.found["pallet"].id,
        }

    def _is_short_dated(self, run, row):
        short = self.env["stock.lot.arrival"]._judge_life(
            run.warehouse, row.found["brand"], row.found["product"], row.found["expiry"]
        )
        return bool(short) and short.action == "hold"

    def _settle_received(self, run, rows):
        for row in rows:
            lot = row.found["lot"]
            words = {
                "quantity": row.found["quantity"],
                "unit": row.found["product"].uom_id.name,
                "product": row.found["product"].display_name,
                "lot": lot.name,
                "bin": row.found["line"].location_dest_id.display_name,
            }
            row.bin = words["bin"]
            picking = row.found["line"].picking_id
            row.picking_id, row.document = picking.id, picking.name
            if lot.is_held:
                short = self._is_short_dated(run, row)
                row.settle(
                    "held",
                    "short_dated" if short else "lot_held",
                    self.env._(
                        "%(quantity)g %(unit)s of %(product)s, lot %(lot)s, put in %(bin)s and on"
                        " hold: %(reasons)s. QA decides.",
                        **words,
                        reasons=lot.hold_summary,
                    ),
                )
            else:
                row.settle(
                    "accepted",
                    "received",
                    self.env._(
                        "%(quantity)g %(unit)s of %(product)s, lot %(lot)s, put in %(bin)s.",
                        **words,
                    )
                    if lot
                    else self.env._(
                        "%(quantity)g %(unit)s of %(product)s put in %(bin)s.", **words
                    ),
                )
