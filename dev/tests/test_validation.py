import unittest

from dev import validation


class TestValidationMatrix(unittest.TestCase):
    def test_matrix_is_current(self):
        self.assertEqual(
            validation.TARGET.read_text(),
            validation.text(),
            "run `python3 -m dev validation` and commit docs/validation.md",
        )

    def test_ids_are_read_from_the_start_of_a_docstring(self):
        cases = {
            "A04: text": ["A04"],
            "R3 R5: two": ["R3", "R5"],
            "G05, G19: two": ["G05", "G19"],
            "K06c: with a letter": ["K06c"],
            "The lot A04: is no ID": [],
        }
        for docstring, expected in cases.items():
            with self.subTest(docstring=docstring):
                match = validation.IDS.match(docstring)
                self.assertEqual(match.group(1).replace(",", "").split() if match else [], expected)
