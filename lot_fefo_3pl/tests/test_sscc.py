from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from odoo.addons.lot_fefo_3pl.tools import gs1
from odoo.addons.lot_fefo_3pl.tools.gs1_label import is_sscc, make_sscc

from .common import LotControlCommon


class TestMakeSscc(BaseCase):
    def test_number_is_read_back_as_the_same_sscc(self):
        """A pallet's number is an SSCC to our own scan engine, for prefixes of every length."""
        for prefix in ("9521", "0614141", "952012345", "952012345678"):
            for number in (0, 1, 10 ** (16 - len(prefix)) - 1):
                sscc = make_sscc(prefix, number, 3)
                with self.subTest(sscc=sscc):
                    self.assertTrue(is_sscc(sscc))
                    self.assertTrue(sscc.startswith("3" + prefix))
                    self.assertEqual(gs1.parse("]C100" + sscc).sscc, sscc)

    def test_known_number(self):
        """The SSCC of the GS1 General Specifications' example."""
        self.assertEqual(make_sscc("0614141", 234567890, 1), "106141412345678908")

    def test_extension_digit_counts_on(self):
        """When the serial numbers are used up the next extension digit follows, after 9 nothing."""
        self.assertEqual(make_sscc("952012345678", 10**4, 8)[0], "9")
        with self.assertRaises(OverflowError):
            make_sscc("952012345678", 2 * 10**4, 8)


@tagged("post_install", "-at_install")
class TestSscc(LotControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.warehouse.company_id
        cls.company.gs1_company_prefix = "9520123"

    def test_numbers_follow_each_other(self):
        """Two pallets never get the same number."""
        packages = self.env["stock.package"]
        first, second = packages._next_sscc(self.company), packages._next_sscc(self.company)
        self.assertTrue(is_sscc(first) and is_sscc(second))
        self.assertEqual(int(second[:-1]) - int(first[:-1]), 1)

    def test_operator_gets_a_number(self):
        """An operator who may not read the company's settings can pack."""
        packages = self.env["stock.package"].with_user(self.operator)
        self.assertTrue(is_sscc(packages._next_sscc(self.company)))

    def test_number_in_use_is_passed_over(self):
        """Somebody typed the next number by hand: it is not given again."""
        taken = self.company.sscc_sequence_id.number_next_actual
        name = make_sscc("9520123", taken)
        self.env["stock.package"].create({"name": name})
        self.assertEqual(
            self.env["stock.package"]._next_sscc(self.company), make_sscc("9520123", taken + 1)
        )

    def test_package_type_numbers_by_sscc(self):
        """Put in pack with a type that is numbered by SSCC names the package so."""
        package_type = self.env["stock.package.type"].create({"name": "Pallet", "use_sscc": True})
        package = self.env["stock.package"].create({"package_type_id": package_type.id})
        self.assertTrue(package.valid_sscc)
        plain = self.env["stock.package"].create({})
        self.assertFalse(plain.valid_sscc)

    def test_without_prefix_it_says_what_to_do(self):
        """A company without a GS1 prefix cannot give SSCCs."""
        self.company.gs1_company_prefix = False
        with self.assertRaisesRegex(UserError, "no GS1 company prefix"):
            self.env["stock.package"]._next_sscc(self.company)

    def test_all_numbers_used(self):
        """The last number of the last extension digit was given."""
        self.company.write({"gs1_company_prefix": "952012345678", "sscc_extension_digit": "9"})
        self.company.sscc_sequence_id.number_next = 10**4
        with self.assertRaisesRegex(UserError, "All SSCCs"):
            self.env["stock.package"]._next_sscc(self.company)

    def test_prefix_is_digits(self):
        """A prefix that GS1 cannot have given is refused."""
        for prefix in ("123", "1234567890123", "95A0123"):
            with self.subTest(prefix=prefix), self.assertRaises(ValidationError):
                self.company.gs1_company_prefix = prefix
