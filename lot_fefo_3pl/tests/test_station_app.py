import json

from odoo.tests import HttpCase, tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestStationApp(LotControlCommon, HttpCase):
    """The station can be put on the home screen of a handheld, and is there for operators only."""

    def test_it_can_be_installed(self):
        query = "app_id=lot_fefo_3pl&app_name=Lot%20Station&path=scoped_app/lot-station"
        self.assertEqual(self.url_open(f"/scoped_app?{query}").status_code, 200)
        answer = self.url_open(
            "/web/manifest.scoped_app_manifest?" + query.replace("path=", "path=%2F")
        )
        manifest = json.loads(answer.text)
        self.assertEqual((manifest["name"], manifest["display"]), ("Lot Station", "standalone"))
        self.assertEqual(manifest["start_url"], "/scoped_app/lot-station")
        icon = self.url_open(manifest["icons"][0]["src"])
        self.assertEqual(icon.headers["Content-Type"].split(";")[0], "image/svg+xml")

    def test_only_operators_have_the_menu(self):
        menu = self.env.ref("lot_fefo_3pl.stock_lot_station_menu")
        for user, sees in (
            (self.operator, True),
            (self.supervisor, True),
            (self.stock_user, False),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in visible, sees, user.login)
