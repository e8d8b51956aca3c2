from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from .rules.stock_lot_rule import LotDemand

# Days left that begin a new bucket; the bucket of day 0 begins today.
BUCKET_STARTS = (0, 31, 61, 91)
SEARCH_LENGTH = 100


class StockLotReport(models.AbstractModel):
    """A table about the goods of one brand, for the portal, its exports and the back office.

    A table is a model that inherits this one, in a file of its own. It says which columns, filters
    and sortings it has and reads a page of rows in one SQL query. Nothing in here checks rights:
    what may be shown is in the ``LotScope`` that the caller passes.
    """

    _name = "stock.lot.report"
    _description = "Report on the Goods of a Brand"

    _page_size = 80

    # What a table defines ----------------------------------------------------------------------

    @api.model
    def _get_title(self):
        raise NotImplementedError(self._name)

    @api.model
    def _get_columns(self):
        """The columns: a list of dicts with ``name``, ``label`` and ``type`` (``text``,
        ``quantity``, ``integer``, ``days`` or ``date``)."""
        raise NotImplementedError(self._name)

    @api.model
    def _get_filters(self):
        """``{name: label}``; the first one is used when nothing (valid) is asked for."""
        raise NotImplementedError(self._name)

    @api.model
    def _get_sortings(self):
        """``{name: label}``; the first one is used when nothing (valid) is asked for."""
        raise NotImplementedError(self._name)

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        """Read the table.

        :param LotScope scope: whose goods.
        :param dict options: as returned by ``_clean_options``.
        :return: ``(rows, total)``: a list of dicts by column name, and how many rows there are
            without ``limit``.
        """
        raise NotImplementedError(self._name)

    # What tables share -------------------------------------------------------------------------

    @api.model
    def _clean_options(self, params):
        """Keep of ``params`` (as they come from an URL) what this table knows."""
        filters, sortings = self._get_filters(), self._get_sortings()
        filterby, sortby = params.get("filterby"), params.get("sortby")
        return {
            "search": str(params.get("search") or "").strip()[:SEARCH_LENGTH],
            "filterby": filterby if filterby in filters else next(iter(filters)),
            "sortby": sortby if sortby in sortings else next(iter(sortings)),
        }

    @api.model
    def _get_owned(self, table, scope):
        """The rows of ``table`` (quants or move lines) that are the brand's, as a sub-query.

        The owner that Odoo records decides. Where it records none, the brand of the lot does:
        such goods were received without an owner and nobody else can claim them.
        """
        return SQL(
            """(
                SELECT t.* FROM %(table)s t
                 WHERE t.owner_id = ANY(%(owners)s)
                   AND (t.company_id IS NULL OR t.company_id = ANY(%(companies)s))
                UNION ALL
                SELECT t.* FROM stock_lot l JOIN %(table)s t ON t.lot_id = l.id
                 WHERE l.owner_id = ANY(%(owners)s) AND t.owner_id IS NULL
                   AND (t.company_id IS NULL OR t.company_id = ANY(%(companies)s))
            )""",
            table=SQL.identifier(table),
            owners=list(scope.owner_ids),
            companies=list(scope.company_ids),
        )

    @api.model
    def _get_warehouses(self, scope):
        """The warehouses that may hold the goods, those under lot control first."""
        return self.env["stock.warehouse"].search(
            [("company_id", "in", scope.company_ids)], order="lot_control DESC, sequence, id"
        )

    @api.model
    def _get_free_domain(self, scope):
        """The quants that an order of the brand could take today, whoever the customer is."""
        domain = Domain("location_id.warehouse_id.lot_control", "=", False)
        for warehouse in self._get_warehouses(scope).filtered("lot_control"):
            fit = self.env["stock.lot.rule"]._get_domain(self._get_demand(scope, warehouse))
            domain |= Domain("location_id.warehouse_id", "=", warehouse.id) & fit
        return domain

    @api.model
    def _get_held_domain(self, scope):
        """The quants that a hold keeps from the brand's orders."""
        rule = self.env["stock.lot.rule.held"]
        return Domain.OR(
            Domain("location_id.warehouse_id", "=", warehouse.id)
            & ~rule._get_fit_domain(self._get_demand(scope, warehouse))
            for warehouse in self._get_warehouses(scope).filtered("lot_control")
        )

    @api.model
    def _get_demand(self, scope, warehouse):
        """An order of the brand for today, with the settings that hold for any customer."""
        brand = self.env["res.partner"].browse(scope.brand_id)
        settings = self.env["stock.lot.policy"]._get_settings(
            warehouse, brand, brand.browse(), self.env["product.product"]
        )
        return LotDemand(
            operation="pick",
            warehouse_id=warehouse.id,
            owner_id=scope.brand_id,
            customer_id=0,
            day=warehouse._get_lot_today(),
            reserving=True,
            settings=tuple(sorted((name, setting.value) for name, setting in settings.items())),
        )

    # Words -------------------------------------------------------------------------------------

    @api.model
    def _get_file_name(self):
        """The name of an exported file, without extension."""
        return f"{self._get_title()} {fields.Date.context_today(self)}"

    @api.model
    def _format_total(self, total):
        if total == 1:
            return self.env._("1 row")
        return self.env._("%(total)s rows", total=self._format_number(total))

    @api.model
    def _format_cell(self, column, value):
        """The value of a cell in the reader's language."""
        if value is None or value == "":
            return ""
        if column["type"] == "date":
            return format_date(self.env, value)
        if column["type"] == "days":
            return self._format_days(value)
        if column["type"] in ("quantity", "integer"):
            return self._format_number(value)
        return value

    @api.model
    def _format_number(self, number):
        """As many decimals as the number has, six at most."""
        decimals = f"{number:.6f}".rstrip("0").partition(".")[2]
        return formatLang(self.env, number, digits=len(decimals))

    @api.model
    def _format_days(self, days):
        if days < -1:
            return self.env._("Expired %(days)s days ago", days=-days)
        if days == -1:
            return self.env._("Expired yesterday")
        if days == 0:
            return self.env._("Expires today")
        if days == 1:
            return self.env._("1 day")
        return self.env._("%(days)s days", days=days)

    # Expiry ------------------------------------------------------------------------------------

    @api.model
    def _get_calendar(self, scope):
        """The warehouse whose days count in a table that covers several of them."""
        return self._get_warehouses(scope)[:1]

    @api.model
    def _get_buckets(self):
        """The expiry buckets, from the most urgent one: ``{name: label}``."""
        return {
            "expired": self.env._("Expired"),
            "bucket_0": self.env._("0-30 days"),
            "bucket_31": self.env._("31-60 days"),
            "bucket_61": self.env._("61-90 days"),
            "bucket_91": self.env._("More than 90 days"),
            "undated": self.env._("No expiry date"),
        }

    @api.model
    def _get_bucket(self, days_left):
        """The name of the bucket of goods with ``days_left`` (None: no expiry date)."""
        if days_left is None:
            return "undated"
        if days_left < 0:
            return "expired"
        return f"bucket_{max(start for start in BUCKET_STARTS if start <= days_left)}"

    @api.model
    def _get_bucket_domain(self, scope, bucket):
        """The lots of ``bucket``, as a domain on ``expiration_date``."""
        if bucket == "undated":
            return Domain("expiration_date", "=", False)
        calendar = self._get_calendar(scope)
        today = calendar._get_lot_today()
        if bucket == "expired":
            return Domain("expiration_date", "<", calendar._get_lot_day_start(today))
        first = int(bucket.removeprefix("bucket_"))
        start = calendar._get_lot_day_start(today + timedelta(days=first))
        domain = Domain("expiration_date", ">=", start)
        for following in (start for start in BUCKET_STARTS if start > first):
            end = calendar._get_lot_day_start(today + timedelta(days=following))
            return domain & Domain("expiration_date", "<", end)
        return domain
