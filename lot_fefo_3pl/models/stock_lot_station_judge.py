from datetime import date, timedelta

from odoo import api, models

from ..tools.lost_separator import suspects_lost_separator
from ..tools.lot_names import lot_key
from .stock_lot_station_load import StationQuestion
from .stock_picking_scan import LotScanStop


class StockLotStation(models.AbstractModel):
    """Whether the goods in hand may come in, and what is still to be asked about them."""

    _inherit = "stock.lot.station"

    @api.model
    def _judge_load(self, load):
        """Whether everything is known and may come in; the bin is judged apart.

        :raises StationQuestion: for what is missing or doubtful.
        :raises LotScanStop: for what may not come in.
        """
        if not load.product:
            if load.announced and not load["pallet"]:
                raise self._ask_pallet(load)
            raise LotScanStop("ask_product", self.env._("Scan the label of the goods."))
        self._judge_owner(load)
        self._judge_expected(load)
        if load.product.tracking != "none":
            self._judge_lot(load)
        if load.is_dated:
            self._judge_expiry(load)
        self._judge_announced(load)
        self._judge_quantity(load)
        self._judge_held(load)

    @api.model
    def _ask_pallet(self, load):
        parts = [self._describe_part(part) for part in load.announced]
        return StationQuestion(
            "confirm_pallet",
            self.env._(
                "Pallet %(sscc)s was announced with %(parts)s. Is that what stands before you?",
                sscc=load["sscc"],
                parts="; ".join(parts),
            ),
            kind="confirm",
            field="pallet",
            title=self.env._("Announced pallet"),
            lines=parts,
        )

    @api.model
    def _describe_part(self, part):
        words = {
            "quantity": part.quantity,
            "unit": part.uom_id.name,
            "product": part.product_id.display_name,
            "lot": part.lot_name or self.env._("not said"),
            "expiry": self._format_day(part.expiry) or self.env._("not said"),
        }
        return self.env._(
            "%(quantity)g %(unit)s of %(product)s, lot %(lot)s, expiry %(expiry)s", **words
        )

    @api.model
    def _judge_owner(self, load):
        brand, owner = load.product.owner_id.commercial_partner_id, load.picking.owner_id
        if brand and owner and owner.commercial_partner_id != brand:
            raise LotScanStop(
                "other_owner",
                self.env._(
                    "%(product)s belongs to %(brand)s, this receipt is for %(owner)s. Set it aside"
                    " and receive it for its brand.",
                    product=load.product.display_name,
                    brand=brand.display_name,
                    owner=owner.display_name,
                ),
            )

    @api.model
    def _judge_expected(self, load):
        """Goods that an announced or ordered shipment does not name are asked about."""
        expected = load.picking.move_ids.filtered(
            lambda move: move.state != "cancel" and move.product_uom_qty > 0
        ).product_id
        if not expected or load.product in expected or load["unexpected_confirmed"]:
            return
        raise StationQuestion(
            "confirm_product",
            self.env._(
                "%(product)s is not expected with %(receipt)s. Receive it all the same?",
                product=load.product.display_name,
                receipt=load.picking.name,
            ),
            kind="confirm",
            field="unexpected_confirmed",
        )

    @api.model
    def _judge_lot(self, load):
        product, name = load.product, load.lot_name
        if not name:
            raise StationQuestion(
                "ask_lot",
                self.env._(
                    "The label does not name the lot of %(product)s. Scan or type it.",
                    product=product.display_name,
                ),
                kind="text",
                field="lot",
                label=self.env._("Lot number"),
            )
        load.lot = load.picking._find_lot(product, name)
        if load.lot or load["lot_confirmed"]:
            return
        said = load.picking._get_receipt_chain().lot_announcement_ids.filtered(
            lambda part: part.product_id == product and part.lot_name
        )
        if name in said.mapped("lot_name"):
            return
        self._judge_new_lot(load, said)

    @api.model
    def _judge_new_lot(self, load, said):
        """A number that nobody knows: misread, written otherwise, or really new?"""
        product, name = load.product, load.lot_name
        splits = suspects_lost_separator(name, ("01", "10"), load.warehouse._get_lot_today())
        if splits and splits[0].strong:
            raise StationQuestion(
                "suspect_separator",
                self.env._(
                    "The scanner may have lost a separator: %(name)s could be lot %(lot)s. Read"
                    " the label: which lot is it?",
                    name=name,
                    lot=splits[0].lot,
                ),
                **self._ask_which_lot([splits[0].lot, name]),
            )
        announced = (known for known in said.mapped("lot_name") if lot_key(known) == lot_key(name))
        known = next(announced, None) or self.env["stock.lot"]._find_look_alike(product, name)
        if known:
            raise StationQuestion(
                "confirm_lot",
                self.env._(
                    "Lot %(name)s is new and looks like lot %(known)s. Read the label: which lot is"
                    " it?",
                    name=name,
                    known=known,
                ),
                **self._ask_which_lot([known, name]),
            )

    @api.model
    def _ask_which_lot(self, names):
        return {
            "kind": "choose",
            "field": "lot",
            "also": {"lot_confirmed": True},
            "options": [{"value": name, "label": name} for name in names],
        }

    @api.model
    def _judge_expiry(self, load):
        known = load.warehouse._get_lot_day(load.lot.expiration_date) if load.lot else None
        if not load.expiry:
            self._propose_expiry(load, known)
        expiry = load.expiry
        if known and expiry != known:
            raise LotScanStop(
                "wrong_date",
                self.env._(
                    "Lot %(lot)s is known to expire on %(known)s, this says %(expiry)s. Set the"
                    " goods aside and ask a supervisor: one of them is wrong.",
                    lot=load.lot_name,
                    known=self._format_day(known),
                    expiry=self._format_day(expiry),
                ),
            )
        if expiry < load.warehouse._get_lot_today():
            raise LotScanStop(
                "expired",
                self.env._(
                    "Lot %(lot)s expired on %(expiry)s. Do not put it away: set it aside and tell"
                    " %(brand)s.",
                    lot=load.lot_name,
                    expiry=self._format_day(expiry),
                    brand=load.owner.display_name or self.env._("the supplier"),
                ),
            )
        self._judge_life(load)

    @api.model
    def _propose_expiry(self, load, known):
        """The date that is known, or that the day of manufacture leads to, or a question."""
        if known:
            load["expiry"], load["expiry_source"] = known.isoformat(), "known"
            return
        days = load.product.expiration_time
        if not (load["production"] and days):
            raise StationQuestion(
                "ask_date",
                self.env._(
                    "The label does not say when lot %(lot)s expires. Read it and type it.",
                    lot=load.lot_name,
                ),
                **self._ask_date(),
            )
        made = date.fromisoformat(load["production"])
        proposed = made + timedelta(days=days)
        raise StationQuestion(
            "confirm_date",
            self.env._(
                "Made on %(made)s, with %(days)s days of life: lot %(lot)s expires on %(expiry)s."
                " Does the label say so?",
                made=self._format_day(made),
                days=days,
                lot=load.lot_name,
                expiry=self._format_day(proposed),
            ),
            kind="choose",
            field="expiry_text",
            options=[
                {"value": proposed.isoformat(), "label": self._format_day(proposed)},
                {"value": "", "label": self.env._("Another date")},
            ],
        )

    @api.model
    def _ask_date(self):
        return {
            "kind": "text",
            "field": "expiry_text",
            "label": self.env._("Expiry date, like 31 DEC 2027"),
        }

    @api.model
    def _judge_life(self, load):
        short = self.env["stock.lot.arrival"]._judge_life(
            load.warehouse, load.owner, load.product, load.expiry
        )
        if not short:
            return
        words = {
            "lot": load.lot_name,
            "expiry": self._format_day(load.expiry),
            "reason": short.message,
        }
        if short.action == "refuse":
            raise LotScanStop(
                "short_dated",
                self.env._(
                    "Lot %(lot)s expires on %(expiry)s: %(reason)s. Do not receive it: set it"
                    " aside and ask a supervisor.",
                    **words,
                ),
            )
        if short.action == "hold":
            load.notes.append(self.env._("Short-dated: %(reason)s. It comes in on hold.", **words))
        elif not load["short_confirmed"]:
            raise StationQuestion(
                "confirm_life",
                self.env._(
                    "Lot %(lot)s expires on %(expiry)s: %(reason)s. Receive it all the same?",
                    **words,
                ),
                kind="confirm",
                field="short_confirmed",
            )

    @api.model
    def _judge_announced(self, load):
        """A pallet that holds something else than announced is asked about, then received as it
        is; a part of an announced pallet that nobody touched keeps what was announced."""
        parts = load.announced.filtered(lambda part: part.product_id == load.product)
        if not load.announced or load["differs_confirmed"]:
            return
        differences = []
        part = parts.filtered(lambda part: part.lot_name == load.lot_name) or parts[:1]
        if not part:
            differences.append(load.product.display_name)
        elif part.lot_name and part.lot_name != load.lot_name:
            differences.append(self.env._("lot %(lot)s", lot=load.lot_name))
        elif part.expiry and load.expiry and part.expiry != load.expiry:
            differences.append(self.env._("expiry %(day)s", day=self._format_day(load.expiry)))
        if not load["quantity"] and part and not differences:
            load["quantity"] = part[0].quantity
        if differences:
            raise StationQuestion(
                "confirm_difference",
                self.env._(
                    "Pallet %(sscc)s was announced with %(parts)s. The label says %(differences)s."
                    " Receive it as the label says?",
                    sscc=load["sscc"],
                    parts="; ".join(self._describe_part(part) for part in load.announced),
                    differences=", ".join(differences),
                ),
                kind="confirm",
                field="differs_confirmed",
            )

    @api.model
    def _judge_quantity(self, load):
        product = load.product
        expected, received = self._get_expected(load.picking, product)
        if not load["quantity"]:
            if product.tracking == "serial":
                load["quantity"] = 1.0
            else:
                raise StationQuestion(
                    "ask_quantity",
                    self.env._(
                        "How many %(unit)s of %(product)s?",
                        unit=product.uom_id.name,
                        product=product.display_name,
                    ),
                    kind="number",
                    field="quantity",
                    uom=product.uom_id.name,
                    value=max(expected - received, 0.0) or None,
                )
        rules = self.env["stock.lot.arrival"]
        limit = rules._get_limit(load.warehouse, load.owner, product, expected)
        total = received + load["quantity"]
        if limit is not None and product.uom_id.compare(total, limit) > 0:
            message = rules._describe_over(product, total, expected, limit)
            load["quantity"] = None
            raise LotScanStop("over_receipt", message)

    @api.model
    def _judge_held(self, load):
        """Holds that wait for this lot: received on hold, or not at all."""
        holds = self.env["stock.lot.hold"].sudo()
        found = holds.search(
            [
                ("product_id", "=", load.product.id),
                ("is_active", "=", True),
                ("location_id", "=", False),
            ]
        ).filtered(
            lambda hold: (
                (not hold.lot_id and not hold.lot_name)
                or (hold.lot_id and hold.lot_id == load.lot)
                or (hold.lot_name and hold.lot_name == load.lot_name)
            )
        )
        reasons = ", ".join(found.reason_id.mapped("name"))
        if found.filtered("reason_id.block_receive"):
            raise LotScanStop(
                "held",
                self.env._(
                    "Lot %(lot)s is held for %(reasons)s and may not come in. Set it aside and ask"
                    " QA.",
                    lot=load.lot_name or self.env._("none"),
                    reasons=reasons,
                ),
            )
        if found:
            load.notes.append(
                self.env._("On hold for %(reasons)s: it stays held.", reasons=reasons)
            )

    @api.model
    def _get_expected(self, picking, product):
        """How much of ``product`` a receipt expects and has received so far, in its unit."""
        moves = picking.move_ids.filtered(
            lambda move: move.product_id == product and move.state != "cancel"
        )
        received = sum(
            line.quantity_product_uom
            for line in picking.move_line_ids
            if line.product_id == product and line.picked
        )
        return sum(moves.mapped("product_qty")), received
