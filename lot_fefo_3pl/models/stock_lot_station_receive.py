from odoo import api, models
from odoo.exceptions import UserError

from ..tools import gs1
from .stock_lot_station_load import StationQuestion
from .stock_picking_scan import LotScanStop

LISTED = 80


class StockLotStation(models.AbstractModel):
    """Receiving: the label, what it does not say, the bin."""

    _inherit = "stock.lot.station"

    @api.model
    def receive_list(self):
        """The receipts that are open in the controlled warehouses, the earliest first.

        :return: ``{"receipts": [{"id", "name", "origin", "owner", "date" (YYYY-MM-DD), "day" (in
            words), "expected", "received" (numbers of lines), "pallets" (still to come)}],
            "brands": [{"id", "name", "warehouse_id"}]}``, brands as choices for a new receipt.
        :raises AccessError: when the user is no Lot Operator.
        """
        self._check_station_access()
        warehouses = self._get_station_warehouses()
        receipts = self.env["stock.picking"].search(
            self._get_open_receipt_domain(),
            order="scheduled_date, id",
            limit=LISTED,
        )
        owners = self.env["product.template"]._read_group([("owner_id", "!=", False)], ["owner_id"])
        return {
            "receipts": [self._get_receipt_head(receipt) for receipt in receipts],
            "brands": [
                {
                    "id": owner.id,
                    "name": owner.display_name
                    if len(warehouses) == 1
                    else f"{owner.display_name} – {warehouse.name}",
                    "warehouse_id": warehouse.id,
                }
                for warehouse in warehouses
                for owner in sorted((owner for [owner] in owners), key=lambda o: o.display_name)
            ],
        }

    @api.model
    def _get_receipt_head(self, receipt):
        parts = receipt._get_announced_here() if receipt.state not in ("done", "cancel") else ()
        day = receipt.picking_type_id.warehouse_id._get_lot_day(receipt.scheduled_date)
        return {
            "id": receipt.id,
            "name": receipt.name,
            "origin": receipt.origin or "",
            "owner": receipt.owner_id.display_name or receipt.partner_id.display_name or "",
            "date": day.isoformat(),
            "day": self._format_day(day),
            "state": receipt.state,
            "expected": len(parts) or len(receipt.move_ids.filtered("product_uom_qty")),
            "received": len(receipt.move_line_ids.filtered("picked")),
            "pallets": len({part.sscc for part in parts if part.sscc and not part.is_received}),
        }

    @api.model
    def receive_open(self, picking_id):
        """One receipt with what was to come and what came.

        :return: ``{"receipt": as in receive_list, "rows": [{"product_name", "uom", "sscc",
            "kinds", "words", "announced", "received" ({"quantity", "lot", "expiry", "day"} or
            None), "difference"}], "lines": [{"id", "product", "lot", "expiry", "quantity", "uom",
            "bin", "package", "held"}]}``; lines are what was received, newest first.
        :raises AccessError: when the user may not receive it.
        """
        picking = self._get_receipt(picking_id)
        return self._get_receipt_state(picking)

    @api.model
    def _get_receipt(self, picking_id):
        picking = self.env["stock.picking"].browse(picking_id)
        self._check_station_access(picking)
        if picking.picking_type_id.code != "incoming" or not picking.lot_control:
            raise UserError(
                self.env._(
                    "%(transfer)s is no receipt of a warehouse under lot control.",
                    transfer=picking.display_name,
                )
            )
        return picking

    @api.model
    def _get_receipt_state(self, picking):
        lines = picking.move_line_ids.filtered("picked").sorted("id", reverse=True)
        rows = picking._get_lot_difference_rows()
        for row in rows:
            for side in ("announced", "received"):
                if row[side]:
                    day = row[side]["expiry"]
                    row[side]["day"] = self._format_day(day)
                    row[side]["expiry"] = day.isoformat() if day else False
        return {
            "receipt": self._get_receipt_head(picking),
            "rows": rows,
            "lines": [self._get_receipt_line(line) for line in lines],
        }

    @api.model
    def _get_receipt_line(self, line):
        warehouse = line.picking_id.picking_type_id.warehouse_id
        return {
            "id": line.id,
            "product": line.product_id.display_name,
            "lot": line._get_lot_name() or "",
            "day": self._format_day(warehouse._get_lot_day(line.expiration_date)),
            "quantity": line.quantity_product_uom,
            "uom": line.product_id.uom_id.name,
            "bin": line.location_dest_id.display_name,
            "package": line.result_package_id.name or "",
            "held": self._word_holds(line.lot_id, line.location_dest_id)
            or line.arrival_damage
            or "",
        }

    @api.model
    def _word_holds(self, lot, place):
        """Why the goods of ``lot`` in ``place`` are held; holds of other places do not count."""
        holds = lot._get_active_holds() if lot else self.env["stock.lot.hold"]
        here = holds.filtered(
            lambda hold: not hold.location_id or place._child_of(hold.location_id)
        )
        return ", ".join(here.reason_id.mapped("name"))

    @api.model
    def receive_start(self, owner_id, warehouse_id, reference="", uid=None):
        """Make a new receipt for a brand that has not announced its shipment.

        :param int owner_id: the brand.
        :param int warehouse_id: where it came.
        :param str reference: of the shipment, when there is one.
        :param str uid: id that the device gave to this call.
        :return: as ``receive_open``.
        :raises AccessError: when the user may not receive.
        """
        self._check_station_access()
        answer = self._get_earlier_answer(uid)
        if answer:
            return self._get_receipt_state(self._get_receipt(answer["receipt"]["id"]))
        warehouse = self.env["stock.warehouse"].browse(warehouse_id)
        owner = self.env["res.partner"].browse(owner_id)
        if warehouse not in self._get_station_warehouses() or not owner.exists():
            raise UserError(self.env._("Goods are received for a brand, into your warehouses."))
        owner.check_access("read")
        picking = self._create_receipt(warehouse, owner, reference)
        facts = self._get_station_facts(self._get_typed_scan(self.env._("New receipt")))
        state = self._get_receipt_state(picking)
        self._answer_station(
            picking, facts, "read", picking.name, None, uid, receipt=state["receipt"]
        )
        return state

    @api.model
    def _create_receipt(self, warehouse, owner, reference=""):
        picking_type = warehouse.in_type_id
        source = picking_type.default_location_src_id or self.env.ref(
            "stock.stock_location_suppliers"
        )
        return self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": picking_type.default_location_dest_id.id,
                "partner_id": owner.id,
                "owner_id": owner.commercial_partner_id.id,
                "origin": reference or False,
            }
        )

    @api.model
    def receive_scan(
        self, picking_id=False, load=None, barcode=None, values=None, uid=None, device=None
    ):
        """One scan or one answer of the operator while receiving.

        The device keeps the goods in hand (``load``) and sends them along; they are judged anew
        each time. When all is known, the bin's scan receives them.

        :param int picking_id: the receipt; without one the barcode opens it: the name of a
            transfer, an announced pallet, or the label of a brand's goods (its open receipt that
            expects them, else a new one).
        :param dict load: as answered last; None for new goods.
        :param str barcode: what the device sent, untouched.
        :param dict values: instead of a barcode, what was typed, chosen or confirmed: ``lot``,
            ``lot_confirmed``, ``expiry_text``, ``quantity`` (in the product's unit), ``damaged``
            (why), ``pallet``, ``short_confirmed``, ``differs_confirmed``,
            ``unexpected_confirmed``.
        :param str uid: id that the device gave to this call: the same id again gets the first
            answer and receives nothing more.
        :param str device: name of the device, for the evidence.
        :return: ``{"status": "ok"|"ask"|"refused", "code": result of stock.lot.scan, "message",
            "picking_id", "load": goods in hand ({} when they were received), "goods": {"product",
            "lot", "day", "quantity", "uom", "sscc", "notes"} or False, "step":
            "goods"|"question"|"bin", "ask": {"kind": "text"|"number"|"confirm"|"choose",
            "field", ...} or False, "bin": {"id", "name", "barcode", "short", "zone"} or
            False, "receipt": as in
            receive_list or False, "choices": receipts to choose from}``.
        :raises AccessError: when the user may not receive.
        """
        self._check_station_access()
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        values = self._clean_answers(values)
        in_hand = isinstance(load, dict) and bool(load.get("product_id"))
        facts = self._get_station_facts(
            gs1.parse(barcode, lot_only=in_hand)
            if barcode is not None
            else self._get_typed_scan(self._word_values(values))
        )
        picking = self.env["stock.picking"]
        try:
            picking = (
                self._get_receipt(picking_id) if picking_id else self._find_receipt(facts.scan)
            )
        except LotScanStop as stop:
            return self._answer_receipt(
                picking,
                facts,
                stop.code,
                stop.message,
                device,
                uid,
                choices=getattr(stop, "ask", {}).get("choices", []),
            )
        is_name = facts.scan.kind == "text" and picking == self._find_named_receipt(facts.scan)
        if is_name and not in_hand:
            message = self.env._(
                "%(receipt)s is open. Scan its pallets and cartons.", receipt=picking.name
            )
            return self._answer_receipt(picking, facts, "read", message, device, uid)
        return self._receive_scan(picking, facts, load, barcode, values, uid, device)

    @api.model
    def _receive_scan(self, picking, facts, load, barcode, values, uid, device):
        load = self._get_load(picking, load)
        before = dict(load.values)
        more = {"load": {}, "step": "goods"}
        try:
            self._check_receipt_open(picking)
            with self.env.cr.savepoint():
                code, message, more = self._advance(load, facts, barcode, values)
        except StationQuestion as question:
            code, message = question.code, question.message
            more = {"load": load.kept(), "step": "question", "ask": question.ask}
        except LotScanStop as stop:
            code, message = stop.code, stop.message
            more = self._get_place_after_stop(load, before, code)
            more["proposed"] = getattr(stop, "free", None)
        except UserError as error:
            code, message = "not_allowed", str(error)
            more = self._get_place_after_stop(load, before, code)
        return self._answer_receipt(picking, facts, code, message, device, uid, goods=load, **more)

    @api.model
    def _get_place_after_stop(self, load, before, code):
        """Where a refusal leaves the operator: with the goods in hand as they were, or without.

        What may not come in is put aside, so that the next goods can be scanned at once.
        """
        if code in ("wrong_date", "expired", "short_dated", "held", "other_owner", "pallet_known"):
            load.values = {}
            return {"load": {}, "step": "goods"}
        if code == "over_receipt":
            load.values = {**load.values, "quantity": None}
            ask = {"kind": "number", "field": "quantity", "uom": load.product.uom_id.name}
            return {"load": load.kept(), "step": "question", "ask": ask}
        load.values = before
        load.product = load.product.browse(before.get("product_id") or ())
        return {"load": load.kept(), "step": "bin" if self._is_complete(load) else "goods"}

    @api.model
    def _is_complete(self, load):
        return bool(load.product and load["quantity"])

    @api.model
    def _advance(self, load, facts, barcode, values):
        """Take the scan or answer, judge, and receive when the bin is known.

        :return: code, message, further parts of the answer.
        """
        place = self._read_place(load, facts, barcode)
        if not place:
            if barcode is not None:
                self._read_into_load(load, facts.scan)
            self._take_answers(load, values)
        parts = self._split_pallet(load)
        for part in parts:
            self._judge_load(part)
        facts.product, facts.lot = load.product, load.lot
        if not self._needs_bin(load):
            return self._receive_parts(facts, load, parts, load.picking.location_dest_id)
        if place:
            facts.location = place
            self._judge_chosen_bin(parts, place)
            return self._receive_parts(facts, load, parts, place)
        proposed = self._propose_bin(parts)
        return (
            "read",
            self._word_proposed_bin(proposed),
            {"load": load.kept(), "step": "bin", "proposed": proposed},
        )

    @api.model
    def _read_place(self, load, facts, barcode):
        """The bin that was scanned, once there are goods for it."""
        places = self.env["stock.location"]
        if not (load.product or load["pallet"]):
            return places
        scan = facts.scan
        if barcode is None or scan.kind in ("empty", "invalid") or scan.item or scan.sscc:
            return places
        return self._find_station_bin(load.picking, scan.text)

    @api.model
    def _split_pallet(self, load):
        """The goods in hand part by part: several for an announced pallet of several lots."""
        if not load.announced:
            # A device remembers a pallet that somebody else has received meanwhile.
            load["pallet"] = None
        if not load["pallet"]:
            return [load]
        parts = []
        for announced in load.announced:
            part = self._get_load(load.picking, {**load.kept(), "pallet": None})
            part.announced = announced
            self._fill_from_part(part, announced)
            parts.append(part)
        load.product = parts[0].product
        return parts

    @api.model
    def _word_values(self, values):
        """What was typed or tapped, for the evidence."""
        return ", ".join(f"{name}: {value}" for name, value in sorted(values.items())) or "-"

    @api.model
    def _check_receipt_open(self, picking):
        if picking.state in ("done", "cancel"):
            raise LotScanStop(
                "not_this_order",
                self.env._(
                    "%(receipt)s is closed. Go back and choose another receipt, or start a new"
                    " one.",
                    receipt=picking.name,
                ),
            )

    @api.model
    def _answer_receipt(
        self, picking, facts, code, message, device, uid, goods=None, proposed=None, **more
    ):
        more = {
            "load": {},
            "step": "goods",
            "ask": False,
            "choices": [],
            "evidence": {},
            **more,
        }
        if goods and goods.product and not facts.product:
            facts.product, facts.lot = goods.product, goods.lot
        return self._answer_station(
            picking,
            facts,
            code,
            message,
            device,
            uid,
            picking_id=picking.id,
            goods=self._describe_load(goods) if goods else False,
            bin=self._describe_bin(proposed),
            receipt=self._get_receipt_head(picking) if picking else False,
            **more,
        )

    @api.model
    def _describe_load(self, load):
        if not load.product:
            return False
        return {
            "product": load.product.display_name,
            "lot": load.lot_name,
            "day": self._format_day(load.expiry),
            "quantity": load["quantity"] or 0,
            "uom": load.product.uom_id.name,
            "sscc": load["sscc"] or "",
            "damaged": load["damaged"] or "",
            "notes": list(dict.fromkeys(load.notes)),
        }
