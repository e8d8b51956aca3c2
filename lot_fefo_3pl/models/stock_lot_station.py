from odoo import api, models
from odoo.exceptions import AccessError


class StockLotStation(models.AbstractModel):
    """What the Lot Station asks the server for; each flow adds its methods in a file of its own.

    Everything is read and done with the operator's own rights: the station is a screen, the rules
    and guards are where they are for every other screen.
    """

    _name = "stock.lot.station"
    _description = "Lot Station"

    @api.model
    def _check_operator(self):
        """:raises AccessError: when the user is no Lot Operator."""
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_operator"):
            raise AccessError(
                self.env._("Only Lot Operators work at the Lot Station. Ask an administrator.")
            )

    @api.model
    def _reference(self, record, *names):
        """A record as the station gets it: ``{"id", "name", ...}`` or False."""
        if not record:
            return False
        return {
            "id": record.id,
            "name": record.display_name,
            **{name: record[name] or False for name in names},
        }
