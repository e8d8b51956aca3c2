from odoo import Command, api, models
from odoo.exceptions import UserError


class StockLotStation(models.AbstractModel):
    """Receiving: the bin, the line on the receipt, and the end of the receipt."""

    _inherit = "stock.lot.station"

    # The bin ---------------------------------------------------------------------------------

    @api.model
    def _needs_bin(self, load):
        """Whether these goods go to a bin now; else they wait where the receipt puts them."""
        if load["damaged"]:
            return True
        zone = load.picking.location_dest_id
        inside = [("location_id", "=", zone.id), ("usage", "=", "internal")]
        return bool(self.env["stock.location"].search_count(inside, limit=1))

    @api.model
    def _get_load_goods(self, load):
        """The goods in hand as put-away sees them."""
        goods = load.picking.location_dest_id._get_lot_goods(
            load.product,
            load["quantity"],
            lot_name=load.lot_name,
            expiration_date=load.expiry and load.warehouse._get_lot_day_end(load.expiry),
            owner_id=load.owner.id,
        )
        if load["sscc"]:
            goods.package = f"new {load['sscc']}"
        return goods

    @api.model
    def _get_load_areas(self, load):
        if load["damaged"]:
            return tuple((place.id, 0) for place in self._get_quarantine(load.warehouse))
        none = self.env["stock.package.type"]
        return load.picking.location_dest_id._get_lot_areas(load.product, none)

    @api.model
    def _get_quarantine(self, warehouse):
        """Where goods lie that are not for orders; without such a place the overflow."""
        places = self.env["stock.location"].search(
            [
                ("warehouse_id", "=", warehouse.id),
                ("usage", "=", "internal"),
                ("not_for_orders", "=", True),
            ],
            order="complete_name",
        )
        return places or warehouse.lot_overflow_location_id

    @api.model
    def _get_placeholders(self, picking):
        """The lines that Odoo made for what is expected, of this receipt."""
        return picking.move_line_ids.filtered(lambda line: not line.picked)

    @api.model
    def _get_unborn_lines(self, picking):
        """Lines that keep no bin from what has come: their lot is not known before it comes."""
        others = self.env["stock.move.line"].search(
            [
                ("state", "not in", ("done", "cancel")),
                ("picking_type_id", "=", picking.picking_type_id.id),
                ("picked", "=", False),
                ("lot_id", "=", False),
                ("lot_name", "in", (False, "")),
                ("product_id.tracking", "!=", "none"),
            ]
        )
        return self._get_placeholders(picking) | others

    @api.model
    def _propose_bin(self, parts):
        """The bin for the goods in hand, all parts of a pallet together."""
        load = parts[0]
        excluded = self._get_unborn_lines(load.picking).ids
        bins = self.env["stock.lot.putaway"]
        place = bins._find_free_bin(
            [self._get_load_goods(part) for part in parts],
            self._get_load_areas(load),
            load.warehouse,
            excluded_line_ids=excluded,
        )
        return load.picking.location_dest_id._get_bin_or_overflow(place.id)

    @api.model
    def _judge_chosen_bin(self, parts, place):
        """Refuse a bin that cannot take the goods; name the nearest one that can."""
        load = parts[0]
        excluded = self._get_unborn_lines(load.picking).ids
        bins = self.env["stock.lot.putaway"]
        reason, near = False, place
        zones = self._get_zones(load)
        if not any(place._child_of(zone) for zone in zones):
            near = None
            words = {"bin": place.display_name, "zone": zones[:1].display_name}
            reason = self.env._("%(bin)s is outside %(zone)s", **words)
            if load["damaged"]:
                reason = self.env._("Damaged goods do not go to %(bin)s", **words)
        goods = [self._get_load_goods(part) for part in parts]
        for one in goods:
            reason = reason or bins._judge_bin(one, place, load.warehouse, excluded)
        if not reason:
            self._claim_bin(place)
            return
        free = bins._find_free_bin(
            goods, self._get_load_areas(load), load.warehouse, near, excluded
        )
        raise self._stop_wrong_bin(reason, free, load.warehouse.lot_overflow_location_id)

    @api.model
    def _get_zones(self, load):
        """Where the goods in hand may be put: damaged ones never among goods for orders."""
        if load["damaged"]:
            return self._get_quarantine(load.warehouse)
        return load.picking.location_dest_id | load.warehouse.lot_overflow_location_id

    # Receiving -------------------------------------------------------------------------------

    @api.model
    def _receive_parts(self, facts, load, parts, place):
        lines = self.env["stock.move.line"]
        for part in parts:
            lines |= self._receive_part(part, place)
        line = lines[0]
        facts.lot, facts.location = line.lot_id, place
        notes = list(dict.fromkeys(note for part in parts for note in part.notes))
        quantity = sum(lines.mapped("quantity_product_uom"))
        message = self.env._(
            "%(quantity)g %(unit)s of %(product)s, lot %(lot)s, in %(bin)s.",
            quantity=quantity,
            unit=line.product_id.uom_id.name,
            product=", ".join(lines.product_id.mapped("display_name")),
            lot=", ".join(lines.lot_id.mapped("name")) or self.env._("none"),
            bin=place.display_name,
        )
        done = " ".join([message, *notes])
        load.values = {}
        evidence = {
            "quantity": quantity,
            "uom_id": line.product_id.uom_id.id,
            "move_ref": line.move_id.id,
            "line_ref": line.id,
            "package_name": line.result_package_id.name,
        }
        return "received", done, {"load": {}, "step": "goods", "evidence": evidence}

    @api.model
    def _receive_part(self, load, place):
        """Write the goods down on the receipt, picked, with their lot, pallet and bin."""
        picking, product = load.picking, load.product
        if not picking.owner_id and load.owner:
            picking.owner_id = load.owner
        move = self._get_receipt_move(picking, product, load["quantity"])
        lot = self._find_or_create_lot(load)
        package = self._find_or_create_pallet(load["sscc"])
        self._take_from_expected(picking, product, load["quantity"])
        vals = {
            **move._prepare_move_line_vals(quantity=0),
            "lot_id": lot.id,
            "product_uom_id": product.uom_id.id,
            "quantity": load["quantity"],
            "owner_id": load.owner.id,
            "location_dest_id": place.id,
            "result_package_id": package.id,
            "arrival_damage": load["damaged"],
            "picked": True,
        }
        move.move_line_ids = [Command.create(vals)]
        if load["damaged"]:
            load.notes.append(
                self.env._(
                    "Damaged (%(why)s): on hold in %(bin)s.",
                    why=load["damaged"],
                    bin=place.display_name,
                )
            )
        return move.move_line_ids.sorted("id")[-1]

    @api.model
    def _get_receipt_move(self, picking, product, quantity):
        """The move that expects so much, else the one that expects most, else a new one."""
        moves = picking.move_ids.filtered(
            lambda move: move.product_id == product and move.state not in ("done", "cancel")
        )
        if not moves:
            moves = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": 0,
                    "picking_id": picking.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        if picking.state == "draft":
            picking.action_confirm()
        left = {move: move.product_qty - _sum_picked(move) for move in moves}
        enough = [move for move in moves if product.uom_id.compare(left[move], quantity) >= 0]
        return enough[0] if enough else max(moves, key=left.get)

    @api.model
    def _take_from_expected(self, picking, product, quantity):
        """Lessen the lines that Odoo made for what is expected by what has come."""
        lines = self._get_placeholders(picking).filtered(lambda line: line.product_id == product)
        for line in lines.with_context(lot_fefo_3pl_putaway_later=True):
            left = line.quantity_product_uom - quantity
            if product.uom_id.compare(left, 0) > 0:
                line.quantity = product.uom_id._compute_quantity(left, line.product_uom_id)
                return
            quantity = -left
            line.unlink()

    @api.model
    def _find_or_create_lot(self, load):
        lots = self.env["stock.lot"].with_context(active_picking_id=load.picking.id)
        if load.product.tracking == "none":
            return lots
        moment = load.expiry and load.warehouse._get_lot_day_end(load.expiry)
        if not load.lot:
            vals = {"product_id": load.product.id, "name": load.lot_name}
            if moment:
                vals["expiration_date"] = moment
            return lots.create(vals)
        if moment and not load.lot.expiration_date:
            load.lot._correct(
                {"expiration_date": moment},
                self.env._("Read on the label, receipt %(name)s", name=load.picking.name),
            )
        return load.lot

    @api.model
    def _find_or_create_pallet(self, sscc):
        packages = self.env["stock.package"]
        if not sscc:
            return packages
        found = packages.search([("name", "=", sscc)], limit=1)
        return found or packages.create({"name": sscc})

    @api.model
    def receive_undo(self, picking_id, line_id, uid=None):
        """Take back what was received by mistake, before the receipt is validated.

        :return: as ``receive_open``.
        :raises AccessError: when the user may not receive it.
        :raises UserError: when the line is done or of another receipt.
        """
        picking = self._get_receipt(picking_id)
        if self._get_earlier_answer(uid):
            return self._get_receipt_state(picking)
        line = picking.move_line_ids.filtered(lambda line: line.id == line_id)
        if not line or line.state == "done":
            raise UserError(
                self.env._("This cannot be taken back any more. Ask a supervisor to correct it.")
            )
        facts = self._get_station_facts(self._get_typed_scan(self.env._("Taken back")))
        facts.product, facts.lot, facts.location = (
            line.product_id,
            line.lot_id,
            line.location_dest_id,
        )
        message = self.env._(
            "%(quantity)g of lot %(lot)s taken back.",
            quantity=line.quantity_product_uom,
            lot=line.lot_id.name or self.env._("none"),
        )
        self._answer_station(picking, facts, "taken_back", message, None, uid)
        line.unlink()
        return self._get_receipt_state(picking)

    @api.model
    def receive_validate(self, picking_id, backorder=True, uid=None, device=None):
        """Validate a receipt: what was received comes into stock.

        :param bool backorder: keep what did not come as a receipt of its own; else it is no
            longer expected.
        :return: ``{"status": "ok"|"refused", "code", "message", "backorder": {"id", "name"} or
            False, "next": [{"id", "name"}]}``; next are the transfers that put the goods away.
        :raises AccessError: when the user may not receive it.
        """
        picking = self._get_receipt(picking_id)
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        facts = self._get_station_facts(self._get_typed_scan(self.env._("Validate")))
        code, more = "validated", {"backorder": False, "next": []}
        try:
            with self.env.cr.savepoint():
                more = self._validate_receipt(picking, backorder)
                message = self.env._("%(receipt)s is received.", receipt=picking.name)
        except UserError as error:
            code, message = "not_allowed", str(error)
        return self._answer_station(picking, facts, code, message, device, uid, **more)

    @api.model
    def _validate_receipt(self, picking, backorder):
        self._check_something_picked(picking)
        self._validate_at_station(picking, backorder)
        kept = picking.backorder_ids.filtered(lambda other: other.state not in ("done", "cancel"))
        following = picking.move_ids.move_dest_ids.picking_id
        return {
            "backorder": {"id": kept[0].id, "name": kept[0].name} if kept else False,
            "next": [{"id": one.id, "name": one.name} for one in following],
        }

    @api.model
    def _check_something_picked(self, picking):
        # Odoo would take everything that is expected for done.
        if not picking.move_line_ids.filtered("picked"):
            raise UserError(
                self.env._(
                    "Nothing was scanned for %(transfer)s yet. Scan the goods first.",
                    transfer=picking.name,
                )
            )

    @api.model
    def _validate_at_station(self, picking, backorder):
        """Validate without Odoo's dialogs: their questions were asked on the screen before."""
        result = picking.with_context(
            skip_backorder=True,
            skip_expired=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()
        if result is not True or picking.state != "done":
            raise UserError(
                self.env._(
                    "Odoo asks something before it validates %(transfer)s. Validate it in"
                    " Inventory.",
                    transfer=picking.name,
                )
            )


def _sum_picked(move):
    return sum(line.quantity_product_uom for line in move.move_line_ids if line.picked)
