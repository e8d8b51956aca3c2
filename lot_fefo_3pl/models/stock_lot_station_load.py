from dataclasses import dataclass, field
from datetime import date

from odoo import api, models

from ..tools import gs1
from ..tools.lot_names import display_lot
from ..tools.typed_date import read_typed_date
from .stock_picking_scan import LotScanStop

LARGEST = 10**9
# What the device keeps of the goods in hand and sends with each scan; everything else is looked
# up and judged anew each time.
KEPT = {
    "product_id": int,
    "units": float,
    "lot": str,
    "lot_confirmed": bool,
    "expiry": date,
    "expiry_source": str,
    "production": date,
    "quantity": float,
    "sscc": str,
    "pallet": bool,
    "differs_confirmed": bool,
    "short_confirmed": bool,
    "unexpected_confirmed": bool,
    "damaged": str,
}
CONFIRMATIONS = tuple(name for name, kind in KEPT.items() if kind is bool)


def clean(name, value):
    """``value`` of the goods in hand as the device sent it, or None when it makes no sense."""
    kind = KEPT[name]
    if kind is bool:
        return value is True or None
    if kind is date:
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            return None
    if kind is str:
        return value if isinstance(value, str) else None
    if kind is int:
        return value if is_id(value) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < LARGEST else None


