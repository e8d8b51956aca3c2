import base64
import io
import re

from odoo import fields
from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .portal_common import PASSWORD
from .test_portal_pages import PortalStoryCommon

# What only brand A may read: names and numbers that nobody else's page may contain.
SECRETS = ("A-EARLY", "A-LATE", "A-EXPIRED", "SO-A-1", "Vitamin C", "Splinters in A", "Aisle of A")
# Printing takes a second or two: the brand's own check prints these only.
PRINTED = ("/my/lots.pdf", "/my/lots/shipments.pdf")
API_ROUTE = "/lot_fefo_3pl/api/"
# Of the addon and of its bridges.
MODULES = "odoo.addons.lot_fefo_3pl"
# Every route by whom it is for. ``brand`` pages and ``brand_write`` are the brand's
# users', ``staff`` is for who may read the record, ``key`` for who has the secret of a letter.
ROUTES = {
    "GET /lot_fefo_3pl/api/1/<any:table>": "brand",
    "GET /lot_fefo_3pl/api/1/lots": "brand",
    "GET /lot_fefo_3pl/api/1/lots/<int:lot_id>": "brand",
    "GET /lot_fefo_3pl/api/1/lots/<int:lot_id>/<any:part>": "brand",
    "GET /lot_fefo_3pl/api/1/lots/<int:lot_id>/documents/<int:document_id>": "brand",
    "GET /lot_fefo_3pl/api/1/overview": "brand",
    "GET /lot_fefo_3pl/api/1/recalls/<int:recall_id>/customers": "brand",
    "GET /lot_fefo_3pl/recall/<int:recall_id>/<string:name>": "staff",
    "GET /lot_fefo_3pl/recall/<int:recall_id>/frozen/<int:document_id>": "staff",
    "GET /lot_fefo_3pl/receipt/<int:picking_id>/<string:name>": "staff",
    "GET /lot_fefo_3pl/traceability/<int:export_id>/<string:name>": "staff",
    "GET /my/lots": "brand",
    "GET /my/lots.<any:kind>": "brand",
    "GET /my/lots/<any:table>": "brand",
    "GET /my/lots/<any:table>.<any:kind>": "brand",
    "GET /my/lots/<any:table>/page/<int:page>": "brand",
    "GET /my/lots/<int:lot_id>": "brand",
    "GET /my/lots/<int:lot_id>/<any:part>.<any:kind>": "brand",
    "GET /my/lots/<int:lot_id>/documents/<int:document_id>": "brand",
    "GET /my/lots/<int:lot_id>/graph": "brand",
    "GET /my/lots/alerts": "brand",
    "GET /my/lots/overview": "brand",
    "GET /my/lots/overview.<any:kind>": "brand",
    "GET /my/lots/page/<int:page>": "brand",
    "GET /my/lots/recalls/<int:recall_id>": "brand",
    "GET /my/lots/recalls/<int:recall_id>.<any:kind>": "brand",
    "GET /my/lots/recalls/<int:recall_id>/<any:name>": "brand",
    "GET /my/lots/recalls/<int:recall_id>/page/<int:page>": "brand",
    "GET /recall/reply/<string:token>": "key",
    "POST /my/lots/<int:lot_id>/hold": "brand_write",
    "POST /my/lots/alerts": "brand_write",
    "POST /my/lots/recalls/<int:recall_id>/approval": "brand_write",
    "POST /recall/reply/<string:token>": "key",
}
# What somebody may type into an address: fields of owners, foreign ids, other pages, SQL.
TAMPERED = (
    "owner_id={brand}&owner_ids={brand}&brand_id={brand}&partner_id={brand}&scope={brand}&limit=9",
    "lot_id={lot}&recall_id={recall}&search=' OR 1=1 --&page=2&date_to=9999-12-31&offset=0",
    "filterby=all&sortby=id;drop&groupby=owner_id&search=A-&company_ids=1",
    "search=%25&filterby=all&page=x&groupby=product&lang=de_DE&access_token=1",
)


