from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

# What is told about, the most urgent first.
KINDS = [
    ("recall", "Recall deadline near"),
    ("expired", "Expired in stock"),
    ("stop_ship", "Shipping has stopped"),
    ("at_risk", "At risk of expiring"),
    ("undated", "Without expiry date"),
    ("no_lot", "Without lot"),
]
# What the same alert is about: one row each.
KEY = ("kind", "warehouse_id", "product_id", "lot_id", "recall_id")
DEADLINE_HOURS = 48

Goods = namedtuple(
    "Goods",
    "warehouse_id product_id lot_id owner_id expiration_date removal_date alert_date undated"
    " quantity",
)


class StockLotAlert(models.Model):
    """What somebody has to look at now, and since when it is so.

    The scheduled job compares with what the stock says: what is new is added, what is over goes.
    Nothing here is history; the people in charge are told by ``stock.lot.alert.inbox``.
    """

    _name = "stock.lot.alert"
    _description = "Lot Alert"
    _order = "date desc, expiration_date, id"
    _rec_name = "product_id"

    kind = fields.Selection(KINDS, required=True, index=True)
    date = fields.Datetime("Since", required=True, default=fields.Datetime.now, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="cascade")
    product_id = fields.Many2one("product.product", ondelete="cascade", index="btree_not_null")
    lot_id = fields.Many2one("stock.lot", ondelete="cascade", index="btree_not_null")
    recall_id = fields.Many2one("stock.lot.recall", ondelete="cascade", index="btree_not_null")
    owner_id = fields.Many2one("res.partner", "Brand", ondelete="cascade")
    expiration_date = fields.Datetime("Expires")
    quantity = fields.Float("On Hand", digits="Product Unit")

    @api.model
    def _run(self):
        """Compare with the stock and tell those in charge; called by the scheduled job."""
        warehouses = self.env["stock.warehouse"].search([("lot_control", "=", True)])
        # Also where lot control was turned off since: what was told there is taken back.
        told = self._read_group([], ["company_id"])
        companies = warehouses.company_id.union(*(company for (company,) in told))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._synchronise(company)
            self.env["stock.lot.alert.inbox"]._tell(company)
            cron._commit_progress(1)

    @api.model
    def _synchronise(self, company):
        """Make the rows of ``company`` say what is so now; unchanged ones keep their date."""
        found = self._find(company)
        known = {
            tuple(alert[name].id if name != "kind" else alert.kind for name in KEY): alert
            for alert in self.search([("company_id", "=", company.id)])
        }
        over = self.browse(alert.id for key, alert in known.items() if key not in found)
        over.unlink()
        self.create([vals for key, vals in found.items() if key not in known])
        for key, alert in known.items():
            if key in found:
                changed = {
                    name: value
                    for name, value in found[key].items()
                    if name not in (*KEY, "company_id")
                    and alert[name] != alert._fields[name].convert_to_record(value, alert)
                }
                if changed:
                    alert.write(changed)

    @api.model
    def _find(self, company):
        """What is so now.

        :return: the values of a row by what it is about (see ``KEY``).
        """
        rows = {}
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id), ("lot_control", "=", True)]
        )
        for vals in (*self._find_goods(warehouses), *self._find_recalls(company)):
            vals["company_id"] = company.id
            rows[tuple(vals.get(name) or False for name in KEY)] = vals
        return rows

    # Goods -------------------------------------------------------------------------------------

    @api.model
    def _find_goods(self, warehouses):
        rows = self._fetch_goods(warehouses)
        products = self.env["product.product"].browse({goods.product_id for goods in rows})
        owners = self.env["res.partner"].browse({goods.owner_id for goods in rows} - {None})
        by_id = {product.id: product for product in products}
        brands = {owner.id: owner for owner in owners}
        for goods in rows:
            kind = self._classify(
                goods, by_id[goods.product_id], brands.get(goods.owner_id, owners.browse())
            )
            if kind:
                yield {
                    "kind": kind,
                    "warehouse_id": goods.warehouse_id,
                    "product_id": goods.product_id,
                    "lot_id": goods.lot_id,
                    "owner_id": goods.owner_id,
                    "expiration_date": goods.expiration_date,
                    "quantity": goods.quantity,
                }

    @api.model
    def _fetch_goods(self, warehouses):
        """The goods that may have to be told about, in one query: a row per lot and warehouse."""
        if not warehouses:
            return []
        self.env.flush_all()
        until = fields.Datetime.now() + timedelta(
            days=self.env["stock.lot.policy"]._get_longest_lead() + 2
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT place.warehouse_id, quant.product_id, quant.lot_id,
                       COALESCE(MIN(quant.owner_id), lot.owner_id, template.owner_id),
                       lot.expiration_date, lot.removal_date, lot.alert_date,
                       lot.id IS NOT NULL AND template.use_expiration_date
                           AND lot.expiration_date IS NULL,
                       SUM(quant.quantity)::float
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                  JOIN product_product product ON product.id = quant.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  LEFT JOIN stock_lot lot ON lot.id = quant.lot_id
                 WHERE place.warehouse_id = ANY(%(warehouses)s) AND place.usage = 'internal'
                   AND template.tracking <> 'none'
                   AND (quant.lot_id IS NULL
                        OR (template.use_expiration_date AND lot.expiration_date IS NULL)
                        OR lot.expiration_date < %(until)s OR lot.removal_date < %(until)s
                        OR lot.alert_date < %(until)s)
                 GROUP BY place.warehouse_id, quant.product_id, quant.lot_id, lot.id, template.id
                HAVING SUM(quant.quantity) > 0
                """,
                warehouses=warehouses.ids,
                until=until,
            )
        )
        return [Goods(*row) for row in rows]

    @api.model
    def _classify(self, goods, product, owner):
        """The kind of alert that goods are worth, or None."""
        if not goods.lot_id:
            return "no_lot"
        if goods.undated:
            return "undated"
        warehouse = self.env["stock.warehouse"].browse(goods.warehouse_id)
        policies = self.env["stock.lot.policy"]
        values = policies._get_values(warehouse, owner, owner.browse(), product)
        today = warehouse._get_lot_today()
        expiry, removal, alert = (
            warehouse._get_lot_day(moment)
            for moment in (goods.expiration_date, goods.removal_date, goods.alert_date)
        )
        last = policies._get_last_ship_day(values, product, expiry, removal)
        alert = policies._get_alert_day(values, last, alert)
        if expiry and expiry < today:
            return "expired"
        if last and last < today:
            return "stop_ship"
        return "at_risk" if alert and alert <= today else None

    # Recalls -----------------------------------------------------------------------------------

    @api.model
    def _find_recalls(self, company):
        """The running recalls whose next deadline is near or over."""
        near = fields.Datetime.now() + timedelta(hours=DEADLINE_HOURS)
        recalls = self.env["stock.lot.recall"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "confirmed"),
                ("date_due", "!=", False),
                ("date_due", "<=", near),
            ]
        )
        return [
            {
                "kind": "recall",
                "recall_id": recall.id,
                "owner_id": recall.owner_id.id,
                "expiration_date": recall.date_due,
            }
            for recall in recalls
        ]

    def _describe(self):
        """What this alert is about, in one line."""
        self.ensure_one()
        day = self.expiration_date
        if self.warehouse_id:
            day = self.warehouse_id._get_lot_day(day)
        parts = [
            self.recall_id.display_name or self.product_id.display_name,
            self.lot_id.name,
            self.owner_id.name,
            day and format_date(self.env, day),
        ]
        return ", ".join(filter(None, parts))

    def action_open(self):
        """Open what this alert is about: the recall, the lot, or the goods without lot."""
        self.ensure_one()
        record = self.recall_id or self.lot_id
        if record:
            return {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "view_mode": "form",
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Without lot"),
            "res_model": "stock.quant",
            "view_mode": "list",
            "domain": [
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", False),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("location_id.usage", "=", "internal"),
            ],
        }
