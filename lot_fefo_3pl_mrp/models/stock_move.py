from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _is_lot_order(self):
        """Production takes its components in the order of the rotation too."""
        return super()._is_lot_order() or bool(self.raw_material_production_id)

    def _get_lot_owner(self, leaving=True):
        """Goods that are taken apart are whose they are."""
        owners = self.move_line_ids.owner_id if self._is_unbuilt() else self.restrict_partner_id
        return owners if len(owners) == 1 else super()._get_lot_owner(leaving)

    def _is_unbuilt(self):
        """Whether this move takes goods apart. Odoo links those of an order like their parts."""
        unbuild = self.unbuild_id | self.consume_unbuild_id
        return bool(unbuild) and self.location_dest_id.usage == "production"

    def _get_made_from(self):
        """The done lines whose goods went into what this move brings out of production."""
        unbuild = self.unbuild_id
        taken_apart = unbuild.produce_line_ids | unbuild.consume_line_ids
        moves = self.production_id.move_raw_ids | taken_apart.filtered(
            lambda move: move._is_unbuilt()
        )
        return moves.move_line_ids.filtered(lambda line: line.state == "done")