def is_id(value):
    """Whether the device may mean a record by ``value``."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST


class StationQuestion(LotScanStop):
    """The goods cannot go on before somebody answers; ``ask`` tells the screen what to ask."""

    def __init__(self, code, message, **ask):
        super().__init__(code, message)
        self.ask = ask


@dataclass
class StationLoad:
    """The goods in hand: what has been read and said of them so far."""

    picking: models.Model
    warehouse: models.Model
    product: models.Model
    lot: models.Model
    announced: models.Model
    values: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    def __getitem__(self, name):
        return self.values.get(name)

    def __setitem__(self, name, value):
        self.values[name] = value

    @property
    def expiry(self):
        return date.fromisoformat(self["expiry"]) if self["expiry"] else None

    @property
    def lot_name(self):
        return self["lot"] or ""

    @property
    def owner(self):
        owner = self.picking.owner_id or self.product.owner_id
        return owner.commercial_partner_id

    @property
    def is_dated(self):
        return self.product.tracking != "none" and self.product.use_expiration_date

    def kept(self):
        return {name: self.values[name] for name in KEPT if self.values.get(name)}


class StockLotStation(models.AbstractModel):
    """Reading labels and answers into the goods in hand."""

    _inherit = "stock.lot.station"

    @api.model
    def _get_load(self, picking, values):
        """The goods in hand as the device sent them; unknown or foreign ids count as nothing."""
        values = values if isinstance(values, dict) else {}
        values = {name: clean(name, values.get(name)) for name in KEPT}
        product = self.env["product.product"].browse(values["product_id"] or ()).exists()
        load = StationLoad(
            picking=picking,
            warehouse=picking.picking_type_id.warehouse_id,
            product=product,
            lot=self.env["stock.lot"],
            announced=self.env["stock.lot.announcement"],
            values=values,
        )
        if load["sscc"]:
            load.announced = self._find_announced(picking, load["sscc"])
        return load

    @api.model
    def _find_announced(self, picking, sscc):
        parts = picking._get_receipt_chain().lot_announcement_ids
        return parts.filtered(lambda part: part.sscc == sscc)

    # Scans -----------------------------------------------------------------------------------

    @api.model
    def _read_into_load(self, load, scan):
        """Take what a label says of the goods in hand.

        :raises LotScanStop: when it cannot be used, or says otherwise than what is known.
        """
        picking = load.picking
        if scan.kind in ("empty", "invalid"):
            raise LotScanStop("unreadable", picking._word_unreadable(scan))
        if scan.sscc:
            self._take_pallet(load, scan.sscc)
        if scan.item or (scan.kind == "text" and not load.product):
            self._take_product(load, scan.item or scan.text, scan)
        elif scan.kind == "text":
            self._take_text(load, scan)
            return
        if not load.product:
            return
        name = scan.serial if load.product.tracking == "serial" and scan.serial else scan.lot
        if name:
            self._take_lot(load, name)
        if scan.production:
            load["production"] = scan.production.isoformat()
        expiry = scan.expiry or scan.best_before
        if expiry and load.is_dated:
            self._take_expiry(load, expiry, "label")
        if scan.count:
            self._take_quantity(load, load.product.uom_id.round(scan.count * (load["units"] or 1)))

    @api.model
    def _take_pallet(self, load, sscc):
        if load["sscc"] and load["sscc"] != sscc:
            raise LotScanStop(
                "contradiction",
                self.env._(
                    "This is pallet %(other)s, you are receiving pallet %(sscc)s. Finish it first,"
                    " or start anew.",
                    other=sscc,
                    sscc=load["sscc"],
                ),
            )
        self._check_pallet_new(load, sscc)
        load["sscc"] = sscc
        load.announced = self._find_announced(load.picking, sscc)

    @api.model
    def _check_pallet_new(self, load, sscc):
        package = self.env["stock.package"].search([("name", "=", sscc)], limit=1)
        if package.quant_ids.filtered(lambda quant: quant.quantity > 0):
            raise LotScanStop(
                "pallet_known",
                self.env._(
                    "Pallet %(sscc)s is here already, in %(bin)s. A pallet number comes once: set"
                    " it aside and ask a supervisor.",
                    sscc=sscc,
                    bin=package.location_id.display_name,
                ),
            )
        lines = load.picking.move_line_ids.filtered(
            lambda line: line.picked and line.result_package_id.name == sscc
        )
        if lines and not load["sscc"] and self._find_announced(load.picking, sscc):
            raise LotScanStop(
                "already_done",
                self.env._(
                    "Pallet %(sscc)s is received already, for %(bin)s.",
                    sscc=sscc,
                    bin=lines[0].location_dest_id.display_name,
                ),
            )

    @api.model
    def _take_product(self, load, code, scan):
        found = self.env["product.product"]._find_by_codes([code], load.picking.company_id)
        products, units = found.get(code, (self.env["product.product"], 1.0))
        if len(products) > 1:
            expected = load.picking.move_ids.product_id | load.announced.product_id
            products = products & expected or products
            products = products.filtered(lambda p: p.owner_id == load.picking.owner_id) or products
        if not products:
            raise self._stop_unknown_product(load, code, scan)
        product = products[0]
        if load.product and product != load.product:
            raise LotScanStop(
                "wrong_product",
                self.env._(
                    "This is %(other)s, you are receiving %(product)s. Finish it first, or start"
                    " anew.",
                    other=product.display_name,
                    product=load.product.display_name,
                ),
            )
        load.product = product
        load["product_id"] = product.id
        load["units"] = units

    @api.model
    def _stop_unknown_product(self, load, code, scan):
        if not scan.item and self._find_station_bin(load.picking, scan.text):
            return LotScanStop(
                "ask_product", self.env._("Scan the label of the goods first, then the bin.")
            )
        return LotScanStop(
            "unknown_barcode",
            self.env._(
                "No product has the barcode %(code)s. Set the goods aside and ask a supervisor to"
                " add the barcode; go on with the next goods.",
                code=code,
            ),
        )

    @api.model
    def _take_text(self, load, scan):
        """A plain barcode while the product is known: its lot, when that is still missing."""
        if load.product.tracking != "none" and not load.lot_name:
            self._take_lot(load, scan.text)
            return
        if scan.text == load.lot_name:
            return
        found = self.env["product.product"]._find_by_codes([scan.text], load.picking.company_id)
        if load.product in found.get(scan.text, (load.product.browse(), 1))[0]:
            return
        raise LotScanStop(
            "unknown_barcode",
            self.env._(
                "%(barcode)s is no bin that is known here. Scan the bin again, or type its name.",
                barcode=scan.text,
            ),
        )

    @api.model
    def _take_lot(self, load, name):
        name = display_lot(name)
        if load.product.tracking == "none":
            return
        if load.lot_name and load.lot_name != name:
            raise self._stop_contradiction(self.env._("lot"), load.lot_name, name)
        if load.lot_name != name:
            load["lot_confirmed"] = False
        load["lot"] = name

    @api.model
    def _take_expiry(self, load, expiry, source):
        if load.expiry and load.expiry != expiry and load["expiry_source"] == "label":
            raise self._stop_contradiction(self.env._("expiry date"), load.expiry, expiry)
        load["expiry"], load["expiry_source"] = expiry.isoformat(), source

    @api.model
    def _take_quantity(self, load, quantity):
        if load["quantity"] and load["quantity"] != quantity:
            raise self._stop_contradiction(self.env._("quantity"), load["quantity"], quantity)
        load["quantity"] = quantity

    @api.model
    def _stop_contradiction(self, what, first, second):
        return LotScanStop(
            "contradiction",
            self.env._(
                "The %(what)s was %(first)s, this label says %(second)s. Check the goods and start"
                " anew.",
                what=what,
                first=first,
                second=second,
            ),
        )

    # Answers of the operator -----------------------------------------------------------------

    @api.model
    def _clean_answers(self, values):
        """What somebody typed, chose or confirmed, without what makes no sense."""
        values = values if isinstance(values, dict) else {}
        texts = {
            name: display_lot(values[name])
            for name in ("lot", "expiry_text", "damaged")
            if isinstance(values.get(name), str)
        }
        confirmed = {name: True for name in CONFIRMATIONS if values.get(name) is True}
        quantity = {"quantity": values["quantity"]} if "quantity" in values else {}
        return {**texts, **confirmed, **quantity}

    @api.model
    def _take_answers(self, load, values):
        """What somebody typed, chose or confirmed: see ``receive_scan``."""
        if values.get("pallet"):
            self._take_announced(load)
        if not load.product:
            return
        if values.get("lot"):
            # The answer may be scanned: then it is a label.
            label = gs1.parse(values["lot"], lot_only=True)
            if label.kind in ("gs1", "digital_link"):
                self._read_into_load(load, label)
                return
            load["lot"], load["lot_confirmed"] = values["lot"], values.get("lot_confirmed")
        if values.get("expiry_text"):
            self._take_typed_date(load, values["expiry_text"])
        if "quantity" in values:
            self._take_typed_quantity(load, values["quantity"])
        if "damaged" in values:
            load["damaged"] = values["damaged"]
        for name in CONFIRMATIONS:
            if values.get(name) and name != "pallet":
                load[name] = True

    @api.model
    def _take_announced(self, load):
        """The pallet is what was announced. One with several lots is received part by part."""
        if len(load.announced) > 1:
            load["pallet"] = True
            return
        for part in load.announced:
            self._fill_from_part(load, part)

    @api.model
    def _fill_from_part(self, load, part):
        load.product, load["product_id"] = part.product_id, part.product_id.id
        load["lot"], load["lot_confirmed"] = part.lot_name or None, bool(part.lot_name)
        if part.expiry:
            load["expiry"], load["expiry_source"] = part.expiry.isoformat(), "announced"
        load["quantity"] = part.quantity

    @api.model
    def _take_typed_date(self, load, text):
        days = read_typed_date(text, load.warehouse._get_lot_today())
        if not days:
            raise StationQuestion(
                "bad_date",
                self.env._("%(text)s is no date. Write it like 31 DEC 2027.", text=text),
                **self._ask_date(),
            )
        if len(days) > 1:
            raise StationQuestion(
                "confirm_date",
                self.env._("%(text)s can be read in several ways. Which day is it?", text=text),
                kind="choose",
                field="expiry_text",
                options=[
                    {"value": day.isoformat(), "label": self._format_day(day)} for day in days
                ],
            )
        load["expiry"], load["expiry_source"] = days[0].isoformat(), "typed"

    @api.model
    def _take_typed_quantity(self, load, quantity):
        uom = load.product.uom_id
        if not clean("quantity", quantity):
            raise LotScanStop("bad_quantity", self.env._("The quantity must be more than zero."))
        if uom.compare(uom.round(quantity), quantity):
            raise LotScanStop(
                "bad_quantity",
                self.env._(
                    "%(quantity)g is no quantity in %(unit)s.", quantity=quantity, unit=uom.name
                ),
            )
        load["quantity"] = float(quantity)
