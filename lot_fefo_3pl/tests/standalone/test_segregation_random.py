"""Several processes move two brands' lots in and out of few bins at random, for a bounded time.

Afterwards no bin breaks its rule, no unit is lost, and whatever was refused was refused with a
message for people. The numbers are printed.
"""

import collections
import concurrent.futures
import datetime
import multiprocessing
import os
import random
import time
import unittest

import odoo.cli  # sets Odoo up as its own commands do
from odoo import Command
from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import config

DATABASE = os.environ["LOT_TEST_DB"]
PROCESSES = int(os.environ.get("LOT_TEST_PROCESSES", "3"))
SECONDS = float(os.environ.get("LOT_TEST_SECONDS", "25"))
# What each bin keeps apart: its rule for lots, and that for owners.
BINS = (
    ("product", "mixed"),
    ("product", "owner"),
    ("lot", "mixed"),
    ("package", "mixed"),
    ("expiry", "mixed"),
)
LOTS = 3
# What may not differ within what, in plain SQL: this does not ask the code that it proves.
RULES = {
    "product": ("product_id", "lot_id"),
    "lot": ("1", "lot_id"),
    "package": ("COALESCE('package ' || package_id, 'product ' || product_id)", "lot_id"),
    "expiry": ("product_id", "expiration_date::date"),
    "owner": ("1", "owner_id"),
}
OPERATIONS = (
    "receive",
    "transfer",
    "count",
    "swap",
    "pack",
    "move_package",
    "unpack",
    "deliver",
    "take_back",
)


def open_registry():
    options = ["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http", "--log-level=critical"]
    config.parse_config(options, setup_logging=True)
    return Registry(DATABASE)


