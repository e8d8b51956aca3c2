from odoo import api, fields, models
from odoo.fields import Domain

from .stock_lot_analysis import AT_RISK, RISK_DAYS
from .stock_lot_dashboard import SHOWN


class StockLotDashboard(models.AbstractModel):
    """The figures about the stock of today."""

    _inherit = "stock.lot.dashboard"

    @api.model
    def _get_figures(self):
        return {"risk": "stock.lot.analysis", "holds": "stock.lot.hold", **super()._get_figures()}

    @api.model
    def _figure_risk(self, choice):
        stock = self.env["stock.lot.analysis"]
        # The day says nothing new, but the database can look at it before it sums up the bins.
        last = fields.Date.add(fields.Date.today(), days=RISK_DAYS + 1)
        domain = (
            self._get_domain(choice, date=None)
            & Domain("bucket", "in", AT_RISK)
            & Domain("expiration_day", "<=", fields.Date.to_string(last))
        )
        title = self.env._("Lots at risk")
        action = self._prepare_action(title, stock._name, domain)
        rows = stock._read_group(
            domain, ["owner_id", "bucket"], ["lot_id:count_distinct", "value:sum"]
        )
        lots = {(owner, bucket): count for owner, bucket, count, __ in rows}
        expired = sum(count for (__, bucket), count in lots.items() if bucket == "expired")
        owners = list(dict.fromkeys(row[0] for row in rows))
        owners.sort(key=lambda owner: -sum(lots.get((owner, name), 0) for name in AT_RISK))
        value = sum(row[3] for row in rows)
        labels = dict(stock._fields["bucket"]._description_selection(self.env))
        return {
            "title": title,
            "value": self._number(sum(lots.values())),
            "hint": self.env._(
                "expired: %(expired)s, value at cost: %(value)s",
                expired=self._number(expired),
                value=self.env.company.currency_id.format(value),
            ),
            "level": "bad" if expired else "warn" if lots else "good",
            "action": action,
            "charts": [
                self._prepare_chart(
                    "risk",
                    self.env._("Lots at risk by brand and days left"),
                    self._name_groups("owner_id", owners[:SHOWN]),
                    [
                        (
                            labels[name],
                            name,
                            [lots.get((owner, name), 0) for owner in owners[:SHOWN]],
                            Domain("bucket", "=", name),
                        )
                        for name in AT_RISK
                    ],
                    action,
                )
            ],
        }

    @api.model
    def _figure_holds(self, choice):
        holds = self.env["stock.lot.hold"]
        domain = self._get_domain(choice, date=None, warehouse=None) & Domain(
            "is_active", "=", True
        )
        title = self.env._("Holds in force")
        action = self._prepare_action(title, holds._name, domain)
        rows = holds._read_group(domain, ["reason_id"], ["__count"], order="__count desc")
        return {
            "title": title,
            "value": self._number(sum(count for __, count in rows)),
            "hint": self.env._("most often: %(reason)s", reason=rows[0][0].display_name)
            if rows
            else self.env._("nothing is held"),
            "level": "warn" if rows else "good",
            "action": action,
            "charts": [
                self._prepare_chart(
                    "holds",
                    self.env._("Holds by reason"),
                    self._name_groups("reason_id", [reason for reason, __ in rows[:SHOWN]]),
                    [
                        (
                            self.env._("Holds"),
                            "plain",
                            [count for __, count in rows[:SHOWN]],
                            Domain.TRUE,
                        )
                    ],
                    action,
                )
            ],
        }
