import logging
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models

_logger = logging.getLogger(__name__)
PENDING = "lot_fefo_3pl.refusals"
REFERENCES = ("location_id", "product_id", "lot_id", "owner_id")


class StockLotRefusal(models.Model):
    """That goods were refused in a place because they may not lie beside what is there.

    The refusal undoes the transaction that would have mixed the goods, so it is written down by a
    transaction of its own when that one has ended.
    """

    _name = "stock.lot.refusal"
    _inherit = ["stock.lot.append.only"]
    _description = "Refused Mix"
    _order = "id desc"
    _rec_name = "message"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", ondelete="restrict")
    location_id = fields.Many2one("stock.location", "Bin", ondelete="restrict")
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="restrict")
    product_id = fields.Many2one("product.product", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", index="btree_not_null")
    lot_name = fields.Char("Lot Refused", help="Also when the lot was not kept.")
    owner_id = fields.Many2one("res.partner", "Brand", ondelete="restrict")
    message = fields.Text("What Was Said", required=True)

    @api.model
    def _record_after(self, vals):
        """Write a refusal down as soon as this transaction has ended, one way or the other.

        Who tries the same goods in the same bin several times in one transaction, as an import
        does to find the line that is at fault, was refused once.
        """
        cr = self.env.cr
        pending = cr.postrollback.data.get(PENDING)
        if pending is None:
            pending = cr.postrollback.data[PENDING] = {}
            record = partial(self._record, self.pool, pending)
            cr.postrollback.add(record)
            cr.postcommit.add(record)
        key = tuple(vals[name] for name in ("location_id", "product_id", "lot_name"))
        pending[key] = {**vals, "user_id": self.env.uid}

    @api.model
    def _record(self, pool, pending):
        try:
            with pool.cursor() as own:
                refusals = api.Environment(own, SUPERUSER_ID, {})[self._name]
                refusals.create([refusals._keep_existing(vals) for vals in pending.values()])
        except Exception:
            # The user must get the refusal itself, whatever happens to the note of it.
            _logger.exception("A refused mix could not be written down")

    @api.model
    def _keep_existing(self, vals):
        """What the refused transaction had created is gone: do not refer to it."""
        for name in REFERENCES:
            record = self.env[self._fields[name].comodel_name].browse(vals.get(name) or ())
            vals[name] = record.exists().id
        return vals
