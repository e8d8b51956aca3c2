from odoo import api, models
from odoo.exceptions import UserError

from .rules.deviation import OPERATOR


class SwapProbe(Exception):
    """Carries what stands against goods out of a savepoint that is rolled back."""

    def __init__(self, place, obstacles):
        super().__init__()
        self.place, self.obstacles = place, obstacles


class StockLotStation(models.AbstractModel):
    """Taking another lot at the station: its scan offers it, its second scan takes it."""

    _inherit = "stock.lot.station"

    @api.model
    def pick_swap(
        self,
        kind,
        record_id,
        line_id,
        lot_id,
        barcode,
        location_id=None,
        reason=None,
        credential=None,
        device=None,
        uid=None,
    ):
        """Take another lot for a line and verify it with the scan that confirmed it.

        :param int lot_id: the lot that was offered, and ``location_id`` its bin.
        :param str barcode: the second scan of that lot.
        :param str reason: why, where something stands against the lot.
        :param dict credential: of a supervisor, see ``_find_supervisor``, where one is needed.
        :return: as ``pick_scan``.
        :raises UserError: when the goods cannot be taken.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        line = self._get_walk_line(pickings, line_id)
        answered = self.env["stock.lot.scan"]._get_answer(uid, line.picking_id)
        if not answered:
            approver, denied = self._find_approver(credential, line)
            if denied:
                return {**denied, "walk": self._prepare_walk(kind, record_id, pickings)}
            line._swap_lot(lot_id, location_id, reason, approver)
        answer = line.picking_id.lot_scan(
            barcode,
            location_barcode=line.location_id.barcode,
            product_id=line.product_id.id,
            device=device,
            uid=uid,
        )
        return {**answer, "walk": self._prepare_walk(kind, record_id, pickings)}

    @api.model
    def _prepare_swap_offer(self, pickings, answer, location_barcode, line_id):
        """What the operator may do with a lot that another one was expected for.

        :return: ``{"line_id", "lot_id", "lot", "location_id", "location", "location_barcode",
            "scan_bin", "needs": "nothing" | "reason" | "supervisor", "against": [what stands
            against it]}``, None when nobody may. ``scan_bin`` tells that the lot lies in another
            bin than the one scanned last: that one has to be scanned before it is taken.
        """
        lot_id = answer["status"] == "refused" and answer["lot"] and answer["lot"]["id"]
        line = lot_id and self._get_line_to_swap(pickings, answer, line_id)
        if not line or line.lot_id.id == lot_id:
            return None
        scanned = line.picking_id._find_lot_scan_bin(location_barcode or "-")
        probe = self._probe_swap(line, lot_id, scanned) or (
            scanned and self._probe_swap(line, lot_id, scanned.browse())
        )
        if not probe:
            return None
        place, obstacles = probe
        if not all(obstacle.group for obstacle in obstacles):
            return None
        groups = {obstacle.group for obstacle in obstacles}
        mine = all(self.env.user.has_group(group) for group in groups)
        return {
            "line_id": line.id,
            "lot_id": lot_id,
            "lot": answer["lot"]["name"],
            "location_id": place.id,
            "location": place.display_name,
            "location_barcode": place.barcode or False,
            "scan_bin": bool(place.barcode) and place != scanned,
            "needs": "nothing"
            if not groups
            else "reason"
            if mine or groups == {OPERATOR}
            else "supervisor",
            "against": [obstacle.message for obstacle in obstacles],
        }

    @api.model
    def _probe_swap(self, line, lot_id, location):
        """The bin that the goods would come from and what stands against them; None when they
        cannot be taken. Nothing is changed."""
        try:
            with self.env.cr.savepoint():
                line._swap_goods(lot_id, location.id)
                raise SwapProbe(line.location_id, line._get_lot_obstacles().get(line, []))
        except SwapProbe as probe:
            return probe.place, probe.obstacles
        except UserError:
            return None

    @api.model
    def _get_line_to_swap(self, pickings, answer, line_id):
        """The line that would take the other lot: the present one, else one that is not begun."""
        lines = self._get_walk_lines(pickings).filtered(
            lambda line: (
                line.product_id.id == (answer["product"] or {}).get("id")
                and not line.picked
                and not line.lot_verified_qty
            )
        )
        return (lines.filtered(lambda line: line.id == line_id) or lines)[:1]

    @api.model
    def _get_walk_line(self, pickings, line_id):
        line = pickings.move_line_ids.filtered(lambda line: line.id == line_id)
        if not line:
            raise UserError(self.env._("This line has changed. Look at the list again."))
        return line