@tagged("post_install", "-at_install")
class TestPortalIsolation(PortalStoryCommon):
    """Promise 6: every route, asked by everybody else, gives nothing of brand A.

    The routes are read from the registry: one that is not in ``ROUTES`` fails the first test, and
    each of its addresses takes part in the others.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._hold(cls.lot_late)
        recalls = cls.env["stock.lot.recall"].with_user(cls.qa)
        cls.recall_id = recalls.start(cls.lot_early.ids, "Splinters in A")["recall_id"]
        cls.env["stock.lot.override"].create(
            {
                "move_id": cls.shipped.move_ids.id,
                "product_id": cls.vitamin.id,
                "lot_id": cls.lot_early.id,
                "company_id": cls.env.company.id,
                "rule_code": "deviation",
                "message": "Aisle of A",
                "reason": "Aisle of A",
                "user_id": cls.supervisor.id,
                "date_used": fields.Datetime.now(),
            }
        )
        subsidiary = cls.env["res.partner"].create(
            {"name": "Brand A Subsidiary", "is_company": True, "parent_id": cls.brand_a.id}
        )
        cls.document = cls.env["stock.lot.document"].create(
            {
                "lot_id": cls.lot_early.id,
                "name": "Aisle of A.txt",
                "content": base64.b64encode(b"Aisle of A"),
                "is_brand_visible": True,
            }
        )
        colleague_b = cls.env["res.partner"].create(
            {"name": "Colleague of B", "parent_id": cls.brand_b.id, "type": "contact"}
        )
        cls.others = {
            "other brand": cls.user_b,
            "contact of the other brand": cls._portal_user("colleague_b", colleague_b),
            "consumer": cls.user_none,
            "subsidiary": cls._portal_user("subsidiary", subsidiary),
            "employee": cls.employee,
        }

    def _rules(self):
        """``{name in ROUTES: rule}`` of every route that a controller of the addon has."""
        rules = {}
        for rule in self.env["ir.http"].routing_map().iter_rules():
            endpoint = rule.endpoint.original_endpoint
            if endpoint.__module__.startswith(MODULES):
                path = re.sub(r"any\([^)]*\)", "any", rule.rule)
                for method in rule.endpoint.routing["methods"] or ["GET"]:
                    rules[f"{method} {path}"] = rule
        return rules

    def _addresses(self, kind="brand"):
        """Every address of the routes of a kind, with the ids of brand A's records in it."""
        rules = self._rules()
        return sorted(
            address
            for name, route_kind in ROUTES.items()
            if route_kind == kind
            for address in self._fill(rules[name].rule)
        )

    def _fill(self, path):
        values = {
            "<int:lot_id>": self.lot_early.id,
            "<int:recall_id>": self.recall_id,
            "<int:document_id>": self.document.id,
            "<int:page>": 1,
            "<string:token>": "0123456789abcdef",
        }
        for name, value in values.items():
            path = path.replace(name, str(value))
        match = re.search(r"<any\(([^)]*)\):\w+>", path)
        if not match:
            self.assertNotIn("<", path)
            return [path]
        return [
            address
            for choice in match[1].split(",")
            for address in self._fill(path.replace(match[0], choice.strip(), 1))
        ]

    def test_every_route_is_in_the_matrix(self):
        """G10: a route that nobody thought about is found here, not by another brand."""
        rules = self._rules()
        self.assertEqual(set(rules), set(ROUTES))
        logins = {
            "brand": {"user", "bearer"},
            "brand_write": {"user"},
            "staff": {"user"},
            "key": {"public"},
        }
        for name, rule in rules.items():
            with self.subTest(route=name):
                routing = rule.endpoint.routing
                self.assertIn(routing["auth"], logins[ROUTES[name]])
                self.assertEqual(bool(routing["readonly"]), name.startswith("GET"))
                if name.startswith("POST"):
                    self.assertTrue(routing.get("csrf", True))

    def _assert_nothing(self, response, address):
        self.assertIn(response.status_code, (200, 401, 404), address)
        text = self._text(response)
        for secret in SECRETS:
            self.assertNotIn(secret, text, address)

    def _text(self, response):
        if response.headers["Content-Type"] != "application/pdf":
            return response.text
        pages = PdfFileReader(io.BytesIO(response.content)).pages
        return " ".join(page.extract_text() for page in pages)

    def test_the_brand_itself_reaches_every_address(self):
        """The matrix below would prove nothing if the addresses were wrong."""
        key = self._api_key(self.user_a)
        self._login(self.user_a)
        addresses = [
            address
            for address in self._addresses()
            if not address.endswith(".pdf") or address in PRINTED
        ]
        self.assertGreater(len(addresses), 40)
        found = set()
        for address in addresses:
            with self.subTest(address=address):
                # Odoo warns when a readonly route writes, which a replica would refuse.
                with self.assertNoLogs("odoo.http", "WARNING"):
                    response = self._fetch(address, key)
                self.assertEqual(response.status_code, 200)
                read = {secret for secret in SECRETS if secret in self._text(response)}
                self.assertTrue(read or address not in PRINTED)
                found |= read
        self.assertEqual(found, set(SECRETS))

    def _api_key(self, user):
        keys = self.env(user=user)["res.users.apikeys"].sudo()
        return keys._generate(None, "test", fields.Datetime.add(fields.Datetime.now(), days=1))

    def _fetch(self, address, key=None, **kwargs):
        headers = {"Authorization": f"Bearer {key}"} if key and API_ROUTE in address else None
        return self.url_open(address, headers=headers, **kwargs)

    @mute_logger("odoo.http")
    def test_nobody_else_gets_anything_from_any_address(self):
        """G10: every route, file and API call, with brand A's own ids in the address."""
        addresses = self._addresses()
        for kind, user in self.others.items():
            self._login(user)
            key = self._api_key(user)
            for address in addresses:
                if address.endswith(".pdf") and kind != "other brand":
                    continue  # the same rows as the CSV, and slow to print
                with self.subTest(kind=kind, address=address):
                    query = f"?filterby=all&search=A-&lot_id={self.lot_early.id}"
                    self._assert_nothing(self._fetch(address + query, key), address)

    @mute_logger("odoo.http")
    def test_tampered_addresses_give_nothing(self):
        """G10: filters, sortings, groups, pages, ids and owners that the page does not offer."""
        ids = {"brand": self.brand_a.id, "lot": self.lot_early.id, "recall": self.recall_id}
        self._login(self.user_b)
        key = self._api_key(self.user_b)
        for address in self._addresses():
            if address.endswith((".pdf", ".xlsx")):
                continue  # the rows of the CSV
            for query in TAMPERED:
                with self.subTest(address=address, query=query):
                    self._assert_nothing(
                        self._fetch(f"{address}?{query.format(**ids)}", key), address
                    )

    def _post(self, address, **values):
        return self.url_open(address, {**values, "csrf_token": Request.csrf_token(self)})

    @mute_logger("odoo.http")
    def test_nobody_else_writes_anything(self):
        """G10: hold, approval and alerts of brand A stay as they are."""
        recall = self.env["stock.lot.recall"].browse(self.recall_id)
        addresses = self._addresses("brand_write")
        self.assertEqual(len(addresses), 3)
        requests = self.env["stock.lot.hold.request"]
        count = requests.search_count([("lot_id", "=", self.lot_early.id)])
        frequency = self.brand_a.lot_digest_frequency
        other = "never" if frequency != "never" else "daily"
        for kind, user in self.others.items():
            self._login(user)
            for address in addresses:
                with self.subTest(kind=kind, address=address):
                    values = {"reason": "x", "decision": "approve", "frequency": other}
                    response = self._post(address, **values, owner_id=self.brand_a.id)
                    self._assert_nothing(response, address)
                    if "alerts" not in address:
                        self.assertEqual(response.status_code, 404)
        self.assertEqual(requests.search_count([("lot_id", "=", self.lot_early.id)]), count)
        self.assertEqual(recall.approval_state, "none")
        self.assertEqual(self.brand_a.lot_digest_frequency, frequency)

    @mute_logger("odoo.http")
    def test_files_of_the_warehouse_are_for_its_staff(self):
        """G10: also brand A's users get them by their own pages only."""
        recall = self.env["stock.lot.recall"].browse(self.recall_id)
        frozen = self.env["stock.lot.recall.document"]._freeze(recall, "status.xlsx", b"Aisle of A")
        export = (
            self.env["stock.lot.traceability.export"]
            .with_user(self.qa)
            .create({"lot_ids": self.lot_early.ids})
        )
        files = {
            "recall/<int:recall_id>/<string:name>": f"recall/{recall.id}/status.xlsx",
            "recall/<int:recall_id>/frozen/<int:document_id>": (
                f"recall/{recall.id}/frozen/{frozen.id}"
            ),
            "receipt/<int:picking_id>/<string:name>": f"receipt/{self.shipped.id}/differences.csv",
            "traceability/<int:export_id>/<string:name>": f"traceability/{export.id}/epcis.jsonld",
        }
        prefix = "GET /lot_fefo_3pl/"
        staff = {name for name, kind in ROUTES.items() if kind == "staff"}
        self.assertEqual({prefix + name for name in files}, staff)
        addresses = [f"/lot_fefo_3pl/{path}" for path in files.values()]
        for kind, user in {**self.others, "the brand": self.user_a}.items():
            self._login(user)
            for address in addresses:
                with self.subTest(kind=kind, address=address):
                    self.assertIn(self.url_open(address).status_code, (403, 404))
        self._login(self.qa)
        for address in addresses:
            with self.subTest(kind="qa", address=address):
                self.assertEqual(self.url_open(address).status_code, 200)

    @mute_logger("odoo.http")
    def test_guessed_key_of_a_letter_opens_nothing(self):
        """G10: a key is needed, and a key of nobody shows nothing and writes nothing."""
        answers = self.env["stock.lot.recall.response"]
        count = answers.search_count([])
        for key in ("0123456789abcdef", str(self.recall_id), "%25", "None", "False", "x" * 500):
            with self.subTest(key=key):
                self._assert_nothing(self.url_open(f"/recall/reply/{key}"), key)
                self.authenticate(None, None)
                response = self._post(f"/recall/reply/{key}", **{f"sold_{self.lot_early.id}": 1})
                self._assert_nothing(response, key)
        self.assertEqual(answers.search_count([]), count)

    @mute_logger("odoo.http")
    def test_key_that_has_ended_is_refused(self):
        """G10: an API key stops with its end, and when its user is archived."""
        keys = self.env(user=self.user_a)["res.users.apikeys"].sudo()
        key = keys._generate(None, "test", fields.Datetime.add(fields.Datetime.now(), days=1))
        address = "/lot_fefo_3pl/api/1/lots"
        self.assertIn("A-EARLY", self._fetch(address, key).text)
        self.user_a.active = False
        self.assertEqual(self._fetch(address, key).status_code, 401)
        self.user_a.active = True
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() AT TIME ZONE 'utc' - '1 min'"
            "::interval WHERE user_id = %s",
            [self.user_a.id],
        )
        self.assertEqual(self._fetch(address, key).status_code, 401)

    @mute_logger("odoo.http")
    def test_foreign_id_is_answered_like_one_that_does_not_exist(self):
        """G10: an id cannot be probed: a foreign record and no record look the same."""
        self._login(self.user_b)
        key = self._api_key(self.user_b)
        for address in (
            "/my/lots/%s",
            "/my/lots/%s/shipments.csv",
            "/my/lots/%s/places.xlsx",
            "/my/lots/%s/graph",
            "/lot_fefo_3pl/api/1/lots/%s",
            "/lot_fefo_3pl/api/1/lots/%s/receipts",
        ):
            for unknown in (self.lot_early.id, 2**31 - 1, 2**40):
                with self.subTest(address=address, id=unknown):
                    self.assertEqual(self._fetch(address % unknown, key).status_code, 404)
        for unknown in (self.recall_id, 2**40):
            response = self._fetch(f"/my/lots/recalls/{unknown}")
            self.assertEqual(response.status_code, 404)

    @mute_logger("odoo.http")
    def test_public_visitor_gets_a_login_or_401(self):
        for address in self._addresses():
            with self.subTest(address=address):
                response = self._fetch(address, allow_redirects=False)
                self.assertIn(response.status_code, (303, 401))
            if API_ROUTE in address:
                with self.subTest(address=address, key="invented"):
                    response = self._fetch(address, key="0123456789abcdef" * 2)
                    self.assertEqual(response.status_code, 401)

    def test_new_colleague_sees_what_the_brand_sees(self):
        """G10: several users per brand, whatever contact they hang on."""
        nested = self.env["res.partner"].create(
            {"name": "Night shift", "parent_id": self.colleague_a.partner_id.id}
        )
        user = new_test_user(
            self.env,
            login="night",
            password=PASSWORD,
            groups="base.group_portal",
            partner_id=nested.id,
            name="Night shift",
        )
        for url in ("/my/lots", "/my/lots/shipments"):
            with self.subTest(url=url):
                self.assertEqual(self._page(user, url), self._page(self.user_a, url))

    def test_transfer_of_two_brands_shows_each_its_own_lines(self):
        """G05, G19: a mixed delivery leaks neither lines nor lots of the other brand."""
        picking = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.retailer
        )
        picking.origin = "SO-MIXED"
        for lot, place in ((self.lot_b, self.floor), (self.lot_late, self.bin_3)):
            line = {
                "picking_id": picking.id,
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "quantity": 1,
                "state": "done",
                "location_id": place.id,
                "location_dest_id": self.customer_location.id,
                "owner_id": lot.owner_id.id,
            }
            move = self._move(picking, lot.product_id, 1)
            self.env["stock.move.line"].create({**line, "state": "draft", "move_id": move.id})
        self.env["stock.lot.hold"].search([("lot_id", "=", self.lot_late.id)]).with_user(
            self.qa
        )._release("Test")
        self._validate(picking)
        for user, lot in ((self.user_a, "A-LATE"), (self.user_b, "B-SECRET")):
            with self.subTest(user=user.login):
                rows = self._report_rows(user, "shipment", search="SO-MIXED")
                self.assertEqual([row["lot"] for row in rows], [lot])


