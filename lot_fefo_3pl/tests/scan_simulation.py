"""Pickers who make mistakes: random goods in hand, random labels, and what became of them."""

import random
from collections import Counter
from datetime import timedelta

from odoo import fields

from odoo.addons.lot_fefo_3pl.tools import gs1

GS = "\x1d"
PRODUCTS = 3
LOTS = 4


class ScanSimulation:
    """A warehouse with goods that are easily confused, and pickers with a seed.

    A picker holds goods, scans something, and puts the goods into the box when the screen is
    green. At the end every box is compared with what the system says has left. The goods in hand
    are the truth: the system only ever sees the text.

    :param case: a ``LotControlCommon`` test.
    :param int seed: the same seed makes the same mistakes.
    """

    def __init__(self, case, seed):
        self.case, self.env = case, case.env
        self.random = random.Random(seed)
        self.scans = 0
        self.results = Counter()
        self.faults = Counter()
        self.wrong = []
        self.boxes = {}
        self._fill_warehouse()

    # The warehouse ----------------------------------------------------------------------------

    def _fill_warehouse(self):
        """Lot names that differ in one character, the same names in two brands, bad neighbours."""
        case = self.case
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", case.warehouse.id)])
        policy.write({"deviation": "force", "verification": "unit"})
        self.policy = policy
        products = (case.vitamin, case.magnesium, case.cream)[:PRODUCTS]
        names = ("L2601A", "L2610A", "L2601B", "L2601AB")
        places = self.env["stock.location"].create(
            [
                {
                    "name": f"S-{number:02}",
                    "location_id": case.stock.id,
                    "barcode": f"TPL-S-{number:02}",
                }
                for number in range(len(products) * (len(names) + 2))
            ]
        )
        self.places = iter(places)
        self.goods = []
        for product in products:
            for number, name in enumerate(names):
                self._stock(product, name, 100 + 30 * number, 100000)
            held = self._stock(product, "H-1", 400, 50)
            self.env["stock.lot.hold"]._hold(held, self.env.ref("lot_fefo_3pl.hold_reason_damaged"))
            expired = self._stock(product, "X-1", 400, 50)
            expired.expiration_date = fields.Datetime.now() - timedelta(days=9)

    def _stock(self, product, name, days, quantity):
        lot = self.case._lot(product, name, days=days)
        place = next(self.places)
        self.case._receive(lot, quantity, place)
        self.goods.append((lot, place))
        return lot

    # Picking ----------------------------------------------------------------------------------

    def run(self, scans):
        """Pick deliveries until ``scans`` scans were made; validate what is in each box."""
        while self.scans < scans:
            self.policy.verification = self.random.choice(["unit", "line"])
            delivery = self.case._delivery(
                [
                    (product, self.random.randint(1, 4))
                    for product in self.random.sample(
                        [self.case.vitamin, self.case.magnesium], self.random.randint(1, 2)
                    )
                ]
            )
            self._pick(delivery, scans)
            self._finish(delivery)
            # Each delivery is a request of its own; what one request remembers slows down the next.
            self.env.flush_all()
            self.env.invalidate_all()
        return self

    def _pick(self, delivery, scans):
        box = self.boxes[delivery] = Counter()
        for _attempt in range(60):
            lines = delivery.move_line_ids.filtered(lambda line: not line._is_lot_covered())
            if not lines or self.scans >= scans:
                return
            self._scan(delivery, self.random.choice(lines), box)

    def _scan(self, delivery, line, box):
        """One scan: goods in hand, a text, an answer, and what the picker does then."""
        if self.random.random() < 0.5:
            lot, place = line.lot_id, line.location_id
        else:
            lot, place = self.random.choice(self.goods)
        fault = self.random.choice(list(FAULTS)) if self.random.random() < 0.5 else None
        text = self._label(lot)
        if fault:
            text = FAULTS[fault](self, text, lot)
            if self._means_other_goods(text, lot):
                return
        location = place if self.random.random() < 0.9 else self.random.choice(self.goods)[1]
        quantity = self.random.choice([None, None, None, 1, 2, 5, 0, -1])
        uid = f"sim-{self.scans}"
        for _sent in range(2 if self.random.random() < 0.1 else 1):
            answer = delivery.with_user(self.case.operator).lot_scan(
                text, quantity=quantity, location_barcode=location.barcode, uid=uid
            )
        self.scans += 1
        self.results[answer["code"]] += 1
        self.faults[fault or "none"] += 1
        if answer["code"] == "ok":
            self._put_into_box(answer, lot, line, box)

    def _put_into_box(self, answer, lot, line, box):
        scan = self.env["stock.lot.scan"].browse(answer["scan_id"])
        box[lot] += scan.quantity
        expected = line.picking_id.move_line_ids.lot_id
        if lot not in expected or scan.lot_id != lot:
            self.wrong.append((scan.barcode, lot.name, scan.lot_id.name))

    def _finish(self, delivery):
        """Validate as an impatient picker does: with everything marked as picked."""
        for line in delivery.move_line_ids:
            if not line._is_lot_covered():
                line.quantity = line.lot_verified_qty
        if not any(delivery.move_line_ids.mapped("quantity")):
            delivery.action_cancel()
        else:
            delivery.move_ids.picked = True
            delivery.with_context(skip_backorder=True).button_validate()
            delivery.backorder_ids.action_cancel()
        left = Counter()
        for line in delivery.move_line_ids.filtered(lambda line: line.state == "done"):
            left[line.lot_id] += line.quantity_product_uom
        box = Counter({lot: units for lot, units in self.boxes.pop(delivery).items() if units})
        if left != box:
            self.wrong.append((delivery.name, dict(left), dict(box)))

    # Labels -----------------------------------------------------------------------------------

    def _label(self, lot):
        """One of the forms in which the label of a lot reaches us."""
        gtin = lot.product_id.barcode.zfill(14)
        day = self.case.warehouse._get_lot_day(lot.expiration_date).strftime("%y%m%d")
        return self.random.choice(
            [
                gs1.element_string({"01": gtin, "10": lot.name}, "]C1"),
                f"]d201{gtin}17{day}10{lot.name}",
                f"01{gtin}10{lot.name}{GS}17{day}",
                f"(01){gtin}(17){day}(10){lot.name}",
                f"https://id.gs1.org/01/{gtin}/10/{lot.name}?17={day}",
            ]
        )

    def _means_other_goods(self, text, lot):
        """Whether a fault made the perfect label of other goods: nobody could tell by the text."""
        try:
            scan = gs1.parse(text)
        except ValueError:
            return False
        return any(
            other != lot
            and scan.lot == other.name
            and (scan.item or "").zfill(14) == other.product_id.barcode.zfill(14)
            for other, _place in self.goods
        )


def _swap_characters(sim, text, lot):
    position = sim.random.randrange(len(text) - 1)
    return text[:position] + text[position + 1] + text[position] + text[position + 2 :]


def _replace_character(sim, text, lot):
    position = sim.random.randrange(len(text))
    return text[:position] + sim.random.choice("0O1Il58SBZ2") + text[position + 1 :]


FAULTS = {
    "characters swapped": _swap_characters,
    "character replaced": _replace_character,
    "cut off": lambda sim, text, lot: text[: sim.random.randrange(len(text))],
    "separator lost": lambda sim, text, lot: text.replace(GS, ""),
    "other case": lambda sim, text, lot: text.swapcase(),
    "blank added": lambda sim, text, lot: f"{text} ",
    "product only": lambda sim, text, lot: lot.product_id.barcode,
    "lot only": lambda sim, text, lot: lot.name,
    "read twice in one": lambda sim, text, lot: text + text,
    "noise": lambda sim, text, lot: "".join(
        chr(sim.random.randrange(32, 127)) for _ in range(sim.random.randrange(1, 40))
    ),
}