class Operator:
    """One user who does something at random, as a request of the web client would."""

    def __init__(self, setup, seed):
        self.setup, self.random = setup, random.Random(seed)
        self.counts, self.messages = collections.Counter(), set()
        self.delta = 0

    def run(self, seconds):
        """Work for so long; on a slow machine up to twice as long, for what was not done yet."""
        registry = open_registry()
        until = time.monotonic() + seconds
        while True:
            late = time.monotonic() - until
            missing = [name for name in OPERATIONS if not self.counts[f"{name} done"]]
            if late > 0 and (late > seconds or not missing):
                break
            name = self.random.choice(("receive", *(missing if late > 0 else OPERATIONS)))
            action = getattr(self, f"_{name}")
            with registry.cursor() as cr:
                self._try(odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}), action)
        return self.counts, self.messages, self.delta

    def _try(self, env, action):
        name, attempts = action.__name__.strip("_"), 0

        def attempt():
            nonlocal attempts
            attempts += 1
            return action(env(user=odoo.SUPERUSER_ID))

        try:
            change = retrying(attempt, env)
        except UserError as error:
            self.counts[f"{name} refused"] += 1
            self.messages.add(str(error))
            env.cr.rollback()
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError):
            self.counts[f"{name} given up after five tries"] += 1
            env.cr.rollback()
        else:
            self.delta += change or 0
            self.counts[f"{name} done" if change is not None else "nothing to do"] += 1
        self.counts["retries"] += attempts - 1

    # What users do ---------------------------------------------------------------------------

    def _receive(self, env):
        lot = env["stock.lot"].browse(self.random.choice(self.setup["lots"]))
        quantity = self.random.randint(1, 9)
        self._picking(env, self.setup["supplier"], [(lot, quantity, None, self._bin())])
        return quantity

    def _transfer(self, env):
        quant = self._quant(env)
        if not quant:
            return None
        quantity = self.random.choice((quant.quantity, 1))
        self._picking(
            env, quant.location_id.id, [(quant, quantity, quant.location_id.id, self._bin())]
        )
        return 0

    def _swap(self, env):
        first, second = self._quant(env), self._quant(env)
        if not first or not second or first.location_id == second.location_id:
            return None
        self._picking(
            env,
            self.setup["stock"],
            [
                (first, first.quantity, first.location_id.id, second.location_id.id),
                (second, second.quantity, second.location_id.id, first.location_id.id),
            ],
        )
        return 0

    def _deliver(self, env):
        """Ship a part of what lies in a bin."""
        quant = self._quant(env)
        if not quant:
            return None
        source, customer = quant.location_id.id, self.setup["customer"]
        self._picking(env, source, [(quant, 1, source, customer)], "out_type", customer)
        return -1

    def _take_back(self, env):
        """A customer sends back what was shipped before."""
        customer = self.setup["customer"]
        shipped = env["stock.quant"].search(
            [
                ("location_id", "=", customer),
                ("quantity", ">", 0),
                ("lot_id", "in", self.setup["lots"]),
            ]
        )
        if not shipped:
            return None
        quant = self.random.choice(shipped)
        self._picking(env, customer, [(quant, 1, customer, self._bin())], "in_type")
        return 1

    def _count(self, env):
        lot = env["stock.lot"].browse(self.random.choice(self.setup["lots"]))
        quants = env["stock.quant"].with_context(inventory_mode=True)
        quant = quants.create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "owner_id": lot.owner_id.id,
                "location_id": self._bin(),
                "inventory_quantity": self.random.choice((0, 0, 5)),
            }
        )
        change = quant.inventory_quantity - quant.quantity
        quant.action_apply_inventory()
        return change

    def _pack(self, env):
        """Put what lies in a bin into a package, a new one or one that stands there."""
        quant = self._quant(env, [("package_id", "=", False)])
        if not quant:
            return None
        package = self._quant(
            env, [("package_id", "!=", False), ("location_id", "=", quant.location_id.id)]
        ).package_id
        package = package or env["stock.package"].create({"name": f"P{self.random.random()}"})
        quant.move_quants(package_dest_id=package, message="Packed")
        return 0

    def _move_package(self, env):
        """Relocate a whole package."""
        package = self._quant(env, [("package_id", "!=", False)]).package_id
        if not package:
            return None
        place = env["stock.location"].browse(self._bin())
        if place == package.location_id:
            return None
        package.location_id = place
        return 0

    def _unpack(self, env):
        package = self._quant(env, [("package_id", "!=", False)]).package_id
        if not package:
            return None
        package.unpack()
        return 0

    def _bin(self):
        return self.random.choice(self.setup["bins"])

    def _quant(self, env, domain=()):
        quants = env["stock.quant"].search(
            [("location_id", "in", self.setup["bins"]), ("quantity", ">", 0), *domain]
        )
        return self.random.choice(quants) if quants else quants

    def _picking(self, env, source_id, lines, picking_type="type", place_id=None):
        place_id = place_id or self.setup["stock"]
        picking = env["stock.picking"].create(
            {
                "picking_type_id": self.setup[picking_type],
                "location_id": source_id,
                "location_dest_id": place_id,
            }
        )
        for goods, quantity, line_source_id, destination_id in lines:
            is_quant = goods._name == "stock.quant"
            lot = goods.lot_id if is_quant else goods
            line = {
                "package_id": goods.package_id.id if is_quant else False,
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "owner_id": lot.owner_id.id,
                "quantity": quantity,
                "location_id": line_source_id or source_id,
                "location_dest_id": destination_id,
                "picking_id": picking.id,
            }
            env["stock.move"].create(
                {
                    "product_id": lot.product_id.id,
                    "product_uom": lot.product_id.uom_id.id,
                    "product_uom_qty": quantity,
                    "picking_id": picking.id,
                    "location_id": source_id,
                    "location_dest_id": place_id,
                    "move_line_ids": [Command.create(line)],
                }
            )
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()


def work(setup, seed, seconds):
    return Operator(setup, seed).run(seconds)


