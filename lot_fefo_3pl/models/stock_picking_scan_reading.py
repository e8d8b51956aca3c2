from odoo import models

from ..tools.lost_separator import suspects_lost_separator
from ..tools.lot_names import lot_key
from .stock_picking_scan import LotScanStop


class StockPicking(models.Model):
    """From what the device sent to the records it stands for, within one transfer."""

    _inherit = "stock.picking"

    def _read_lot_scan_bin(self, facts, location_barcode):
        """Find the bin that was scanned before."""
        if not location_barcode:
            return
        facts.location = self._find_lot_scan_bin(location_barcode)
        if not facts.location:
            raise LotScanStop(
                "wrong_bin",
                self.env._(
                    "No bin has the barcode %(barcode)s. Scan the bin again.",
                    barcode=location_barcode,
                ),
            )

    def _read_lot_scan(self, facts, product_id):
        """Find the product and lot, the package or the bin of the scan."""
        scan = facts.scan
        if scan.kind in ("empty", "invalid"):
            raise LotScanStop("unreadable", self._word_unreadable(scan))
        if product_id:
            facts.product = facts.expected.product_id.filtered(lambda p: p.id == product_id)
        if scan.item:
            self._read_product(facts, scan.item)
        if not facts.product and self._read_place_or_package(facts):
            return
        if not facts.product:
            self._read_text(facts)
        if facts.product not in facts.expected.product_id:
            raise LotScanStop("wrong_product", self._describe_wrong_product(facts))
        if facts.product.tracking != "none" and not facts.lot:
            self._read_lot(facts)
        self._check_label_date(facts)

    def _read_product(self, facts, code):
        """Find the product of a code; among several the one that is wanted."""
        found = self.env["product.product"]._find_by_codes([code], self.company_id)
        products, facts.units = found.get(code, (self.env["product.product"], 1.0))
        wanted = products & facts.expected.product_id
        facts.product = wanted if len(wanted) == 1 else products[:1]

    def _read_place_or_package(self, facts):
        """Whether the scan is a package of this transfer or a bin."""
        scan = facts.scan
        names = {scan.text, scan.sscc, f"00{scan.sscc}"} - {None}
        facts.package = facts.expected.package_id.filtered(lambda package: package.name in names)
        if facts.package:
            return True
        bin_location = self._find_lot_scan_bin(scan.text)
        facts.location = bin_location or facts.location
        return bool(bin_location)

    def _read_text(self, facts):
        """Find a lot of this transfer by its name, else a product by its code."""
        text = facts.scan.text
        lots = facts.expected.lot_id.filtered(lambda lot: lot.name == text)
        if len(lots) > 1 or (lots and self._has_namesakes(lots)):
            raise LotScanStop(
                "ask_product",
                self.env._(
                    "Lot %(lot)s exists for several products. Scan a label that names the product.",
                    lot=text,
                ),
            )
        if lots:
            facts.product, facts.lot = lots.product_id, lots
            return
        if facts.scan.kind == "text":
            self._read_product(facts, text)
        if not facts.product:
            raise self._stop_unknown_text(facts)

    def _has_namesakes(self, lot):
        """E18: whether goods of another product lie here under the same lot name."""
        return bool(
            self.env["stock.quant"].search_count(
                [
                    ("lot_id.name", "=", lot.name),
                    ("product_id", "!=", lot.product_id.id),
                    ("location_id", "child_of", self.location_id.id),
                    ("quantity", ">", 0),
                ],
                limit=1,
            )
        )

    def _stop_unknown_text(self, facts):
        """The answer to what is nothing of this transfer: another lot of its products?"""
        text = facts.scan.text
        if facts.scan.kind == "sscc":
            return LotScanStop("not_this_order", self._describe_strange_package(facts))
        others = self.env["stock.lot"].search(
            [("name", "=", text), ("product_id", "in", facts.expected.product_id.ids)]
        )
        if len(others) == 1:
            facts.product, facts.lot = others.product_id, others
            try:
                self._match_goods(facts)
            except LotScanStop as stop:
                return stop
        alike = [lot for lot in facts.expected.lot_id if lot_key(lot.name) == lot_key(text)]
        if alike:
            return LotScanStop("unknown_lot", self._describe_look_alike(text, alike[0]))
        return LotScanStop("unknown_barcode", self._describe_unknown(facts))

    def _read_lot(self, facts):
        """Find the lot of the product, or say what stands in the way."""
        scan = facts.scan
        serial = facts.product.tracking == "serial" and scan.serial
        name = serial or scan.lot or (scan.kind in ("text", "sscc", "gtin") and scan.text)
        if scan.item and not (serial or scan.lot):
            name = None
        if not name or facts.product._find_by_codes([name], self.company_id).get(name):
            raise LotScanStop(
                "ask_lot",
                self.env._(
                    "%(product)s: scan or type the lot.", product=facts.product.display_name
                ),
            )
        facts.lot = self._find_lot(facts.product, name)
        if not facts.lot:
            raise self._stop_unknown_lot(facts, name)

    def _find_lot(self, product, name):
        return self.env["stock.lot"].search(
            [
                ("product_id", "=", product.id),
                ("name", "=", name),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            limit=1,
        )

    def _stop_unknown_lot(self, facts, name):
        """The answer to a lot that the product does not have: perhaps a label read badly."""
        facts.expected = facts.expected.filtered(lambda line: line.product_id == facts.product)
        splits = suspects_lost_separator(name, facts.scan.elements or ("10",))
        known = [split for split in splits if self._find_lot(facts.product, split.lot)]
        if known or (splits and splits[0].strong):
            return LotScanStop(
                "suspect_separator",
                self.env._(
                    "The scanner may have lost a separator: %(read)s could be lot %(lot)s. Read the"
                    " label and type the lot.",
                    read=name,
                    lot=(known or splits)[0].lot,
                ),
            )
        alike = self.env["stock.lot"]._find_look_alike(facts.product, name)
        if alike:
            lot = self._find_lot(facts.product, alike)
            return LotScanStop("unknown_lot", self._describe_look_alike(name, lot))
        return LotScanStop(
            "unknown_lot",
            self.env._(
                "%(product)s has no lot %(lot)s. Take %(expected)s.",
                product=facts.product.display_name,
                lot=name,
                expected=self._describe_places(facts.expected),
            ),
        )

    def _check_label_date(self, facts):
        """E03: a label of a known lot with another expiry is the label of something else."""
        warehouse = facts.expected[:1].move_id._get_lot_warehouse()
        if not (facts.scan.expiry and facts.lot.expiration_date and warehouse):
            return
        expiry = warehouse._get_lot_day(facts.lot.expiration_date)
        if facts.scan.expiry != expiry:
            raise LotScanStop(
                "wrong_date",
                self.env._(
                    "The label says that lot %(lot)s expires on %(label)s, it is known to expire on"
                    " %(expiry)s. Ask a supervisor.",
                    lot=facts.lot.name,
                    label=facts.scan.expiry,
                    expiry=expiry,
                ),
            )

    def _find_lot_scan_bin(self, barcode):
        return self.env["stock.location"].search(
            [("barcode", "=", barcode), ("company_id", "in", [False, self.company_id.id])], limit=1
        )

    # Words -----------------------------------------------------------------------------------

    def _describe_wrong_product(self, facts):
        return self.env._(
            "%(product)s is not wanted here. Take %(expected)s.",
            product=facts.product.display_name,
            expected=self._describe_places(facts.expected),
        )

    def _describe_strange_package(self, facts):
        return self.env._(
            "Package %(sscc)s is not in %(transfer)s. Take %(expected)s.",
            sscc=facts.scan.sscc,
            transfer=self.name,
            expected=self._describe_places(facts.expected),
        )

    def _describe_unknown(self, facts):
        return self.env._(
            "%(barcode)s is no product, lot, package or bin that is known here.",
            barcode=facts.scan.item or facts.scan.text,
        )

    def _describe_look_alike(self, name, lot):
        return self.env._(
            "Lot %(read)s is unknown but looks like %(lot)s. Scan its label, do not type it.",
            read=name,
            lot=lot.name,
        )

    def _word_unreadable(self, scan):
        """Say what is wrong with a label; the codes are those of ``tools.gs1.ERRORS``."""
        if scan.kind == "empty":
            return self.env._("Nothing was scanned.")
        code, detail = scan.errors[0]
        words = {
            "bad_character": self.env._("a character that such a label cannot have"),
            "bad_date": self.env._("a date that does not exist"),
            "bad_format": self.env._("a value of the wrong form"),
            "bad_link": self.env._("a damaged address"),
            "check_digit": self.env._("a wrong check digit"),
            "conflict": self.env._("two different values for one thing"),
            "excluded_pair": self.env._("two values that exclude each other"),
            "link_order": self.env._("the lot or serial in the wrong place of the address"),
            "needs_content": self.env._("a count without contents"),
            "needs_count": self.env._("contents without their count"),
            "needs_item": self.env._("a lot or date without its product"),
            "not_a_gtin": self.env._("a product code that is none"),
            "no_data": self.env._("nothing in it"),
            "too_long": self.env._("a value that is too long"),
            "unknown_ai": self.env._("an unknown identifier"),
        }
        return self.env._(
            "The label cannot be trusted, it has %(what)s (%(detail)s). Scan another label of the"
            " goods, or put them aside.",
            what=words[code],
            detail=detail,
        )
