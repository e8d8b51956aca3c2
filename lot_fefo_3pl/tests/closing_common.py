from odoo import fields

from .recall_common import NoticeCommon


class ClosingCommon(NoticeCommon):
    @classmethod
    def _attachment(cls):
        return (
            cls.env["ir.attachment"]
            .with_user(cls.qa)
            .create({"name": "certificate.pdf", "raw": b"burnt"})
        )

    def _destroy(self, quant, quantity, **values):
        values = {
            "date": fields.Date.today(),
            "method": "Incinerated",
            "performer": "Olga",
            "witness": "Walter",
            **values,
        }
        files = values.pop("files", self._attachment())
        return self.recall._destroy(quant.with_user(self.qa), quantity, files, **values)

    def _quants(self):
        return self.env["stock.quant"].search(
            [("lot_id", "=", self.lot.id), ("location_id.usage", "=", "internal")]
        )

    def _count_all(self, recall=None):
        for stock in (recall or self.recall).stock_ids:
            stock.with_user(self.operator).record_count(stock.quantity)

    def _finish(self):
        """Everything that a recall asks for."""
        self._send()
        self._answer(self.carla, on_hand=10)
        self._answer(self.rita, on_hand=15, returned=5)
        self._count_all()
        for quant in self._quants():
            self._destroy(quant, quant.quantity)
