from odoo import api, fields, models


class StockLotRecall(models.Model):
    """Starting a recall in one call: by the wizard and by other systems."""

    _inherit = "stock.lot.recall"

    @api.model
    def start(
        self,
        lot_ids,
        reason,
        recall_class="unclassified",
        is_mock=False,
        source="brand",
        brand_reference=None,
        depth="sub",
        regime_id=None,
    ):
        """Start and confirm a recall of lots of one brand, in one transaction.

        :param list lot_ids: ids of stock.lot.
        :param str reason: what is wrong and how it was found.
        :param str recall_class: ``class_1``, ``class_2``, ``class_3``, ``withdrawal``,
            ``stock_recovery`` or ``unclassified``.
        :param bool is_mock: an exercise; nothing is held.
        :param str source: ``brand``, ``authority`` or ``own``.
        :param str brand_reference: the brand's number for it.
        :param str depth: how far it reaches: ``direct``, ``sub`` or ``consumer``.
        :param int regime_id: id of stock.lot.recall.regime, whose deadline runs.
        :return: dict with ``recall_id, name, consignees`` (how many), ``shipped, returned, net,
            on_hand`` (in the products' units) and ``seconds``.
        :raise AccessError: the user is not in the Lot QA group, or may not read a lot.
        :raise UserError: no lots, lots of several brands, or lots that moved in a company that the
            user has not switched on.
        """
        lots = self.env["stock.lot"].browse(lot_ids).exists()
        lots.check_access("read")
        recall = self.create(
            {
                "reason": reason,
                "recall_class": recall_class,
                "is_mock": is_mock,
                "source": source,
                "brand_reference": brand_reference,
                "depth": depth,
                "regime_id": regime_id,
                "line_ids": [fields.Command.create({"lot_id": lot.id}) for lot in lots],
            }
        )
        recall._confirm()
        return {
            "recall_id": recall.id,
            "name": recall.name,
            "consignees": recall.consignee_count,
            "shipped": recall.quantity_shipped,
            "returned": recall.quantity_returned,
            "net": recall.quantity_net,
            "on_hand": recall.quantity_on_hand,
            "seconds": recall.seconds,
        }
