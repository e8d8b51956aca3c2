"""The portal's pages, files and JSON come from a streaming replica; a brand's request does not."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import requests

from dev import odoo_run, postgres, replica
from dev.odoo_env import open_env

DATABASE = os.environ["LOT_TEST_DB"]
GOODS = re.compile(r"\bstock_(?:quant|move_line|lot\w*)\b")
WRITES = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE)", re.IGNORECASE)
API = "/lot_fefo_3pl/api/1"
REASON = "The laboratory asks for it"


class TestReplica(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._tell_story()
        cls.primary, cls.replica = cls.enterClassContext(replica.pair(DATABASE))
        cls.port = odoo_run.free_port()
        cls._start_odoo()
        cls.http = requests.Session()
        cls.addClassCleanup(cls.http.close)
        cls._log_in()

    @classmethod
    def _tell_story(cls):
        """A brand with received lots, one of them recalled, and a user with an API key."""
        with open_env(DATABASE) as env:
            from odoo.fields import Datetime

            from dev import demo_master, demo_story

            master = demo_master.Master(env)
            name = demo_story.INBOUND[0]
            text = demo_master.read_text(name, master.today)
            warehouse = master.warehouse.with_user(master.users["operator"])
            warehouse.lot_import_inbound(text, name)
            lot = env["stock.lot"].search([("name", "=", demo_story.RECALLED)])
            recalls = env["stock.lot.recall"].with_user(master.users["qa"])
            cls.recall_id = recalls.start(lot.ids, "Capsules outside their limit")["recall_id"]
            client = master.users["northbloom"]
            keys = env(user=client)["res.users.apikeys"].sudo()
            cls.key = keys._generate(None, "erp", Datetime.add(Datetime.now(), days=1))
            cls.lot_id, cls.lot = lot.id, lot.name
            cls.login = {"login": client.login, "password": demo_master.password(client.login)}

    @classmethod
    def _start_odoo(cls):
        """Odoo as on a site with a replica: one address to write, one to read."""
        log = cls.enterClassContext(tempfile.TemporaryFile())
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "odoo", "-c", os.environ["ODOO_RC"], "-d", DATABASE),
                *("--db_host", str(cls.primary.socket), "--db_port", str(postgres.PORT)),
                *("--db_user", postgres.ROLE, "--db_replica_host", str(cls.replica.socket)),
                *("--db_replica_port", str(postgres.PORT), "--http-port", str(cls.port)),
                *("--db-filter", f"^{DATABASE}$", "--max-cron-threads=0", "--log-level=warn"),
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        cls.addClassCleanup(cls._end, process)

        def answers():
            if process.poll() is not None:
                log.seek(0)
                raise AssertionError(f"Odoo ended: {log.read().decode(errors='replace')[-2000:]}")
            return odoo_run.answers(cls.port)

        replica.wait_until(answers, "Odoo answers")

    @staticmethod
    def _end(process):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @classmethod
    def _log_in(cls):
        params = {"db": DATABASE, **cls.login}
        answer = cls.http.post(
            cls._url("/web/session/authenticate"),
            json={"jsonrpc": "2.0", "params": params},
            timeout=60,
        ).json()
        assert answer["result"]["uid"], answer
        # The style sheets are made once, by whoever asks first, and kept: that is a write.
        cls._get("/my/lots")

    @classmethod
    def _url(cls, path):
        return f"http://{odoo_run.HOST}:{cls.port}{path}"

    @classmethod
    def _get(cls, path):
        headers = {"Authorization": f"Bearer {cls.key}"} if path.startswith(API) else {}
        return cls.http.get(cls._url(path), headers=headers, timeout=60)

    def _asked(self, request):
        """The response, and what Odoo asked primary and replica about goods meanwhile."""
        servers = (self.primary, self.replica)
        before = [server.log_length() for server in servers]
        response = request()
        asked = [
            [text for text in server.statements(length) if GOODS.search(text)]
            for server, length in zip(servers, before, strict=True)
        ]
        return response, *asked

    def test_replica_follows_the_primary_and_cannot_be_written(self):
        self.assertTrue(self.replica.query(DATABASE, "SELECT pg_is_in_recovery()"))
        self.assertFalse(self.primary.query(DATABASE, "SELECT pg_is_in_recovery()"))
        replica.wait_until(
            lambda: self.primary.query(
                DATABASE, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            ),
            "the replica streams",
        )

    def test_everything_that_reads_is_served_by_the_replica(self):
        lots = "/my/lots"
        for path, words in (
            (f"{lots}/overview", "More than 90 days"),
            (lots, self.lot),
            (f"{lots}?search={self.lot}&groupby=product&filterby=all", self.lot),
            (f"{lots}.csv", self.lot),
            (f"{lots}.xlsx", None),
            (f"{lots}.pdf?search={self.lot}", None),
            (f"{lots}/{self.lot_id}", self.lot),
            (f"{lots}/{self.lot_id}/graph", self.lot),
            (f"{lots}/{self.lot_id}/receipts.csv", "ASN-NB"),
            (f"{lots}/expiring", None),
            (f"{lots}/shipments", None),
            (f"{lots}/movements", self.lot),
            (f"{lots}/movements.csv", self.lot),
            (f"{lots}/exceptions", None),
            (f"{lots}/recalls", "Capsules outside"),
            (f"{lots}/recalls/{self.recall_id}", "Capsules outside"),
            (f"{API}/lots", self.lot),
            (f"{API}/lots/{self.lot_id}", self.lot),
            (f"{API}/movements?limit=5", self.lot[:1]),
            (f"{API}/recalls", "Capsules outside"),
        ):
            with self.subTest(path=path):
                response, primary, reads = self._asked(lambda path=path: self._get(path))
                self.assertEqual(response.status_code, 200)
                if words:
                    self.assertIn(words, response.text)
                self.assertEqual(primary, [])
                self.assertTrue(reads)

    def test_request_for_a_hold_is_written_on_the_primary_and_read_on_the_replica(self):
        page = self._get(f"/my/lots/{self.lot_id}").text
        token = re.search(r'name="csrf_token"\s+value="([^"]+)"', page)[1]
        response, primary, reads = self._asked(
            lambda: self.http.post(
                self._url(f"/my/lots/{self.lot_id}/hold"),
                data={"csrf_token": token, "reason": REASON},
                allow_redirects=False,
                timeout=60,
            )
        )
        self.assertEqual(response.status_code, 303)
        written = [text for text in primary if WRITES.search(text)]
        self.assertTrue(any("stock_lot_hold_request" in text for text in written))
        self.assertEqual([text for text in reads if WRITES.search(text)], [])
        count = f"SELECT count(*) FROM stock_lot_hold_request WHERE reason = '{REASON}'"
        self.assertEqual(self.primary.query(DATABASE, count), 1)
        replica.wait_until(lambda: self.replica.query(DATABASE, count) == 1, "the row arrives")
        response, primary, reads = self._asked(lambda: self._get(f"/my/lots/{self.lot_id}"))
        self.assertIn(REASON, response.text)
        self.assertEqual(primary, [])
        self.assertTrue(reads)


if __name__ == "__main__":
    unittest.main()
