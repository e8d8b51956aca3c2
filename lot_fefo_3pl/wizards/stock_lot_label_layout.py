from odoo import fields, models

REPORTS = {"gs1": "", "gs1_zpl": "_zpl"}


class LotLabelLayout(models.TransientModel):
    """GS1 labels from Odoo's own dialog for the labels of a transfer."""

    _inherit = "lot.label.layout"

    print_format = fields.Selection(
        selection_add=[("gs1", "GS1 A7, with quantity"), ("gs1_zpl", "GS1 ZPL, with quantity")],
        ondelete={"gs1": "set default", "gs1_zpl": "set default"},
    )

    def process(self):
        """One label for each line with its quantity, or one for each unit."""
        action = super().process()
        if self.print_format not in REPORTS:
            return action
        source, docids = "move_line", self.move_line_ids.ids
        if self.label_quantity == "units":
            source, docids = "lot", action["context"]["active_ids"]
        report = self.env.ref(
            f"lot_fefo_3pl.stock_lot_label_{source}{REPORTS[self.print_format]}_report"
        )
        return {**report.report_action(docids, config=False), "close_on_report_download": True}
