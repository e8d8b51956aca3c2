from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime, formatLang

from .rules.stock_lot_rule import LotDemand

# Days left that begin a new bucket; the bucket of day 0 begins today.
BUCKET_STARTS = (0, 31, 61, 91)
SEARCH_LENGTH = 100
# The month as a word: day and month cannot be taken for each other, in any country.
DAY_FORMAT = "dd MMM y"
MOMENT_FORMAT = "dd MMM y HH:mm"
# The largest id that the database knows.
MAX_ID = 2**31 - 1


class StockLotReport(models.AbstractModel):
    """A table about the goods of one brand, for the portal, its exports and the back office.

    A table is a model that inherits this one, in a file of its own. It says which columns, filters
    and sortings it has and reads a page of rows in one SQL query. Nothing in here checks rights:
    what may be shown is in the ``LotScope`` that the caller passes.
    """

    _name = "stock.lot.report"
    _description = "Report on the Goods of a Brand"

    _page_size = 80
    _total_cap = None
    _has_period = False

    # What a table defines ----------------------------------------------------------------------

    @api.model
    def _get_title(self):
        raise NotImplementedError(self._name)

    @api.model
    def _get_columns(self):
        """The columns: a list of dicts with ``name``, ``label`` and ``type`` (``text``,
        ``quantity``, ``money``, ``integer``, ``days`` or ``date``)."""
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
    def _get_search_hint(self):
        """What one can search for; False when the table cannot be searched."""
        return False

    @api.model
    def _get_empty_message(self):
        return self.env._("There is nothing here yet.")

    @api.model
    def _get_link(self, row):
        """The column of ``row`` that leads to a page of its own, and the page's address."""
        if lot_id := row.get("lot_id"):
            return "lot", f"/my/lots/{lot_id}"
        return None, None

    @api.model
    def _get_groupings(self):
        """``{name: label}`` of the ways to group, the first one being not to; may be empty."""
        return {}

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        """Read the table.

        :param LotScope scope: whose goods.
        :param dict options: as returned by ``_clean_options``. ``lot_id``, which no URL sets,
            restricts the table to one lot.
        :return: ``(rows, total)``: a list of dicts by column name, and how many rows there are
            without ``limit``. Counting may stop at ``_total_cap``.
        """
        raise NotImplementedError(self._name)

    # What tables share -------------------------------------------------------------------------

    @api.model
    def _clean_options(self, params):
        """Keep of ``params`` (as they come from an URL) what this table knows."""
        filters, sortings = self._get_filters(), self._get_sortings()
        filterby, sortby = params.get("filterby"), params.get("sortby")
        options = {
            "search": str(params.get("search") or "").strip()[:SEARCH_LENGTH],
            "filterby": filterby if filterby in filters else next(iter(filters)),
            "sortby": sortby if sortby in sortings else next(iter(sortings)),
        }
        if groupings := self._get_groupings():
            groupby = params.get("groupby")
            options["groupby"] = groupby if groupby in groupings else next(iter(groupings))
        if self._has_period:
            options["date_from"] = self._clean_date(params.get("date_from"))
            options["date_to"] = self._clean_date(params.get("date_to"))
        return options

    @api.model
    def _clean_date(self, text):
        try:
            return date.fromisoformat(str(text)).isoformat()
        except ValueError:
            return ""

    @api.model
    def _get_owner_domains(self, scope):
        """Which quants and move lines are the brand's: disjoint domains, one per way to own.

        The owner that Odoo records decides. Where it records none, the brand of the lot does:
        such goods were received without an owner and nobody else can claim them. They are several
        domains because each has an index of its own, which an OR would not use.
        """
        contacts = [owner_id for owner_id in scope.owner_ids if owner_id != scope.brand_id]
        domains = [
            Domain("owner_id", "=", scope.brand_id),
            Domain("owner_id", "=", False) & Domain("lot_id.owner_id", "in", scope.owner_ids),
        ]
        if contacts:
            domains.append(Domain("owner_id", "in", contacts))
        companies = Domain("company_id", "in", [*scope.company_ids, False])
        return [domain & companies for domain in domains]

    @api.model
    def _union_owned(self, scope, records, domain, *columns, flags=None, order=None, limit=None):
        """``columns`` of those of ``records`` that are the brand's and match ``domain``, as SQL.

        :param records: an empty recordset of quants or move lines.
        :param dict flags: further columns by name: whether a row matches a domain.
        :param order, limit: cut each way to own, so that a page needs no more rows than it shows.
        """
        records = records.with_context(active_test=False)
        flags = {name: flag.optimize_full(records) for name, flag in (flags or {}).items()}
        parts = []
        for owned in self._get_owner_domains(scope):
            query = records._search(owned & domain, order=order, limit=limit)
            matches = [
                SQL("%s AS %s", flag._to_sql(records, query.table, query), SQL.identifier(name))
                for name, flag in flags.items()
            ]
            parts.append(SQL("(%s)", query.select(*columns, *matches)))
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _get_product_search_domain(self, search):
        """The products that somebody who types ``search`` may mean."""
        return (
            Domain("default_code", "ilike", search)
            | Domain("name", "ilike", search)
            | Domain("barcode", "=", search)
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
        if self._total_cap and total > self._total_cap:
            return self.env._("More than %(total)s rows", total=self._format_number(total - 1))
        if total == 1:
            return self.env._("1 row")
        return self.env._("%(total)s rows", total=self._format_number(total))

    @api.model
    def _format_cell(self, column, value):
        """The value of a cell in the reader's language."""
        if value is None or value == "":
            return ""
        if column["type"] == "date":
            return self._format_day(value)
        if column["type"] == "days":
            return self._format_days(value)
        if column["type"] == "money":
            return formatLang(self.env, value, currency_obj=self.env.company.currency_id)
        if column["type"] in ("quantity", "integer"):
            return self._format_number(value)
        return value

    @api.model
    def _format_day(self, day):
        return format_date(self.env, day, date_format=DAY_FORMAT)

    @api.model
    def _format_moment(self, scope, moment):
        """A moment (UTC) by the clock of the warehouse, with its zone."""
        zone = self._get_calendar(scope)._get_lot_timezone()
        text = format_datetime(self.env, moment, tz=zone.key, dt_format=MOMENT_FORMAT)
        return f"{text} {zone.key}"

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

    @api.model
    def _column(self, name, label, column_type="text"):
        return {"name": name, "label": label, "type": column_type}

    @api.model
    def _get_pdf(self, scope, options, rows):
        """The table as a landscape PDF that says whose it is, when it was made and what of."""
        html = f"<!DOCTYPE html>{self._get_pdf_html(scope, options, rows)}"
        return self.env["ir.actions.report"]._run_wkhtmltopdf([html], landscape=True)

    @api.model
    def _get_pdf_html(self, scope, options, rows):
        return self.env["ir.qweb"]._render(
            "lot_fefo_3pl.portal_lot_pdf",
            {
                "report": self,
                "brand": self.env["res.partner"].browse(scope.brand_id),
                "printed": self._format_moment(scope, fields.Datetime.now()),
                "restrictions": self._describe_options(options),
                "columns": self._get_columns(),
                "rows": rows,
            },
        )

    @api.model
    def _describe_options(self, options):
        """In words, what the table is restricted to."""
        parts = [self._get_filters()[options["filterby"]]]
        if options["search"]:
            parts.append(self.env._("search: %(search)s", search=options["search"]))
        for name, label in (("date_from", self.env._("from")), ("date_to", self.env._("to"))):
            if options.get(name):
                parts.append(f"{label} {self._format_day(options[name])}")
        return ", ".join(parts)

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
    def _get_bucket_bounds(self, scope):
        """The moments at which the buckets after the expired one begin."""
        calendar = self._get_calendar(scope)
        today = calendar._get_lot_today()
        return [
            calendar._get_lot_day_start(today + timedelta(days=start)) for start in BUCKET_STARTS
        ]

    @api.model
    def _get_bucket_domain(self, scope, bucket):
        """The lots of ``bucket``, as a domain on ``expiration_date``."""
        if bucket == "undated":
            return Domain("expiration_date", "=", False)
        bounds = self._get_bucket_bounds(scope)
        number = list(self._get_buckets()).index(bucket)
        domain = Domain.TRUE
        if number:
            domain &= Domain("expiration_date", ">=", bounds[number - 1])
        if number < len(bounds):
            domain &= Domain("expiration_date", "<", bounds[number])
        return domain
