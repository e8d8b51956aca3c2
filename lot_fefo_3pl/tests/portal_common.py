import csv
import io
from urllib.parse import urlencode

from lxml import html

from odoo.tests import HttpCase, new_test_user

from .test_trace import TraceCommon

PASSWORD = "portal-password"


class PortalCommon(HttpCase, TraceCommon):
    """The small 3PL with portal users: two colleagues of brand A, one of brand B, a consumer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_a = cls._portal_user("brand_a", cls.brand_a)
        colleague = cls.env["res.partner"].create(
            {"name": "Colleague", "parent_id": cls.brand_a.id, "type": "contact"}
        )
        cls.colleague_a = cls._portal_user("colleague_a", colleague)
        cls.user_b = cls._portal_user("brand_b", cls.brand_b)
        cls.user_none = cls._portal_user("consumer", cls.consumer)
        cls.report = cls.env["stock.lot.report.stock"]
        cls.floor = cls.env["stock.location"].create(
            {"name": "Floor", "location_id": cls.stock.id, "lot_segregation": "mixed"}
        )

    @classmethod
    def _portal_user(cls, login, partner):
        return new_test_user(
            cls.env,
            login=login,
            password=PASSWORD,
            groups="base.group_portal",
            partner_id=partner.id,
            name=partner.name,
        )

    @classmethod
    def _hold(cls, lot, location=None):
        reason = cls.env["stock.lot.hold.reason"].create({"name": "Label error"})
        return cls.env["stock.lot.hold"]._hold(lot, reason, location=location)

    def _login(self, user):
        self.authenticate(user.login, PASSWORD if user.share else user.login)

    def _get(self, url, user=None, **params):
        if user:
            self._login(user)
        response = self.url_open(f"{url}?{urlencode(params)}" if params else url)
        self.assertEqual(response.status_code, 200, url)
        return response

    def _page(self, user=None, url="/my/lots", **params):
        """The rows of the page's table as dicts of the shown texts, by column name."""
        tree = html.fromstring(self._get(url, user, **params).text)
        return [
            {cell.get("data-name"): cell.text_content().strip() for cell in row.findall("td")}
            for row in tree.xpath("//table[contains(@class, 'o_lot_table')]/tbody/tr")
        ]

    def _csv(self, user=None, url="/my/lots.csv", **params):
        content = self._get(url, user, **params).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content)))

    def _report_rows(self, user, name="stock", **params):
        report = self.env[f"stock.lot.report.{name}"].with_user(user).sudo()
        rows, __ = report._get_rows(user._get_lot_scope(), report._clean_options(params))
        return rows

    def _rows(self, user, **params):
        return {row["lot"]: row for row in self._report_rows(user, **params)}
