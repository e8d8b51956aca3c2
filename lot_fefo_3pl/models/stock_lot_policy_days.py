from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL


class StockLotPolicy(models.Model):
    """The days that follow from a policy: the last one on which goods can leave, and the first one
    on which somebody should look at them."""

    _inherit = "stock.lot.policy"

    @api.model
    def _get_values(self, warehouse, owner, customer, product, named=()):
        """Setting name -> value, see ``_get_settings``."""
        resolved = self._get_settings(warehouse, owner, customer, product, named)
        return {name: setting.value for name, setting in resolved.items()}

    @api.model
    def _get_days_needed(self, values, product):
        """How many days before the expiry goods leave at the latest."""
        needed = self._get_min_life_days(values, product.expiration_time, product.consumption_days)
        if values["stop_ship"] == "days":
            needed = max(needed, values["stop_ship_days"] + 1)
        return needed

    @api.model
    def _get_last_ship_day(self, values, product, expiry, removal=None):
        """The last day on which goods can leave under a policy.

        :param dict values: the resolved settings, see ``_get_values``.
        :param date expiry: the warehouse's date of the expiry; falsy for undated goods.
        :param date removal: the date of removal from stock, if there is one.
        :return: a date; None for undated goods.
        """
        if not expiry:
            return removal or None
        last = expiry - timedelta(days=self._get_days_needed(values, product))
        return min(last, removal) if removal else last

    @api.model
    def _get_alert_day(self, values, last_day, alert):
        """The first day on which goods are shown as nearly too old; None: never.

        :param date last_day: see ``_get_last_ship_day``.
        :param date alert: Odoo's alert date of the lot, used where the policy says nothing else.
        """
        if values["alert"] == "days":
            return last_day and last_day - timedelta(days=values["alert_days"])
        return alert or None

    @api.model
    def _get_longest_lead(self):
        """The most days before an expiry at which any policy stops goods or tells of them."""
        policies = self.sudo().search([("active", "=", True)])
        total_life, of_use = self.env.execute_query(
            SQL("SELECT max(expiration_time), max(consumption_days) FROM product_template")
        )[0]
        needed = [
            (total_life or 0) * policy.min_life_number // 100 + 1
            if policy.min_life == "percent"
            else policy.min_life_number
            for policy in policies
        ]
        stop = max(policies.mapped("stop_ship_days"), default=0) + 1
        return max([stop, *(days + (of_use or 0) for days in needed)]) + max(
            policies.mapped("alert_days"), default=0
        )