class TestSegregationRandom(unittest.TestCase):
    def test_random_operations_never_mix_lots_nor_lose_units(self):
        """K01, K02: random receipts, transfers, counts, swaps, packages, shipments and returns."""
        registry = open_registry()
        with registry.cursor() as cr:
            setup = self._prepare(odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}))
        results = self._run_processes(setup)
        counts = sum((counts for counts, _messages, _delta in results), collections.Counter())
        print("\n".join(f"  {name}: {count}" for name, count in sorted(counts.items())))
        with registry.cursor() as cr:
            self._check(cr, setup, sum(delta for _counts, _messages, delta in results))
        done = sum(count for name, count in counts.items() if name.endswith("done"))
        refused = sum(count for name, count in counts.items() if name.endswith("refused"))
        self.assertGreater(done, PROCESSES * 5)
        for name in OPERATIONS:
            self.assertGreater(counts[f"{name} done"], 0, f"no {name} has been done")
        self.assertGreater(refused, 0)
        for message in set().union(*(messages for _counts, messages, _delta in results)):
            self.assertRegex(
                message,
                "cannot (take|hold)|would hold|does not hold|may not leave|only .* there",
            )

    def _prepare(self, env):
        warehouse = env["stock.warehouse"].create(
            {"name": "Random", "code": "RND", "lot_control": True}
        )
        env["stock.lot.policy"].search([("warehouse_id", "=", warehouse.id)]).write(
            {"verification": "none", "deviation": "none"}
        )
        stock = warehouse.lot_stock_id
        bins = env["stock.location"].create(
            [
                {
                    "name": f"R-{number}",
                    "location_id": stock.id,
                    "lot_segregation": lot_rule,
                    "owner_segregation": owner_rule,
                }
                for number, (lot_rule, owner_rule) in enumerate(BINS)
            ]
        )
        brands = env["res.partner"].create([{"name": "Brand 1"}, {"name": "Brand 2"}])
        products = env["product.product"].create(
            [
                {
                    "name": f"P of {brand.name}",
                    "is_storable": True,
                    "tracking": "lot",
                    "use_expiration_date": True,
                    "owner_id": brand.id,
                }
                for brand in brands
            ]
        )
        # The first two lots of a product expire on the same day.
        today = datetime.datetime.now().replace(microsecond=0)
        lots = env["stock.lot"].create(
            [
                {
                    "product_id": product.id,
                    "name": f"{product.name}-{number}",
                    "expiration_date": today + datetime.timedelta(days=300 + number // 2),
                }
                for product in products
                for number in range(LOTS)
            ]
        )
        return {
            "stock": stock.id,
            "bins": bins.ids,
            "lots": lots.ids,
            "type": warehouse.int_type_id.id,
            "in_type": warehouse.in_type_id.id,
            "out_type": warehouse.out_type_id.id,
            "customer": env.ref("stock.stock_location_customers").id,
            "supplier": env.ref("stock.stock_location_suppliers").id,
        }

    def _run_processes(self, setup):
        context = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
            futures = [pool.submit(work, setup, seed, SECONDS) for seed in range(PROCESSES)]
            return [future.result(timeout=SECONDS + 120) for future in futures]

    def _check(self, cr, setup, delta):
        for bin_id, rules in zip(setup["bins"], BINS, strict=True):
            for rule in {*rules} - {"mixed"}:
                scope, key = RULES[rule]
                cr.execute(
                    f"SELECT {scope} FROM stock_quant WHERE location_id = %s AND quantity > 0"
                    f" GROUP BY {scope} HAVING count(DISTINCT {key}) > 1",
                    [bin_id],
                )
                self.assertEqual(cr.fetchall(), [], f"a bin breaks its rule: {rule}")
        cr.execute(
            "SELECT location_id, lot_id, package_id FROM stock_quant"
            " WHERE location_id = ANY(%s) AND quantity <> 0"
            " GROUP BY location_id, lot_id, package_id HAVING count(*) > 1 OR sum(quantity) < 0",
            [setup["bins"]],
        )
        self.assertEqual(cr.fetchall(), [], "a lot has two rows in a bin, or less than nothing")
        cr.execute(
            "SELECT COALESCE(sum(quantity), 0)::float FROM stock_quant"
            " WHERE lot_id = ANY(%s) AND location_id IN (SELECT id FROM stock_location"
            " WHERE usage = 'internal')",
            [setup["lots"]],
        )
        self.assertEqual(cr.fetchone()[0], delta, "units were lost or made")


if __name__ == "__main__":
    unittest.main()
