"""A folder in the cache is whole, or it is made again."""

import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import odoo_source, paths, stamps


class CacheCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.thing = self.folder / "thing"
        self.built = 0

    def build(self, key="1"):
        def builder(target):
            self.built += 1
            (target / "content").write_text(key)
            return {"made": self.built}

        return stamps.build(self.thing, key, builder)


class TestStamps(CacheCase):
    def test_a_whole_folder_is_kept(self):
        self.build()
        self.build()
        self.assertEqual(self.built, 1)
        self.assertEqual(stamps.read(self.thing)["made"], 1)

    def test_another_key_makes_it_anew(self):
        self.build("1")
        self.build("2")
        self.assertEqual((self.thing / "content").read_text(), "2")

    def test_a_builder_that_breaks_off_leaves_the_old_folder(self):
        self.build("1")

        def breaks(target):
            (target / "content").write_text("half")
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            stamps.build(self.thing, "2", breaks)
        self.assertEqual((self.thing / "content").read_text(), "1")
        self.build("2")
        self.assertEqual((self.thing / "content").read_text(), "2")

    def test_what_a_killed_builder_left_is_not_mixed_in(self):
        temporary = self.folder / "thing.building"
        temporary.mkdir()
        (temporary / "rubbish").touch()
        self.build()
        self.assertFalse((self.thing / "rubbish").exists())
        self.assertFalse(temporary.exists())

    def test_a_folder_whose_stamp_is_missing_or_cut_short_is_made_anew(self):
        self.build()
        stamp = self.thing / stamps.STAMP
        stamp.write_text(stamp.read_text()[:5])
        self.assertIsNone(stamps.read(self.thing))
        self.build()
        stamp.unlink()
        self.build()
        self.assertEqual(self.built, 3)


class TestCachedOdoo(CacheCase):
    def fetch(self, target):
        self.built += 1
        for module in ("base", "web", "stock", "product_expiry"):
            place = target / "tree" / "odoo" / "addons" / module
            place.mkdir(parents=True)
            (place / "__manifest__.py").touch()
        return {"root": "tree", "version": "of the test"}

    def find(self):
        with (
            mock.patch.object(paths, "CACHE", self.folder),
            mock.patch.object(odoo_source, "_fetch", self.fetch),
            mock.patch.dict(os.environ),
            mock.patch("builtins.print"),
        ):
            os.environ.pop("ODOO_HOME", None)
            return odoo_source.find()

    def test_the_cache_of_an_earlier_run_is_used(self):
        self.assertEqual(self.find(), self.find())
        self.assertEqual(self.built, 1)

    def test_a_truncated_cache_is_noticed_and_fetched_again(self):
        odoo = self.find()
        (odoo.root / "odoo" / "addons" / "stock" / "__manifest__.py").unlink()
        self.assertEqual(self.find(), odoo)
        self.assertEqual(self.built, 2)

    def test_a_cache_without_its_stamp_is_fetched_again(self):
        self.find()
        (self.folder / "odoo" / stamps.STAMP).unlink()
        self.find()
        self.assertEqual(self.built, 2)

    def test_the_cache_of_another_series_is_fetched_again(self):
        self.find()
        stamp = self.folder / "odoo" / stamps.STAMP
        stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "key": "18.0"}))
        self.find()
        self.assertEqual(self.built, 2)
