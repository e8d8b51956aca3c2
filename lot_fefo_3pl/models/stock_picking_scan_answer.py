from odoo import models

from .stock_lot_scan import STATUSES


class StockPicking(models.Model):
    """What a scan is answered and the evidence that stays of it."""

    _inherit = "stock.picking"

    def _answer_lot_scan(self, facts, code, message, device, client_uid):
        """Record the scan and return its answer."""
        takes = facts.takes or {}
        answer = self._prepare_lot_scan_answer(facts, code, message)
        common = self._prepare_lot_scan_vals(facts, code, message, device)
        rows = [
            {
                **common,
                "product_id": line.product_id.id,
                "lot_id": line.lot_id.id,
                "location_id": line.location_id.id,
                "quantity": quantity,
                "uom_id": line.product_id.uom_id.id,
                "move_ref": line.move_id.id,
                "line_ref": line.id,
                "owner_ref": line.owner_id.id,
                "expected_product_id": line.product_id.id,
                "expected_lot_id": line.lot_id.id,
                "expected_location_id": line.location_id.id,
            }
            for line, quantity in takes.items()
        ] or [common]
        rows[0].update(client_uid=client_uid or False, answer=answer)
        scans = self.env["stock.lot.scan"]._record(rows)
        taken = self.env["stock.move.line"].union(*takes)
        # What the scan verifies is looked at anew, not the whole transfer.
        taken.with_prefetch(taken._ids).filtered(
            lambda line: not line.picked and line._is_lot_covered()
        ).picked = True
        return {**answer, "scan_id": scans[0].id}

    def _prepare_lot_scan_vals(self, facts, code, message, device):
        scan, expected = facts.scan, facts.expected[:1]
        return {
            "user_id": self.env.uid,
            "device": device,
            "company_id": self.company_id.id,
            "barcode": _storable(scan.raw) or "-",
            "symbology": scan.symbology,
            "kind": scan.kind,
            "gtin": scan.item,
            "lot_name": scan.lot,
            "serial": scan.serial,
            "sscc": scan.sscc,
            "expiry": scan.expiry,
            "label_count": scan.count,
            "result": code,
            "message": message,
            "product_id": facts.product.id,
            "lot_id": facts.lot.id,
            "location_id": facts.location.id,
            "package_name": facts.package.name,
            "expected_product_id": expected.product_id.id,
            "expected_lot_id": expected.lot_id.id,
            "expected_location_id": expected.location_id.id,
            "owner_ref": facts.lot.owner_id.id,
            "picking_ref": self.id,
            "picking_name": self.name,
        }

    def _prepare_lot_scan_answer(self, facts, code, message):
        takes = facts.takes or {}
        to_verify = self.move_line_ids.filtered(
            lambda line: line.lot_verification_state != "not_required"
        )
        # Of the lines that the scan leaves alone, the state says whether they are covered.
        uncovered = [
            line
            for line in to_verify
            if (
                line.product_id.uom_id.compare(
                    line.lot_verified_qty + takes[line], line.quantity_product_uom
                )
                < 0
                if line in takes
                else line.lot_verification_state != "verified"
            )
        ]
        lines = [
            self._prepare_lot_scan_line(line, takes.get(line, 0)) for line in facts.expected[:10]
        ]
        first = next(iter(takes), None)
        return {
            "status": STATUSES[code],
            "code": code,
            "message": message,
            "product": _reference(facts.product),
            "lot": _reference(facts.lot),
            "location": _reference(facts.location, "barcode"),
            "expected": lines,
            "line": self._prepare_lot_scan_line(first, takes[first]) if first else False,
            "picking": {
                "id": self.id,
                "name": self.name,
                "state": self.state,
                "done": len(to_verify) - len(uncovered),
                "total": len(to_verify),
            },
        }

    def _prepare_lot_scan_line(self, line, taken):
        verified = line.lot_verified_qty + taken
        return {
            "id": line.id,
            "product": _reference(line.product_id),
            "lot": _reference(line.lot_id),
            "location": _reference(line.location_id, "barcode"),
            "package": line.package_id.name,
            "quantity": line.quantity_product_uom,
            "verified": verified,
            "remaining": max(line.quantity_product_uom - verified, 0.0),
            "uom": line.product_id.uom_id.name,
        }


def _reference(record, *names):
    """A record as the client gets it, with further fields on request."""
    if not record:
        return False
    return {
        "id": record.id,
        "name": record.display_name,
        **{name: record[name] or False for name in names},
    }


def _storable(text):
    """The text as PostgreSQL can store it: neither NUL nor half a surrogate pair."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
