"""The EPCIS export of the demo's day against GS1's own JSON schema."""

import copy
import os
import unittest
from collections import Counter

import jsonschema

from dev import epcis_schema
from dev.odoo_env import open_env

DATABASE = os.environ["LOT_TEST_DB"]


class TestEpcisSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        context = open_env(DATABASE)
        env = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        from dev import demo_story

        demo_story.play(env)
        env.flush_all()
        lots = env["stock.lot"].search([])
        quant = env["stock.quant"].search(
            [("lot_id.is_held", "=", False), ("location_id.usage", "=", "internal")], limit=1
        )
        scrap = env["stock.scrap"].create(
            {
                "product_id": quant.product_id.id,
                "lot_id": quant.lot_id.id,
                "scrap_qty": 1,
                "location_id": quant.location_id.id,
                "owner_id": quant.owner_id.id,
                "package_id": quant.package_id.id,
            }
        )
        scrap.do_scrap()
        cls.document = env["stock.lot.epcis"].document(lots.ids)
        cls.validator = jsonschema.Draft7Validator(
            epcis_schema.load(), format_checker=jsonschema.FormatChecker()
        )

    def faults(self, document):
        return [error.message for error in self.validator.iter_errors(document)]

    def event(self, step):
        events = self.document["epcisBody"]["eventList"]
        return next(event for event in events if event["bizStep"] == step)

    def test_every_event_of_the_day_fits_the_schema(self):
        self.assertEqual(self.faults(self.document), [])
        steps = Counter(event["bizStep"] for event in self.document["epcisBody"]["eventList"])
        for step in ("receiving", "shipping", "holding", "destroying"):
            self.assertGreater(steps[step], 0, step)

    def test_schema_refuses_what_is_wrong(self):
        """C4: the schema that the export passes is one that can fail."""
        good = self.event("shipping")
        goods = good["quantityList"][0]
        for name, change in {
            "no action": {"action": None},
            "no offset": {"eventTimeZoneOffset": None},
            "unit in words": {"quantityList": [{**goods, "uom": "pcs"}]},
            "quantity as text": {"quantityList": [{**goods, "quantity": "480"}]},
            "no goods": {"quantityList": []},
            "step as a URN": {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
            "master data when observed": {"ilmd": {"cbvmda:lotNumber": "1"}},
        }.items():
            event = copy.deepcopy(good) | change
            event = {key: value for key, value in event.items() if value is not None}
            document = {**self.document, "epcisBody": {"eventList": [event]}}
            with self.subTest(name):
                self.assertTrue(self.faults(document))


if __name__ == "__main__":
    unittest.main()
