from contextlib import contextmanager

from odoo.exceptions import ValidationError

from .common import LotControlCommon


class SegregationCommon(LotControlCommon):
    """Two lots of one product, and what happens to them in and between bins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot_a = cls._lot(cls.vitamin, "A-100", days=100)
        cls.lot_b = cls._lot(cls.vitamin, "A-200", days=200)

    @contextmanager
    def _assert_refused(self, *words):
        """The block ends in a refusal that contains these words, once the changes are flushed."""
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertRegex(str(caught.exception), "(?s)" + ".*".join(words))

    def _receive_both(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 7, self.bin_2)

    def _transfer(self, lot, quantity, source, destination):
        picking = self._picking(self.warehouse.int_type_id, source, destination)
        self._move(picking, lot.product_id, quantity, lot=lot)
        self._validate(picking)
        return picking

    def _quant(self, lot, location):
        return self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", location.id)]
        )

    def _pack(self, lot, location):
        package = self.env["stock.package"].create({"name": f"PACK-{lot.name}"})
        quant = self._quant(lot, location)
        quant.move_quants(package_dest_id=package, message="Packed")
        return package
