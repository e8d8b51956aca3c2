import logging

from odoo import models
from odoo.service.server import thread_local
from odoo.sql_db import PoolError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Names our advisory locks; the second half of the key is the product.
ALLOCATION_LOCK = 0x10F3F0


class StockPicking(models.Model):
    """Transfers that want the same products are reserved one after the other.

    The locks on quants make every reservation safe, but a transaction that has waited for one
    sees the stock of before: PostgreSQL refuses it, and Odoo sleeps a second or more before it
    tries again. So we wait before the transaction looks at the stock. That is possible where
    nothing has been written yet: when "Check Availability" is the request itself. Everybody else
    goes on without waiting here, and relies on the locks.
    """

    _inherit = "stock.picking"

    def action_assign(self):
        self._take_allocation_turn()
        return super().action_assign()

    def _take_allocation_turn(self):
        """Wait until no other transfer with these products is being reserved.

        The turn ends with the transaction, in whatever way that ends.
        """
        product_ids = self._get_allocated_product_ids()
        if not product_ids:
            return
        cr = self.env.cr
        cr.execute(
            SQL(
                "SELECT bool_and(pg_try_advisory_xact_lock(%s, id)),"
                " pg_current_xact_id_if_assigned() IS NULL FROM UNNEST(%s) AS id",
                ALLOCATION_LOCK,
                product_ids,
            )
        )
        is_our_turn, nothing_written = cr.fetchone()
        if not is_our_turn and nothing_written and self._may_begin_anew():
            self._wait_for_turn(product_ids)

    def _get_allocated_product_ids(self):
        if not self.env["stock.warehouse"].sudo()._has_lot_control():
            return []
        moves = self.move_ids.filtered(
            lambda move: (
                move.state in ("confirmed", "waiting", "partially_available")
                and move.product_id.is_storable
                and move.location_id._is_lot_controlled()
            )
        )
        return sorted(moves.product_id.ids)

    def _may_begin_anew(self):
        """Whether this call is all that the transaction is about."""
        self.env.flush_all()
        cr = self.env.cr
        hooks = (cr.precommit, cr.postcommit, cr.prerollback, cr.postrollback)
        called = getattr(thread_local, "rpc_model_method", "")
        return called == f"{self._name}.action_assign" and not any(map(len, hooks))

    def _wait_for_turn(self, product_ids):
        """Begin the transaction anew when the turn has come.

        A second connection waits, so that this one takes its snapshot after waiting. Giving up
        what this one holds first is what keeps two waiting transfers from blocking each other.
        """
        try:
            turn = self.env.registry.cursor()
        except PoolError:
            _logger.info("No connection is free to wait with; going on without waiting.")
            return
        cr = self.env.cr
        cr.rollback()
        cr.postcommit.add(turn.close)
        cr.postrollback.add(turn.close)
        turn.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(%s, id) FROM UNNEST(%s) AS id",
                ALLOCATION_LOCK,
                product_ids,
            )
        )
