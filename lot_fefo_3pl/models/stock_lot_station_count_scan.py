from odoo import api, models

from ..tools.lost_separator import suspects_lost_separator
from ..tools.lot_names import display_lot, lot_key
from .stock_picking_scan import LotScanStop


class StockLotStation(models.AbstractModel):
    """What a scan means while a bin is being counted."""

    _inherit = "stock.lot.station"

    @api.model
    def _judge_count_scan(self, count, facts, new_lot, more):
        """Find the goods and enter them; return code and message.

        :param new_lot: what the operator confirmed of an unknown lot: ``name`` and ``expiry``
        :param dict more: gets what the answer has besides
        :raises LotScanStop: with any other answer.
        """
        scan = facts.scan
        if scan.kind in ("empty", "invalid"):
            raise LotScanStop("unreadable", self.env["stock.picking"]._word_unreadable(scan))
        finding = self._identify(scan, facts.product)
        if self._is_place_or_package(count, facts, finding):
            return self._judge_count_place(count, facts, finding)
        self._read_count_product(facts, finding)
        name = self._read_count_lot(facts, finding)
        expiry = None
        if name and not facts.lot:
            expiry = self._judge_new_count_lot(count, facts, name, new_lot, more)
        self._check_count_date(count, facts)
        facts.quantity = self._get_count_quantity(count, facts, finding, name)
        line = count._enter(
            facts.product,
            facts.quantity,
            lot=facts.lot,
            lot_name=name,
            expiry=expiry,
            package=facts.package,
        )
        more["line"] = self._prepare_count_line(line)
        return "counted", self._describe_counted(line)

    # Places ----------------------------------------------------------------------------------

    @api.model
    def _is_place_or_package(self, count, facts, finding):
        """Whether the scan is a bin or a package and nothing that can be counted itself."""
        if facts.scan.item or facts.product:
            if facts.scan.sscc and finding.packages:
                facts.package = finding.packages[:1]
            return False
        return bool(finding.locations or finding.packages or facts.scan.sscc)

    @api.model
    def _judge_count_place(self, count, facts, finding):
        if finding.locations:
            if finding.locations == count.location_id:
                facts.package = self.env["stock.package"]
                return "bin", self.env._("Loose goods in %(bin)s.", bin=count.location_id.name)
            raise LotScanStop(
                "wrong_bin",
                self.env._(
                    "This is %(other)s, you are counting %(bin)s. Finish it first.",
                    other=finding.locations[:1].display_name,
                    bin=count.location_id.display_name,
                ),
            )
        if not finding.packages:
            raise LotScanStop(
                "unknown_barcode",
                self.env._(
                    "Package %(sscc)s is not known here. Count its goods as loose goods, and tell"
                    " a supervisor.",
                    sscc=facts.scan.sscc,
                ),
            )
        facts.package = finding.packages[:1]
        return "package", self.env._(
            "Package %(package)s: scan the goods in it.", package=facts.package.name
        )

    # Goods -----------------------------------------------------------------------------------

    @api.model
    def _read_count_product(self, facts, finding):
        if facts.product and not facts.scan.item:
            return
        products = finding.products or finding.lots.product_id
        if len(products) > 1:
            raise LotScanStop(
                "ask_product",
                self.env._(
                    "%(barcode)s belongs to several products. Scan the label of the product.",
                    barcode=facts.scan.text,
                ),
            )
        if not products:
            raise LotScanStop(
                "unknown_barcode",
                self.env._(
                    "%(barcode)s is no product, lot or package that is known here. Scan another"
                    " label of the goods, or put them aside for a supervisor.",
                    barcode=facts.scan.item or facts.scan.text,
                ),
            )
        facts.product = products
        facts.units = finding.units

    @api.model
    def _read_count_lot(self, facts, finding):
        """The number of the lot, and the lot itself when it is known; None for untracked goods.

        :raises LotScanStop: ``ask_lot`` when the label does not say it.
        """
        if facts.product.tracking == "none":
            return None
        facts.lot = finding.lots.filtered(lambda lot: lot.product_id == facts.product)[:1]
        scan = facts.scan
        name = facts.lot.name or (
            scan.serial if facts.product.tracking == "serial" and scan.serial else scan.lot
        )
        if not name and not scan.item and not finding.products:
            name = scan.text
        if not name:
            raise LotScanStop(
                "ask_lot",
                self.env._(
                    "%(product)s: scan or type the lot.", product=facts.product.display_name
                ),
            )
        return display_lot(name)

    @api.model
    def _judge_new_count_lot(self, count, facts, name, confirmed, more):
        """Let an unknown lot pass only when the operator has confirmed it, once in each count;
        return its expiry.

        :raises LotScanStop: with the question.
        """
        counted = count.line_ids.filtered(
            lambda line: (
                line.product_id == facts.product and line.lot_name == name and line._get_entered()
            )
        )[:1]
        if counted:
            self._check_same_day(name, facts.scan.expiry, counted.lot_expiry)
            return counted.lot_expiry
        more["new_lot"] = {"product_id": facts.product.id, "name": name, "alike": False}
        if confirmed["name"] != name:
            splits = suspects_lost_separator(name, facts.scan.elements or ("10",))
            if splits and splits[0].strong:
                raise LotScanStop(
                    "suspect_separator",
                    self.env._(
                        "The scanner may have lost a separator: %(read)s could be lot %(lot)s. Read"
                        " the label and type the lot.",
                        read=name,
                        lot=splits[0].lot,
                    ),
                )
            raise LotScanStop("confirm_lot", self._ask_new_lot(facts, name, more))
        expiry = facts.scan.expiry or confirmed["expiry"]
        if facts.product.use_expiration_date and not expiry:
            raise LotScanStop(
                "ask_date", self.env._("Lot %(lot)s is new: read its expiry date.", lot=name)
            )
        return expiry

    @api.model
    def _ask_new_lot(self, facts, name, more):
        known = self.env["stock.lot"].search_fetch(
            [("product_id", "=", facts.product.id)], ["name"], order="id desc", limit=5000
        )
        alike = next((lot for lot in known if lot_key(lot.name) == lot_key(name)), None)
        if alike:
            more["new_lot"]["alike"] = alike.name
            return self.env._(
                "Lot %(read)s is unknown but looks like %(lot)s. Read the label again.",
                read=name,
                lot=alike.name,
            )
        return self.env._(
            "%(product)s has no lot %(lot)s. Read the label again: is that really the lot?",
            product=facts.product.display_name,
            lot=name,
        )

    @api.model
    def _check_count_date(self, count, facts):
        """E03: a label of a known lot with another expiry is the label of something else."""
        known = count.warehouse_id._get_lot_day(facts.lot.expiration_date)
        self._check_same_day(facts.lot.name, facts.scan.expiry, known)

    @api.model
    def _check_same_day(self, name, read, known):
        if read and known and read != known:
            raise LotScanStop(
                "wrong_date",
                self.env._(
                    "The label says that lot %(lot)s expires on %(label)s, it is known to expire on"
                    " %(expiry)s. Put the goods aside and ask a supervisor.",
                    lot=name,
                    label=read,
                    expiry=known,
                ),
            )

    @api.model
    def _get_count_quantity(self, count, facts, finding, name):
        """How many units this scan adds.

        :raises LotScanStop: nothing, or a serial number a second time.
        """
        uom = facts.product.uom_id
        quantity = facts.quantity
        if quantity is None:
            quantity = uom.round(finding.units * (facts.scan.count or 1))
        if uom.compare(quantity, 0) <= 0:
            raise LotScanStop("bad_quantity", self.env._("The quantity must be more than zero."))
        if facts.product.tracking == "serial":
            again = count.line_ids.filtered(
                lambda line: (
                    line.product_id == facts.product
                    and line.lot_name == name
                    and line._get_entered()
                )
            )
            if again or uom.compare(quantity, 1) > 0:
                raise LotScanStop(
                    "already_done",
                    self.env._("Serial number %(serial)s is counted already.", serial=name),
                )
        return quantity
