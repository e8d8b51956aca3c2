from odoo import api, fields, models
from odoo.fields import Domain

OPEN_STATES = ("confirmed", "partially_available", "assigned")


class StockLotReallocation(models.Model):
    """Products whose lots are to be promised anew, because something changed which go first.

    An earlier lot arrived, a date changed, a hold ended. A scheduled job promises the goods of the
    open orders again in their order and says on each transfer what changed and why. Lines that
    somebody has picked or scanned stay.
    """

    _name = "stock.lot.reallocation"
    _description = "Lot Reallocation"

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="cascade")
    cause = fields.Char(required=True)

    @api.model
    def _request(self, products, warehouses, cause):
        """Ask for ``products`` to be promised anew where orders wait for them or have some."""
        open_moves = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                Domain("product_id", "in", products.ids)
                & Domain("state", "in", OPEN_STATES)
                & Domain("picked", "=", False)
                & Domain("location_id.warehouse_id", "in", warehouses.filtered("lot_control").ids),
                ["product_id", "location_id"],
            )
        )
        vals_list = [
            {"product_id": product.id, "warehouse_id": warehouse.id, "cause": cause}
            for product, warehouse in sorted(
                {(product, place.warehouse_id) for product, place in open_moves},
                key=lambda pair: (pair[0].id, pair[1].id),
            )
        ]
        if vals_list:
            self.sudo().create(vals_list)
            self.env.ref("lot_fefo_3pl.ir_cron_reallocate_lots").sudo()._trigger()

    @api.model
    def _request_expired(self):
        """Ask for what expired while it was promised to be given back, and others promised."""
        now = fields.Datetime.now()
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                Domain("state", "in", OPEN_STATES)
                & Domain("picked", "=", False)
                & (Domain("expiration_date", "<", now) | Domain("removal_date", "<", now))
                & Domain("location_id.warehouse_id.lot_control", "=", True)
            )
        )
        for warehouse, expired in lines.grouped(lambda line: line.location_id.warehouse_id).items():
            self._request(
                expired.product_id, warehouse, self.env._("goods expired since they were promised")
            )

    @api.model
    def _run(self, limit=1000):
        """Work off what was asked for, a product after the other; called by the scheduled job."""
        cron = self.env["ir.cron"]
        self._request_expired()
        requests = self.search([], order="id", limit=limit)
        groups = requests.grouped(lambda request: (request.product_id, request.warehouse_id))
        later = self.search_count([("id", "not in", requests.ids)])
        cron._commit_progress(remaining=len(groups) + later)
        for (product, warehouse), asked in groups.items():
            self._reallocate(product, warehouse, ", ".join(dict.fromkeys(asked.mapped("cause"))))
            asked.unlink()
            cron._commit_progress(1)

    @api.model
    def _reallocate(self, product, warehouse, cause):
        """Promise the goods of ``product`` anew to the orders that nobody has begun.

        :return: the moves whose lots changed.
        """
        moves = self._get_moves(product, warehouse)
        before = {move: self._get_promises(move) for move in moves}
        if not moves:
            return moves
        savepoint = self.env.cr.savepoint()
        moves._do_unreserve()
        moves._action_assign()
        changed = moves.filtered(lambda move: self._get_promises(move) != before[move])
        savepoint.close(rollback=not changed)
        if not changed:
            self.env.invalidate_all(flush=False)
        for move in changed:
            self._tell(move, before[move], cause)
        return changed

    @api.model
    def _get_moves(self, product, warehouse):
        """The open moves that take the product out of the stock zone, the most urgent first."""
        moves = self.env["stock.move"].search(
            Domain("product_id", "=", product.id)
            & Domain("state", "in", OPEN_STATES)
            & Domain("location_id", "child_of", warehouse.lot_stock_id.id)
            & Domain("move_orig_ids", "=", False)
            & Domain("picked", "=", False),
            order="priority desc, date, id",
        )
        # What a hold took from an order comes back, even if somebody reserves it by hand.
        restored = (
            self.env["stock.lot.hold"]
            .sudo()
            .search([("product_id", "=", product.id), ("unreserved_move_ids", "in", moves.ids)])
            .unreserved_move_ids
        )
        return moves.filtered(
            lambda move: (
                move.location_id._get_lot_operation(move.location_dest_id) in ("pick", "ship")
                and move.procure_method != "make_to_order"
                and not any(line.picked or line.lot_verified_qty for line in move.move_line_ids)
                and (move.move_line_ids or move._should_assign_at_confirm() or move in restored)
            )
        )

    @api.model
    def _get_promises(self, move):
        return sorted(
            (line.lot_id.name or "", line.location_id.display_name, line.quantity)
            for line in move.move_line_ids
        )

    @api.model
    def _tell(self, move, before, cause):
        if not move.picking_id:
            return
        lots = {
            name: ", ".join(f"{lot} ({quantity:g})" for lot, _bin, quantity in promises)
            for name, promises in (("old", before), ("new", self._get_promises(move)))
        }
        move.picking_id.message_post(
            body=self.env._(
                "Lots of %(product)s promised anew: %(new)s instead of %(old)s. Why: %(cause)s.",
                product=move.product_id.display_name,
                cause=cause,
                new=lots["new"] or self.env._("none"),
                old=lots["old"] or self.env._("none"),
            )
        )
