from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import gs1
from .stock_lot_scan import STATUSES
from .stock_move_line_verification import VERIFICATION_STATES


class LotScanStop(Exception):
    """The scan is answered: ``code`` is a result of ``stock.lot.scan``."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class LotScanFacts:
    """What is known of a scan so far; it becomes the evidence whatever the answer is.

    ``units`` is what one of the barcode stands for, in the product's unit; ``expected`` are the
    open lines that the scan is measured against and ``takes`` the quantities it verifies.
    """

    scan: gs1.Scan
    quantity: float | None
    product: models.Model
    lot: models.Model
    location: models.Model
    package: models.Model
    expected: models.Model
    units: float = 1.0
    takes: dict | None = None
    bin_first: bool = False


class StockPicking(models.Model):
    """Verification by scan: one call per scan, one answer, one piece of evidence."""

    _inherit = "stock.picking"

    lot_scan_count = fields.Integer(compute="_compute_lot_scan_count")
    lot_verification_state = fields.Selection(
        VERIFICATION_STATES, "Verification", compute="_compute_lot_verification_state"
    )

    def _compute_lot_scan_count(self):
        groups = self.env["stock.lot.scan"]._read_group(
            [("picking_ref", "in", self.ids)], ["picking_ref"], ["__count"]
        )
        counts = dict(groups)
        for picking in self:
            picking.lot_scan_count = counts.get(picking._origin.id, 0)

    @api.depends("move_line_ids.lot_verification_state")
    def _compute_lot_verification_state(self):
        for picking in self:
            picking.lot_verification_state = picking.move_line_ids._sum_up_lot_verification()

    @api.model
    def _forget_lot_verification(self):
        self.invalidate_model(["lot_scan_count", "lot_verification_state"], flush=False)

    def action_view_lot_scans(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("lot_fefo_3pl.stock_lot_scan_action")
        return {**action, "domain": [("picking_ref", "=", self.id)], "context": {}}

    def lot_scan(
        self,
        barcode,
        quantity=None,
        location_barcode=None,
        device=None,
        uid=None,
        product_id=None,
        bin_first=False,
    ):
        """Verify one scan against what is left to pick on this transfer, and record it.

        A refusal is an answer, not an error: it is recorded and nothing else changes. A line whose
        quantity is covered becomes picked.

        :param str barcode: what the device sent, untouched: GS1 element strings, Digital Link,
            GTIN, SSCC, or the name of a lot, a package or a bin
        :param float quantity: units picked, in the product's unit; when omitted, all that is left
            of the line, or what the barcode stands for where the policy wants every unit scanned
        :param str location_barcode: the bin scanned before, if any
        :param str device: name of the device, for the evidence
        :param str uid: id the device gave to this scan: the same id again gets the first answer
            and counts once
        :param int product_id: the product that an answer with ``ask_lot`` named
        :param bool bin_first: ask for the bin before the goods, where the bin has a barcode
        :return: ``{"status": "ok"|"ask"|"refused", "code": result of stock.lot.scan, "message":
            str, "scan_id": id, "product": ..., "lot": ..., "location": ..., "expected": [lines],
            "line": ..., "picking": {"id", "name", "done", "total", "state"}}``. Records are
            ``{"id", "name"}`` (bins also ``barcode``) or False; lines are ``{"id", "product",
            "lot", "location", "package", "quantity", "verified", "remaining", "uom"}`` with
            quantities in the product's unit; ``done`` and ``total`` count lines to be verified
        :raises AccessError: when the user is no Lot Operator
        """
        self.ensure_one()
        self._check_lot_scan_access()
        answer = self.env["stock.lot.scan"]._get_answer(uid, self)
        if answer:
            return answer
        facts = self._get_lot_scan_facts(barcode, quantity, lot_only=bool(product_id))
        facts.bin_first = bin_first
        try:
            code, message = self._judge_lot_scan(facts, location_barcode, product_id)
        except LotScanStop as stop:
            code, message = stop.code, stop.message
        return self._answer_lot_scan(facts, code, message, device=device, client_uid=uid)

    def _check_lot_scan_access(self):
        group = "lot_fefo_3pl.lot_fefo_3pl_group_operator"
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "Only a Lot Operator verifies goods by scan. Ask an administrator for the"
                    " group."
                )
            )
        self.check_access("write")

    def _get_lot_scan_facts(self, barcode, quantity, lot_only):
        return LotScanFacts(
            scan=gs1.parse(barcode, lot_only=lot_only),
            quantity=quantity,
            product=self.env["product.product"],
            lot=self.env["stock.lot"],
            location=self.env["stock.location"],
            package=self.env["stock.package"],
            expected=self._get_lot_scan_lines(),
        )

    def _get_lot_scan_lines(self):
        """The lines that are still to be picked."""
        return self.move_line_ids.filtered(
            lambda line: (
                line.state not in ("done", "cancel")
                and line.product_id.is_storable
                and not line.product_uom_id.is_zero(line.quantity)
            )
        ).sorted(lambda line: (line.location_id.complete_name, line.id))

    # The verdict -----------------------------------------------------------------------------

    def _judge_lot_scan(self, facts, location_barcode, product_id):
        """Find what was scanned and what it verifies; return code and message.

        :raises LotScanStop: with any other answer.
        """
        if self.state in ("done", "cancel"):
            raise LotScanStop(
                "not_this_order",
                self.env._("%(transfer)s is closed: nothing is left to pick.", transfer=self.name),
            )
        self._read_lot_scan_bin(facts, location_barcode)
        self._read_lot_scan(facts, product_id)
        if not facts.product and not facts.package:
            return "bin", self._judge_bin(facts)
        lines = self._match_package(facts) if facts.package else self._match_goods(facts)
        # A write, not only a lock: who scans the same goods at the same time starts again.
        self.env.cr.execute(
            SQL(
                "UPDATE stock_move_line SET write_uid = write_uid WHERE id = ANY(%s)",
                lines.ids,
            )
        )
        # All lines are read at once: the answer counts those that are left.
        self.move_line_ids.mapped("lot_verification_state")
        lines = self._match_bin(facts, lines)
        open_lines = lines.filtered(lambda line: not line._is_lot_covered())
        if not open_lines:
            raise LotScanStop("already_done", self._describe_covered(lines[0]))
        self._check_lot_scan_fit(open_lines)
        facts.takes = self._allot_lot_scan(facts, open_lines)
        facts.expected = open_lines
        line = next(iter(facts.takes))
        facts.product, facts.lot = line.product_id, line.lot_id
        facts.location = line.location_id
        return "ok", self._describe_verified(facts)

    def _judge_bin(self, facts):
        if facts.location not in facts.expected.location_id:
            raise LotScanStop("wrong_bin", self._describe_wrong_bin(facts))
        return self.env._("Bin %(bin)s.", bin=facts.location.display_name)

    def _match_goods(self, facts):
        """The open lines of the scanned product and lot."""
        of_product = facts.expected.filtered(lambda line: line.product_id == facts.product)
        lines = of_product.filtered(lambda line: line.lot_id == facts.lot)
        facts.expected = of_product
        if lines:
            return lines
        self._check_wrong_lot_fit(of_product[0], facts.lot)
        raise LotScanStop(
            "wrong_lot",
            self.env._(
                "Wrong lot %(lot)s. Take %(expected)s. Put %(lot)s back.",
                lot=facts.lot.name,
                expected=self._describe_places(of_product),
            ),
        )

    def _match_package(self, facts):
        """The lines of the scanned package, which must leave whole: its label counts no units."""
        lines = facts.expected.filtered(lambda line: line.package_id == facts.package)
        for line, quants in lines._get_source_quants().items():
            if (
                line.product_id.uom_id.compare(
                    line.quantity_product_uom, sum(quants.mapped("quantity"))
                )
                < 0
            ):
                raise LotScanStop(
                    "ask_lot",
                    self.env._(
                        "Only a part of %(package)s is wanted. Scan the goods themselves.",
                        package=facts.package.name,
                    ),
                )
        return lines

    def _match_bin(self, facts, lines):
        if not facts.location:
            self._check_bin_first(facts, lines)
            return lines
        here = lines.filtered(lambda line: line.location_id == facts.location)
        if not here:
            facts.expected = lines
            raise LotScanStop("wrong_bin", self._describe_wrong_bin(facts))
        return here

    def _check_bin_first(self, facts, lines):
        open_lines = lines.filtered(lambda line: not line._is_lot_covered()) or lines
        if facts.bin_first and open_lines[0].location_id.barcode:
            facts.expected = open_lines
            raise LotScanStop(
                "ask_bin",
                self.env._("Scan the bin first: %(bin)s.", bin=open_lines[0].location_id.name),
            )

    def _get_lot_quants(self, lot):
        """The goods of a lot where this transfer takes goods from."""
        return (
            self.env["stock.quant"]
            .sudo()
            .search([("lot_id", "=", lot.id), ("location_id", "child_of", self.location_id.id)])
        )

    def _check_wrong_lot_fit(self, line, lot):
        """Say more of a wrong lot than that it is another one, when nothing of it is fit."""
        if not line.location_id._is_lot_controlled():
            return
        quants = self._get_lot_quants(lot)
        demand = line.move_id._get_lot_demand(line._get_lot_operation())
        obstacles = self.env["stock.lot.rule"]._get_obstacles(quants, demand)
        reasons = [
            next((found for found in obstacles.get(quant, ()) if found[0] in STATUSES), None)
            for quant in quants
        ]
        if reasons and all(reasons):
            raise self._stop_unfit(lot, *reasons[0])

    def _check_lot_scan_fit(self, lines):
        """Refuse goods that became unfit since they were promised, unless that is overridden."""
        checked = lines._get_lot_checked()
        obstacles = checked._get_lot_obstacles()
        _granted, left = self.env["stock.lot.override"]._match(obstacles)
        for line, found in left.items():
            for code, message, _group in found:
                if code in STATUSES:
                    raise self._stop_unfit(line.lot_id, code, message)
        checked._mark_rotation(obstacles)

    def _stop_unfit(self, lot, code, reason):
        return LotScanStop(
            code,
            self.env._(
                "Lot %(lot)s: %(reason)s. Put it aside.",
                lot=lot.name or self.env._("none"),
                reason=reason,
            ),
        )

    def _allot_lot_scan(self, facts, lines):
        """How much of each line the scan verifies, by line."""
        remaining = {line: line.quantity_product_uom - line.lot_verified_qty for line in lines}
        if facts.package:
            return remaining
        by_unit = lines[0]._get_lot_verification_level() == "unit"
        if by_unit:
            wanted = facts.units * (facts.scan.count or 1)
        elif facts.quantity is None:
            return {lines[0]: remaining[lines[0]]}
        else:
            wanted = facts.quantity
        uom = facts.product.uom_id
        if uom.compare(wanted, 0) <= 0:
            raise LotScanStop("bad_quantity", self.env._("The quantity must be more than zero."))
        total = sum(remaining.values())
        if uom.compare(wanted, total) > 0:
            raise LotScanStop(
                "too_many",
                self.env._(
                    "Too many: %(wanted)g scanned, %(total)g %(uom)s of lot %(lot)s left to pick.",
                    wanted=wanted,
                    total=total,
                    uom=uom.name,
                    lot=facts.lot.name or self.env._("none"),
                ),
            )
        takes = {}
        for line, quantity in remaining.items():
            taken = min(wanted, quantity)
            if uom.compare(taken, 0) > 0:
                takes[line] = taken
                wanted -= taken
        return takes

    # Words -----------------------------------------------------------------------------------

    def _describe_places(self, lines):
        """Where to take what: lots and bins of lines, three at most."""
        places = dict.fromkeys(
            self.env._(
                "lot %(lot)s from %(bin)s",
                lot=line.lot_id.name or self.env._("none"),
                bin=line.location_id.display_name,
            )
            for line in lines
            if not line._is_lot_covered()
        )
        return self.env._(" or ").join(list(places)[:3]) or self.env._("nothing more")

    def _describe_wrong_bin(self, facts):
        return self.env._(
            "Wrong bin %(bin)s. Take %(expected)s.",
            bin=facts.location.display_name,
            expected=self._describe_places(facts.expected),
        )

    def _describe_covered(self, line):
        return self.env._(
            "Lot %(lot)s is complete: %(quantity)g %(uom)s were verified before.",
            lot=line.lot_id.name or self.env._("none"),
            quantity=line.lot_verified_qty,
            uom=line.product_id.uom_id.name,
        )

    def _describe_verified(self, facts):
        return self.env._(
            "%(quantity)g %(uom)s of %(product)s, lot %(lot)s.",
            quantity=sum(facts.takes.values()),
            uom=facts.product.uom_id.name,
            product=facts.product.display_name,
            lot=facts.lot.name or self.env._("none"),
        )
