import hashlib

from odoo.tests import BaseCase, tagged

from ..tools.recall_figures import draw_sample, recovery, sample_size


@tagged("post_install", "-at_install")
class TestRecallFigures(BaseCase):
    """R13, D2: the arithmetic, with the published examples."""

    def test_sample_of_each_level(self):
        """R13: 320 customers: A 320, C 32, D 7; rounded up, at least one."""
        self.assertEqual(sample_size("A", 320), 320)
        self.assertEqual(sample_size("B", 320, 50), 160)
        self.assertEqual(sample_size("B", 3, 33.3), 1)
        self.assertEqual(sample_size("C", 320), 32)
        self.assertEqual(sample_size("C", 30), 3)
        self.assertEqual(sample_size("D", 320), 7)
        self.assertEqual(sample_size("D", 1), 1)
        self.assertEqual(sample_size("E", 320), 0)
        self.assertEqual(sample_size("A", 0), 0)

    def test_seed_alone_decides_the_sample(self):
        """R13: anybody can draw the same sample again, with any tool."""
        keys = range(1000, 1320)
        drawn = draw_sample(keys, 32, "seed")
        self.assertEqual(drawn, draw_sample(reversed(keys), 32, "seed"))
        self.assertEqual(len(set(drawn)), 32)
        self.assertNotEqual(drawn, draw_sample(keys, 32, "other"))
        by_hand = sorted(keys, key=lambda key: hashlib.sha256(b"seed:%d" % key).digest())
        self.assertEqual(drawn, by_hand[:32])
        self.assertEqual(draw_sample(keys, 64, "seed")[:32], drawn)

    def test_every_customer_is_drawn_about_equally_often(self):
        hits = dict.fromkeys(range(20), 0)
        for seed in range(2000):
            for key in draw_sample(hits, 2, str(seed)):
                hits[key] += 1
        self.assertTrue(all(140 < count < 260 for count in hits.values()), hits)

    def test_recovery_in_the_field(self):
        """D2: 9,200 = 6,100 + 1,500 + 1,400 + 200 gives 97.8 %."""
        self.assertEqual(
            recovery(9200, 6100, 1500, 1400),
            {"accounted": 9000, "unaccounted": 200, "percent": 97.8},
        )
        self.assertEqual(recovery(11800, 9000, 1200, 1500)["percent"], 99.2)
        self.assertEqual(recovery(0, 0, 0, 0)["percent"], 100.0)
