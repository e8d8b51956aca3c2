"""Recall letters with real transactions: crashes in the middle and two workers at once.

Run by the test command on a database of its own. What has to hold: every customer in the queue
gets exactly one letter, whatever broke off and whoever worked at the same time.
"""

import os
import subprocess
import sys
import textwrap
import threading
import unittest

import odoo
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import mute_logger

DATABASE = os.environ["LOT_TEST_DB"]
CUSTOMERS = 230  # more than two batches


def setUpModule():
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http"])


def environment(cursor):
    return odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


class TestNoticeRaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registry = Registry(DATABASE)

    def setUp(self):
        quiet = mute_logger("odoo.sql_db")
        quiet.__enter__()
        self.addCleanup(quiet.__exit__)
        with self.registry.cursor() as cr:
            env = environment(cr)
            env["stock.lot.recall.consignee"].search(
                [("notice_state", "=", "queued")]
            ).notice_state = "to_send"
            product = env["product.product"].create(
                {"name": self.id(), "is_storable": True, "tracking": "lot"}
            )
            lot = env["stock.lot"].create({"name": "L1", "product_id": product.id})
            recall = env["stock.lot.recall"].browse(
                env["stock.lot.recall"].start([lot.id], "Race")["recall_id"]
            )
            consignees = env["stock.lot.recall.consignee"].create(
                [
                    {
                        "recall_id": recall.id,
                        "name": f"Customer {number}",
                        "email": f"c{number}@example.com",
                    }
                    for number in range(CUSTOMERS)
                ]
            )
            recall._override_approval("Race")
            consignees._queue_notices()
            self.recall_id = recall.id

    def _letters(self):
        """Mails per customer, by Odoo's own queue; and the states of the customers."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT c.id, c.notice_state, COUNT(DISTINCT m.id), COUNT(DISTINCT n.id)"
                " FROM stock_lot_recall_consignee c"
                " LEFT JOIN mail_message g ON g.model = 'stock.lot.recall.consignee'"
                " AND g.res_id = c.id LEFT JOIN mail_mail m ON m.mail_message_id = g.id"
                " LEFT JOIN stock_lot_recall_notice n ON n.consignee_id = c.id"
                " WHERE c.recall_id = %s GROUP BY c.id",
                [self.recall_id],
            )
            return cr.fetchall()

    def _assert_once(self):
        rows = self._letters()
        self.assertEqual(len(rows), CUSTOMERS)
        self.assertEqual({row[1:] for row in rows}, {("outgoing", 1, 1)})

    def _work(self):
        with self.registry.cursor() as cr:
            try:
                environment(cr)["stock.lot.recall.consignee"]._run_queue()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                cr.rollback()

    def test_worker_killed_in_the_middle_is_carried_on(self):
        """A process that dies between two batches, and inside one, loses and doubles nothing."""
        script = textwrap.dedent(
            """
            import os, odoo
            from odoo.modules.registry import Registry
            odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", DB, "--no-http"])
            with Registry(DB).cursor() as cr:
                queue = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
                queue = queue["stock.lot.recall.consignee"]
                queue._take_batch()._write_notices()
                cr.commit()
                queue._take_batch()._write_notices()
                os._exit(9)
            """
        )
        result = subprocess.run(
            [sys.executable, "-c", f"DB = {DATABASE!r}\n{script}"], check=False, timeout=300
        )
        self.assertEqual(result.returncode, 9)
        sent = [row for row in self._letters() if row[2]]
        self.assertTrue(0 < len(sent) < CUSTOMERS)
        self._work()
        self._assert_once()

    def test_two_workers_at_once_share_the_queue(self):
        """K09: each takes what the other has not; what collides comes again."""
        for _try in range(3):
            threads = [threading.Thread(target=self._work) for _worker in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self._assert_once()
