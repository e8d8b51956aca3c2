from odoo import api, fields, models

from ..tools.lot_consignees import group_by_consignee

SUMMED = ("quantity", "returned", "net", "deliveries")


class StockLotRecallConsignee(models.Model):
    """Customers of an extension: those who are there already get more, and are notified again."""

    _inherit = "stock.lot.recall.consignee"

    round = fields.Integer(
        "Notice Round", default=1, readonly=True, help="Rises when an extension reaches them."
    )

    @api.model
    def _extend_snapshot(self, recall, rows):
        """Add the trace ``rows`` to the customers in ``self``; make those who are not among them.

        :return: the customers of the rows, old and new.
        """
        known = {record._get_key(): record for record in self}
        old, new = self.browse(), []
        for group in group_by_consignee(rows):
            record = known.get(group["consignee_id"] or group["consignee"])
            if record:
                record._add_group(group)
                old |= record
            else:
                new.append(group)
        fresh = {group["consignee_id"] or group["consignee"] for group in new}
        added = self._create_snapshot(
            recall, [row for row in rows if self._get_row_key(row) in fresh]
        )
        return old | added

    def _get_key(self):
        return self.partner_id.id or self.name

    @api.model
    def _get_row_key(self, row):
        return row["consignee_id"] or row["consignee"] or row["location_dest"]

    def _add_group(self, group):
        self.ensure_one()
        days = [day for day in (self.first_day, group["first_day"]) if day]
        self.write(
            {
                **{name: self[name] + group[name] for name in SUMMED},
                "uom": self.uom if self.uom == group["uom"] else "",
                "first_day": min(days, default=False),
                "last_day": max(filter(None, (self.last_day, group["last_day"])), default=False),
                "round": self.round + 1,
                "notice_state": "to_send",
                "reminder_count": 0,
                # What they told of before does not cover what they got besides.
                "told_missing": self.told_missing + group["quantity"] if self.answered_on else 0.0,
            }
        )