@tagged("post_install", "-at_install")
class TestPortalApi(PortalStoryCommon):
    """Promise 6: a brand's own system reads the same data, page by page."""

    def setUp(self):
        super().setUp()
        keys = self.env(user=self.user_a)["res.users.apikeys"].sudo()
        end = fields.Datetime.add(fields.Datetime.now(), days=1)
        self.headers = {"Authorization": f"Bearer {keys._generate(None, 'erp', end)}"}

    def _call(self, path, **params):
        query = "&".join(f"{name}={value}" for name, value in params.items())
        response = self.url_open(f"/lot_fefo_3pl/api/1/{path}?{query}", headers=self.headers)
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        return response.status_code, response.json()

    def test_client_reads_all_lots_page_by_page(self):
        lots, offset = [], 0
        while True:
            status, answer = self._call("lots", limit=2, offset=offset)
            self.assertEqual(status, 200)
            self.assertEqual(answer["total"], 3)
            lots += [row["lot"] for row in answer["rows"]]
            offset += len(answer["rows"])
            if offset >= answer["total"]:
                break
        self.assertEqual(lots, ["A-EXPIRED", "A-EARLY", "A-LATE"])

    def test_client_traces_a_lot_and_an_order(self):
        __, answer = self._call("lots", search="A-EARLY")
        lot_id = answer["rows"][0]["lot_id"]
        __, detail = self._call(f"lots/{lot_id}")
        self.assertEqual(detail["lot"]["on_hand"], 37)
        self.assertEqual(detail["balance"]["outgoing"], [{"label": "Shipped", "quantity": 15}])
        __, shipments = self._call(f"lots/{lot_id}/shipments")
        self.assertEqual(
            {row["consignee"] for row in shipments["rows"]}, {"Retailer Rita", "Consumer Carla"}
        )
        __, order = self._call("shipments", search="SO-A-1")
        self.assertEqual([row["lot"] for row in order["rows"]], ["A-EARLY"])
        day = self.warehouse._get_lot_day(self.lot_early.expiration_date)
        self.assertEqual(order["rows"][0]["expiry"], day.isoformat())

    def test_answers_hold_what_the_pages_show(self):
        for path, name in (("lots", "stock"), ("movements", "movement"), ("expiring", "expiring")):
            with self.subTest(path=path):
                __, answer = self._call(path)
                rows = self._report_rows(self.user_a, name)
                self.assertTrue(rows)
                self.assertEqual([row["id"] for row in answer["rows"]], [row["id"] for row in rows])

    def test_wrong_requests_are_explained(self):
        for params in ({"limit": "many"}, {"limit": 0}, {"limit": 1001}, {"offset": -1}):
            with self.subTest(**params):
                status, answer = self._call("lots", **params)
                self.assertEqual(status, 400)
                self.assertIn("limit must be a number", answer["error"])
        self.assertEqual(self._call("lots/999999")[0], 404)

    @mute_logger("odoo.http")
    def test_key_is_needed_and_nothing_can_be_written(self):
        self.assertEqual(self.url_open("/lot_fefo_3pl/api/1/lots").status_code, 401)
        response = self.url_open("/lot_fefo_3pl/api/1/lots", data={"x": 1}, headers=self.headers)
        self.assertEqual(response.status_code, 405)
