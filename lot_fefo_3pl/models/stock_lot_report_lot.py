from odoo import api, models
from odoo.fields import Domain

from ..tools.mass_balance import IN_TERMS, OUT_TERMS
from .stock_lot_report import MAX_ID


class StockLotReportLot(models.AbstractModel):
    """One lot of a brand: whether the brand may see it, what holds it, what became of its units."""

    _name = "stock.lot.report.lot"
    _inherit = ["stock.lot.report.stock"]
    _description = "One Lot"

    @api.model
    def _find_lot(self, scope, lot_id):
        """The lot with this id if it is the brand's, that is its brand's, or the brand has or had
        units of it. Otherwise an empty recordset, as for an id that does not exist."""
        lots = self.env["stock.lot"]
        if lot_id > MAX_ID:
            return lots
        companies = Domain("company_id", "in", [*scope.company_ids, False])
        lot = lots.search(companies & Domain("id", "=", lot_id))
        if not lot or lot.owner_id.id in scope.owner_ids:
            return lot
        goods = Domain("lot_id", "=", lot_id)
        done = goods & Domain("state", "=", "done")
        for records, domain in (
            (self.env["stock.quant"], goods),
            (self.env["stock.move.line"], done),
        ):
            for owned in self._get_owner_domains(scope):
                if records.search_count(owned & domain, limit=1):
                    return lot
        return lots

    @api.model
    def _get_facts(self):
        """The columns that the page of one lot tells above its tables."""
        names = ("expiry", "on_hand", "available", "reserved", "held", "last_move")
        return [column for column in self._get_columns() if column["name"] in names]

    @api.model
    def _get_balance(self, scope, lot):
        """What came in and went out of the brand's units, as the trace adds it up.

        :return: dict with ``incoming`` and ``outgoing`` (lists of ``label`` and ``quantity``,
            without those that are zero), ``on_hand``, ``unexplained`` and ``uom``.
        """
        rows = self._get_balance_rows(scope, lot)
        kinds = self.env["stock.lot.report.movement"]._get_kinds()

        def terms(names):
            totals = ((kinds[name], sum(row[name] for row in rows)) for name in names)
            return [{"label": label, "quantity": total} for label, total in totals if total]

        return {
            "incoming": terms(IN_TERMS),
            "outgoing": terms(OUT_TERMS),
            "on_hand": sum(row["on_hand"] for row in rows),
            "unexplained": sum(row["unexplained"] for row in rows),
            "uom": lot.product_uom_id.name,
        }

    @api.model
    def _get_balance_rows(self, scope, lot):
        """The rows of the mass balance that are the brand's, also its lot's without owner."""
        owners = {*scope.owner_ids}
        if lot.owner_id.id in owners:
            owners.add(0)
        balance = self.env["stock.lot.trace"].mass_balance([lot.id])
        return [row for row in balance if row["owner_id"] in owners]

    @api.model
    def _get_holds(self, scope, lot):
        """The holds of the lot that are or were in force, newest first."""
        calendar = self._get_calendar(scope)
        holds = lot._get_active_holds() | lot.hold_ids
        return [
            {
                "reason": hold.reason_id.name,
                "note": hold.note or "",
                "place": hold.location_id.complete_name or "",
                "since": calendar._get_lot_day(hold.date_start) or None,
                "until": calendar._get_lot_day(hold.release_date or hold.date_end) or None,
                "is_active": hold.is_active,
                "release_reason": hold.release_reason or "",
            }
            for hold in holds.sorted(lambda hold: (not hold.is_active, -hold.id))
        ]

    @api.model
    def _get_hold_requests(self, scope, lot):
        """What the brand asked for and what the warehouse answered, newest first."""
        calendar = self._get_calendar(scope)
        requests = self.env["stock.lot.hold.request"].search(
            [("lot_id", "=", lot.id), ("owner_id", "in", scope.owner_ids)]
        )
        labels = dict(requests._fields["state"]._description_selection(self.env))
        return [
            {
                "day": calendar._get_lot_day(hold_request.date),
                "user": hold_request.user_id.name,
                "reason": hold_request.reason,
                "state": hold_request.state,
                "label": labels[hold_request.state],
                "answer": hold_request.answer or "",
            }
            for hold_request in requests
        ]
