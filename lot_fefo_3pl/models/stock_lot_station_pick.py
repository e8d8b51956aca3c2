from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .stock_picking_scan import LotScanStop

ORDERS_SHOWN = 3


class StockLotStation(models.AbstractModel):
    """Picking at the station: what is to be picked, the walk through the bins, and the scans.

    A walk is one transfer or one batch (a wave is a batch): ``kind`` is ``"picking"`` or
    ``"batch"`` and ``record_id`` its id. Every method returns plain values; a walk is described in
    ``_prepare_walk``.
    """

    _inherit = "stock.lot.station"

    # What is to be picked ---------------------------------------------------------------------

    @api.model
    @api.readonly
    def pick_list(self, limit=60):
        """The walks that wait to be picked: one's own first, those that others began last.

        :param int limit: how many transfers to look at.
        :return: list of ``{"kind", "id", "name", "order", "partner", "lines", "done", "transfers",
            "urgent", "date", "mine", "begun_by", "bins"}``; ``order`` is what the transfers were
            made for, ``date`` the planned day, ``begun_by`` who else scanned for it, ``bins`` the
            first few names.
        """
        self._check_operator()
        pickings = self.env["stock.picking"].search(
            self._get_pick_domain(), order="priority desc, scheduled_date, id", limit=limit
        )
        pickers = self._get_pickers(pickings)
        rows = [
            self._prepare_pick_row(kind, record, transfers, pickers)
            for (kind, record), transfers in self._group_walks(pickings).items()
        ]
        return sorted(rows, key=lambda row: (bool(row["begun_by"]), not row["mine"]))

    @api.model
    @api.readonly
    def pick_count(self):
        """How many transfers wait to be picked, an integer, at most 100."""
        self._check_operator()
        return self.env["stock.picking"].search_count(self._get_pick_domain(), limit=100)

    @api.model
    @api.readonly
    def pick_find(self, barcode):
        """The walk that a scanned name stands for.

        :param str barcode: name of a transfer, of a batch, or a source document.
        :return: ``{"kind", "id"}`` or False.
        """
        self._check_operator()
        text = (barcode or "").strip()
        for name in ("name", "origin"):
            found = self.env["stock.picking"].search(
                self._get_pick_domain() & Domain(name, "=", text), limit=2
            )
            walks = self._group_walks(found)
            if len(walks) == 1:
                (kind, record), _transfers = walks.popitem()
                return {"kind": kind, "id": record.id}
        if "batch_id" in self.env["stock.picking"]._fields:
            batch = self.env["stock.picking.batch"].search(
                [("name", "=", text), ("state", "=", "in_progress")], limit=1
            )
            if batch:
                return {"kind": "batch", "id": batch.id}
        return False

    @api.model
    @api.readonly
    def pick_load(self, kind, record_id):
        """Begin or go on with a walk.

        :return: the walk, see ``_prepare_walk``.
        :raises UserError: when it does not exist (any more).
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        return self._prepare_walk(kind, record_id, pickings)

    @api.model
    def _get_pick_domain(self):
        """Transfers with promised goods that leave the stock zone of a controlled warehouse."""
        warehouses = self.env["stock.warehouse"].search([("lot_control", "=", True)])
        staging = self.env["stock.location"].union(
            *(warehouse._get_lot_staging() for warehouse in warehouses)
        )
        destinations = Domain("location_dest_id.usage", "=", "customer") | Domain(
            "location_dest_id", "child_of", staging.ids
        )
        return (
            Domain("state", "=", "assigned")
            & Domain("location_id.warehouse_id", "in", warehouses.ids)
            & destinations
        )

    @api.model
    def _get_pickers(self, pickings):
        """``{transfer id: users}`` who scanned for these transfers."""
        groups = self.env["stock.lot.scan"]._read_group(
            [("picking_ref", "in", pickings.ids)], ["picking_ref"], ["user_id:recordset"]
        )
        return dict(groups)

    @api.model
    def _group_walks(self, pickings):
        """``{(kind, record): transfers}``, in the order of the transfers."""
        walks = {}
        for picking in pickings:
            batch = "batch_id" in picking._fields and picking.batch_id
            # Odoo may batch every transfer by itself.
            if batch and batch.state == "in_progress" and len(batch.picking_ids) > 1:
                walks[("batch", batch)] = batch.picking_ids
            else:
                walks[("picking", picking)] = picking
        return walks

    @api.model
    def _prepare_pick_row(self, kind, record, pickings, pickers):
        lines = self._get_walk_lines(pickings)
        partners = pickings.partner_id
        users = self.env["res.users"].union(
            *(pickers[picking.id] for picking in pickings if picking.id in pickers)
        )
        warehouse = lines[:1].move_id._get_lot_warehouse() if lines else False
        date = min(pickings.mapped("scheduled_date"))
        return {
            "kind": kind,
            "id": record.id,
            "name": record.name,
            "order": self._name_orders(pickings),
            "partner": partners.display_name if len(partners) == 1 else False,
            "lines": len(lines),
            "done": len(lines.filtered(lambda line: line.picked)),
            "transfers": len(pickings),
            "urgent": any(picking.priority == "1" for picking in pickings),
            "date": str(warehouse._get_lot_day(date)) if warehouse else str(date.date()),
            "mine": self.env.user in users | pickings.user_id,
            "begun_by": ", ".join((users - self.env.user).sudo().mapped("name"))
            if self.env.user not in users
            else "",
            "bins": list(dict.fromkeys(lines.mapped("location_id.name")))[:3],
        }

    @api.model
    def _name_orders(self, pickings):
        """The order numbers that the transfers were made for, the first few."""
        orders = list(dict.fromkeys(filter(None, pickings.mapped("origin"))))
        more = f" +{len(orders) - ORDERS_SHOWN}" if len(orders) > ORDERS_SHOWN else ""
        return ", ".join(orders[:ORDERS_SHOWN]) + more

    # A walk -----------------------------------------------------------------------------------

    @api.model
    def _get_walk(self, kind, record_id):
        """The transfers of a walk.

        :raises UserError: when there is no such walk.
        """
        records = self.env["stock.picking"].browse(record_id).exists()
        if kind == "batch" and "batch_id" in self.env["stock.picking"]._fields:
            records = self.env["stock.picking.batch"].browse(record_id).exists().picking_ids
        elif kind != "picking":
            records = records.browse()
        if not records:
            raise UserError(
                self.env._("This transfer does not exist any more. Go back to the list.")
            )
        records.check_access("read")
        return records

    @api.model
    def _get_walk_lines(self, pickings):
        """The lines to be picked in walking order."""
        lines = pickings.move_line_ids.filtered(
            lambda line: (
                line.state not in ("done", "cancel")
                and line.product_id.is_storable
                and not line.product_uom_id.is_zero(line.quantity)
            )
        )
        return lines.sorted(
            lambda line: (
                line.location_id.complete_name,
                line.product_id.display_name,
                line.lot_id.name or "",
                line.id,
            )
        )

    @api.model
    def _prepare_walk(self, kind, record_id, pickings):
        """A walk for the station.

        :return: ``{"kind", "id", "name", "order", "partner", "state": "open"|"done",
            "transfers": [...], "lines": [see _prepare_walk_line, in walking order], "done",
            "total", "short": [{"move_id", "product", "missing", "uom"}] what could not be promised,
            "boxes": [{"id", "name", "lines"}]}``
        """
        lines = self._get_walk_lines(pickings)
        rows = [self._prepare_walk_line(line) for line in lines]
        batch = kind == "batch" and pickings.batch_id
        partners = pickings.partner_id
        return {
            "kind": kind,
            "id": record_id,
            "name": batch.name if batch else pickings[0].name,
            "order": self._name_orders(pickings),
            "partner": partners.display_name if len(partners) == 1 else False,
            "state": "done" if all(p.state in ("done", "cancel") for p in pickings) else "open",
            "transfers": pickings.mapped("name"),
            "lines": rows,
            "done": len([row for row in rows if row["is_done"]]),
            "total": len(rows),
            "short": self._prepare_shortages(pickings),
            "boxes": [
                {"id": package.id, "name": package.name, "lines": len(inside)}
                for package, inside in lines.grouped("result_package_id").items()
                if package and package not in inside.package_id
            ],
        }

    @api.model
    def _prepare_walk_line(self, line):
        """One line; quantities are in the product's unit, ``expiry`` is a day.

        ``state`` is that of the verification; ``by_unit`` tells that every unit is scanned.
        """
        warehouse = line.move_id._get_lot_warehouse()
        remaining = max(line.quantity_product_uom - line.lot_verified_qty, 0.0)
        state = line.lot_verification_state
        is_done = state in ("verified", "approved") or (
            state == "not_required" and (line.picked or line._is_lot_covered())
        )
        return {
            "id": line.id,
            "move_id": line.move_id.id,
            "transfer": line.picking_id.name,
            "product": self._reference(line.product_id, "barcode"),
            "tracked": line.product_id.tracking != "none",
            "lot": self._reference(line.lot_id),
            "expiry": str(warehouse._get_lot_day(line.lot_id.expiration_date) or ""),
            "location": self._reference(line.location_id, "barcode"),
            "bin": line.location_id.name,
            "package": line.package_id.name,
            "box": line.result_package_id.name if line.result_package_id != line.package_id else "",
            "quantity": line.quantity_product_uom,
            "verified": line.lot_verified_qty,
            "remaining": 0.0 if is_done else remaining,
            "uom": line.product_id.uom_id.name,
            "state": state,
            "is_done": is_done,
            "by_unit": line._get_lot_verification_level() == "unit",
        }

    @api.model
    def _prepare_shortages(self, pickings):
        shortages = []
        for move in pickings.move_ids:
            if move.state in ("done", "cancel"):
                continue
            missing = move.product_uom_qty - move.quantity
            if move.product_uom.compare(missing, 0) > 0:
                shortages.append(
                    {
                        "move_id": move.id,
                        "product": move.product_id.display_name,
                        "missing": missing,
                        "uom": move.product_uom.name,
                    }
                )
        return shortages

    # Scans ------------------------------------------------------------------------------------

    @api.model
    def pick_scan(
        self,
        kind,
        record_id,
        barcode,
        quantity=None,
        location_barcode=None,
        line_id=None,
        product_id=None,
        other_bin=None,
        device=None,
        uid=None,
    ):
        """Verify one scan of a walk; see ``stock.picking.lot_scan`` for the parameters.

        :param int line_id: the line that the operator is at: its transfer answers what no transfer
            of the batch wants.
        :param str other_bin: a bin that was just refused as not the one to go to: another lot may
            be taken from there.
        :return: the answer of ``lot_scan`` with the ``"walk"`` as it is now and, when the operator
            may take the scanned lot instead, ``"swap"`` (see ``_prepare_swap_offer``).
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        options = {
            "quantity": quantity,
            "location_barcode": location_barcode,
            "product_id": product_id,
        }
        picking = self._choose_scanned_transfer(pickings, barcode, options, line_id, uid)
        answer = picking.lot_scan(barcode, device=device, uid=uid, bin_first=True, **options)
        offer = self._prepare_swap_offer(pickings, answer, other_bin or location_barcode, line_id)
        return {
            **answer,
            **({"swap": offer} if offer else {}),
            "walk": self._prepare_walk(kind, record_id, pickings),
        }

    @api.model
    def _choose_scanned_transfer(self, pickings, barcode, options, line_id, uid):
        """The transfer of a batch that a scan is for: the first one that takes it."""
        if len(pickings) == 1:
            return pickings
        answered = (
            self.env["stock.lot.scan"]
            .sudo()
            .search([("client_uid", "=", uid or "-"), ("picking_ref", "in", pickings.ids)], limit=1)
        )
        if answered:
            return pickings.browse(answered.picking_ref)
        here = pickings.move_line_ids.filtered(lambda line: line.id == line_id).picking_id
        candidates = here | pickings.filtered(lambda p: p.state not in ("done", "cancel"))
        for picking in candidates:
            facts = picking._get_lot_scan_facts(
                barcode, options["quantity"], lot_only=bool(options["product_id"])
            )
            try:
                picking._judge_lot_scan(facts, options["location_barcode"], options["product_id"])
            except LotScanStop:
                continue
            return picking
        return (candidates or pickings)[0]
