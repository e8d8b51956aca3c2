from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import formatLang

PERIODS = (7, 30, 90, 365)
OPERATOR = "lot_fefo_3pl.lot_fefo_3pl_group_operator"
# The accuracy that is worth a green light, in percent.
GOAL = 99.9
# How many brands, zones or reasons a chart names; the rest is one bar.
SHOWN = 8
COLOURS = {
    "expired": "#991b1b",
    "bucket_0": "#ea580c",
    "bucket_31": "#ca8a04",
    "bucket_61": "#0284c7",
    "bucket_91": "#15803d",
    "undated": "#6b7280",
    "good": "#15803d",
    "bad": "#b91c1c",
    "warn": "#ea580c",
    "plain": "#4f46e5",
}


class StockLotDashboard(models.AbstractModel):
    """The figures of lot control on one page, each leading to the records that it is made of.

    A figure is a method ``_figure_<key>`` that reads one model through the ORM as the user, so that
    rights and companies count, in a few grouped queries. Figures whose model the user may not read
    are left out.
    """

    _name = "stock.lot.dashboard"
    _description = "Lot Control Overview"

    @api.model
    @api.readonly
    def get_overview(self, days=30, warehouse_id=False, owner_id=False):
        """The overview.

        :param int days: how many days back the figures about work look: 7, 30, 90 or 365.
        :param int warehouse_id: only this warehouse; False for all.
        :param int owner_id: only this brand; False for all.
        :return: dict with ``days``; ``periods``; ``warehouses`` and ``brands`` to choose from
            (lists of ``[id, name]``); and ``figures``: a list of dicts with ``key``, ``title``,
            ``value`` (text), ``hint``, ``level`` (``good``, ``warn``, ``bad`` or ``plain``),
            ``action`` (opens its records) and ``charts``: dicts with ``key``, ``title``, ``type``
            (``bar``), ``stacked``, ``labels``, ``unit``, ``datasets`` (``label``, ``color``,
            ``data``), ``goal`` of some, and what a click opens: ``action``,
            ``label_domains``, ``dataset_domains``.
        :raises AccessError: the user is no Lot Operator.
        """
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("The overview is for Lot Operators and their superiors."))
        days = days if days in PERIODS else PERIODS[1]
        warehouses = self._get_warehouses()
        brands = self._get_brands(warehouses)
        choice = {
            "since": fields.Datetime.now() - timedelta(days=days),
            "warehouse": warehouses.filtered(lambda warehouse: warehouse.id == warehouse_id),
            "brand": brands.filtered(lambda brand: brand.id == owner_id),
        }
        return {
            "days": days,
            "periods": list(PERIODS),
            "warehouses": [[record.id, record.display_name] for record in warehouses],
            "brands": [[record.id, record.display_name] for record in brands],
            "figures": [
                {"key": key, **getattr(self, f"_figure_{key}")(choice)}
                for key, model in self._get_figures().items()
                if self.env[model].has_access("read")
            ],
        }

    @api.model
    def _get_figures(self):
        """The figures in the order of the page, and the model that each is read from."""
        return {}

    @api.model
    def _get_warehouses(self):
        return self.env["stock.warehouse"].search(
            [("lot_control", "=", True), ("company_id", "in", self.env.companies.ids)]
        )

    @api.model
    def _get_brands(self, warehouses):
        """The brands that have stock with lots in these warehouses, by name."""
        found = self.env["stock.lot"]._read_group(
            [("owner_id", "!=", False)], aggregates=["owner_id:recordset"]
        )
        return found[0][0]._filter_stock_owners(warehouses).sorted("display_name")

    # For the figures ---------------------------------------------------------------------------

    @api.model
    def _get_domain(self, choice, date="date", owner="owner_id", warehouse="warehouse_id"):
        """What the choice of the page means for a model; None for a field that it does not have."""
        domain = Domain.TRUE
        if date:
            since = fields.Datetime.to_string(choice["since"])
            domain &= Domain(date, ">=", since)
        if owner and choice["brand"]:
            domain &= Domain(owner, "=", choice["brand"].id)
        if warehouse and choice["warehouse"]:
            domain &= Domain(warehouse, "=", choice["warehouse"].id)
        return domain

    @api.model
    def _prepare_action(self, name, model, domain, view="list", **context):
        """The action that opens records; a click adds what was clicked to its domain."""
        views = ["list", "pivot", "graph"] if view == "list" else [view]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "views": [[False, kind] for kind in views],
            "context": context,
            "target": "current",
        }

    @api.model
    def _prepare_chart(self, key, title, groups, series, action, **extra):
        """A chart whose bars are named records or values.

        :param groups: ``[(label, domain), ...]`` in the order of the bars.
        :param series: ``[(label, colour, numbers, domain), ...]``, a number per bar.
        """
        return {
            "key": key,
            "title": title,
            "type": "bar",
            "stacked": len(series) > 1,
            "unit": "",
            "labels": [label for label, __ in groups],
            "label_domains": [list(domain) for __, domain in groups],
            "datasets": [
                {"label": label, "color": COLOURS[colour], "data": numbers}
                for label, colour, numbers, __ in series
            ],
            "dataset_domains": [list(domain) for *__, domain in series],
            "action": action,
            **extra,
        }

    @api.model
    def _name_groups(self, field, records):
        """Bars for the records of a many2one, the empty one included."""
        return [
            (
                record.display_name if record else self.env._("None"),
                Domain(field, "=", record.id if record else False),
            )
            for record in records
        ]

    @api.model
    def _name_periods(self, field, starts, step="week"):
        """Bars for the weeks or months that a grouped date begins in."""
        length = {"week": {"weeks": 1}, "month": {"months": 1}}[step]
        return [
            (
                start.strftime("%Y-%m") if step == "month" else start.date().isoformat(),
                Domain(field, ">=", fields.Datetime.to_string(start))
                & Domain(field, "<", fields.Datetime.to_string(fields.Date.add(start, **length))),
            )
            for start in starts
        ]

    @api.model
    def _percent(self, part, whole):
        """A percentage in the user's language; a dash when there is nothing to divide by.

        It is cut off, not rounded: 99.999 % is not 100 %.
        """
        if not whole:
            return "–"
        digits = 2
        cut = int(part / whole * 100 * 10**digits + 1e-6) / 10**digits
        return self.env._("%(number)s %%", number=self._number(cut))

    @api.model
    def _number(self, number):
        text = f"{number:.2f}".rstrip("0").partition(".")[2]
        return formatLang(self.env, number, digits=len(text))

    @api.model
    def _judge(self, part, whole, goal=GOAL, warn=95):
        """The colour of a rate."""
        if not whole:
            return "plain"
        rate = 100 * part / whole
        return "good" if rate >= goal else "warn" if rate >= warn else "bad"
