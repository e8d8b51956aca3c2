"""The committed files of the demo are the ones that the builder writes, and tell a true story."""

import csv
import io
import unittest
from datetime import date

from dev import demo_files


class TestDemoFiles(unittest.TestCase):
    def test_committed_files_are_what_the_builder_writes(self):
        for name, text in demo_files.Story().files().items():
            with self.subTest(name):
                committed = (demo_files.FOLDER / name).read_bytes().decode()
                self.assertEqual(committed, text)

    def test_dates_are_relative_to_the_day(self):
        text = demo_files.fill("]d217{+30d}10A;{-1d:iso};{GS}", date(2027, 12, 31))
        self.assertEqual(text, "]d21728013010A;2027-12-30;{GS}")

    def test_two_brands_twelve_products_sixty_lots_eighty_orders(self):
        story = demo_files.Story()
        self.assertEqual(len({product.brand for product in story.products}), 2)
        self.assertEqual(len({product.gtin for product in story.products}), 12)
        self.assertEqual(sum(len(product.lots) for product in story.products), 60)
        rows = csv.DictReader(io.StringIO(story.files()["orders.csv"]))
        self.assertEqual(len({row["reference"] for row in rows}), 80)

    def test_no_bin_gets_two_lots_of_a_product(self):
        places = [
            (lot.place, product.gtin)
            for product in demo_files.Story().products
            for lot in product.lots
        ]
        self.assertEqual(len(set(places)), len(places))
