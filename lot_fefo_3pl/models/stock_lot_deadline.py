from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

IN_HOUSE = Domain("quantity", ">", 0) & Domain("location_id.usage", "in", ("internal", "transit"))


class StockLot(models.Model):
    """Until when the goods of a lot can leave, and whether that day is near.

    Both follow from the policy of the brand in the warehouse where the goods lie, so they are
    never stored: a changed policy or a new day counts at once.
    """

    _inherit = "stock.lot"

    last_ship_day = fields.Date(
        "Leaves Until",
        compute="_compute_lot_alert",
        help="The last day on which these goods can leave by the rules of the brand; a customer may"
        " want fresher goods.",
    )
    lot_alert = fields.Boolean(
        "Alert",
        compute="_compute_lot_alert",
        search="_search_lot_alert",
        help="The last day on which these goods can leave is near or over.",
    )
    lot_alert_summary = fields.Char("Alert Says", compute="_compute_lot_alert")

    @api.depends(
        "expiration_date",
        "removal_date",
        "alert_date",
        "owner_id",
        "quant_ids.quantity",
        "quant_ids.location_id",
    )
    def _compute_lot_alert(self):
        warehouses = self._get_controlled_warehouses()
        for lot in self:
            days = [
                self._get_alert_days(
                    warehouse, lot.owner_id, self.env["res.partner"], lot.product_id, lot
                )
                for warehouse in warehouses[lot.id]
            ]
            # In two warehouses the stricter rules count.
            last, alert, today = min(
                days, key=lambda found: found[0] or found[2].max, default=(None, None, None)
            )
            lot.last_ship_day = last
            lot.lot_alert = bool(alert and alert <= today)
            lot.lot_alert_summary = lot.lot_alert and self._word_alert(last, today)

    def _get_controlled_warehouses(self):
        """The warehouses under lot control that have goods of the lots, by the id of the lot."""
        goods = IN_HOUSE & Domain("location_id.warehouse_id.lot_control", "=", True)
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(Domain("lot_id", "in", self.ids) & goods, ["lot_id", "location_id"])
        )
        warehouses = defaultdict(self.env["stock.warehouse"].browse)
        for lot, location in groups:
            warehouses[lot.id] |= location.warehouse_id
        return warehouses

    @api.model
    def _get_alert_days(self, warehouse, owner, customer, product, lot, named=()):
        """(last day on which ``lot`` can leave, first day of its alert, today) in ``warehouse``."""
        policies = self.env["stock.lot.policy"]
        values = policies._get_values(warehouse, owner, customer, product, named)
        expiry, removal, alert = (
            warehouse._get_lot_day(moment)
            for moment in (lot.expiration_date, lot.removal_date, lot.alert_date)
        )
        last = policies._get_last_ship_day(values, product, expiry, removal)
        return last, policies._get_alert_day(values, last, alert), warehouse._get_lot_today()

    @api.model
    def _word_alert(self, last, today):
        if not last:
            return self.env._("look at it")
        left = (last - today).days
        if left < 0:
            return self.env._("cannot leave since %(day)s", day=last + timedelta(days=1))
        if not left:
            return self.env._("last day to leave is today")
        return self.env._("%(left)s days left, until %(day)s", day=last, left=left)

    @api.model
    def _search_lot_alert(self, operator, value):
        if operator != "in":
            return NotImplemented
        warehouses = self.env["stock.warehouse"].sudo().search([("lot_control", "=", True)])
        alert = Domain.OR(self._get_alert_domain(warehouse) for warehouse in warehouses)
        return alert if True in value else ~alert

    @api.model
    def _get_alert_domain(self, warehouse):
        """The lots in ``warehouse`` on alert; products of the same days share a condition."""
        here = Domain(
            "quant_ids",
            "any!",
            IN_HOUSE & Domain("location_id", "child_of", warehouse.view_location_id.id),
        )
        policies = self.env["stock.lot.policy"]
        leads = defaultdict(lambda: defaultdict(list))
        groups = self.sudo()._read_group(
            here & Domain("product_id.use_expiration_date", "=", True), ["product_id", "owner_id"]
        )
        for product, owner in groups:
            values = policies._get_values(warehouse, owner, self.env["res.partner"], product)
            lead = None
            if values["alert"] == "days":
                lead = (policies._get_days_needed(values, product), values["alert_days"])
            leads[lead][owner.id].append(product.id)
        return here & Domain.OR(
            self._get_due_domain(warehouse, lead)
            & Domain.OR(
                Domain("owner_id", "=", owner_id) & Domain("product_id", "in", product_ids)
                for owner_id, product_ids in by_owner.items()
            )
            for lead, by_owner in leads.items()
        )

    @api.model
    def _get_due_domain(self, warehouse, lead):
        """The lots whose alert has begun; ``lead`` is (days needed, days before them) or None for
        Odoo's alert date."""
        today = warehouse._get_lot_today()
        if lead is None:
            return Domain("alert_date", "<=", warehouse._get_lot_day_end(today))
        needed, before = lead
        return Domain(
            "expiration_date",
            "<=",
            warehouse._get_lot_day_end(today + timedelta(days=needed + before)),
        ) | Domain("removal_date", "<=", warehouse._get_lot_day_end(today + timedelta(days=before)))
