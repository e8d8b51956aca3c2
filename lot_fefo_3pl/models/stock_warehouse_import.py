from odoo import models
from odoo.exceptions import AccessError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def lot_import_inbound(self, csv_text, file_name=""):
        """Receive what a handheld has scanned: for integrations and the import dialog.

        One line per scan of a pallet or carton. Per brand and reference one receipt is created,
        put away and validated; lots get the expiry date of the label (the day's end in the
        warehouse's zone), pallets their SSCC. A line that is refused or asked about leaves no
        trace in stock and keeps no other line from being received; send it again, corrected, with
        the same reference and line number. Lines that were received before are recognised.

        :param str csv_text: CSV in UTF-8 with a header; comma, semicolon or tab. Columns:
            ``reference`` (of the brand's shipment), ``line`` (the device's number of the scan,
            unique in the reference), ``brand`` (reference or name), ``scan`` (the barcode as the
            device read it: GS1-128, DataMatrix, Digital Link or EAN; ASCII 29, ``{GS}`` or
            ``<GS>`` for FNC1), and if wanted ``quantity`` (what the barcode's count says, or if it
            has none; in the unit that the barcode stands for), ``bin`` (barcode or name; empty:
            Odoo's put-away decides), ``sscc`` (barcode of the pallet), ``lot`` and ``expiry``
            (YYYY-MM-DD; typed, when the barcode does not tell), ``scanned_at``, ``device``.
        :param str file_name: kept with the evidence.
        :return: dict with ``lines``, one per line of the file: ``row`` (line of the file),
            ``reference``, ``line``, ``status`` (``accepted``; ``held``: received and on hold;
            ``ask``: a question, nothing done; ``refused``), ``code``, ``message`` (in words),
            ``document`` (receipt) and ``bin``; ``counts`` by status, ``already_imported``,
            ``documents`` (new receipts), ``result_csv`` (the lines as CSV) and ``line_ids`` (their
            ``stock.lot.import.line``).
        :raises AccessError: when the user is not a Lot Operator.
        :raises UserError: when the file as a whole cannot be read; nothing is done then.
        """
        self.ensure_one()
        self._check_lot_import_access("lot_fefo_3pl.lot_fefo_3pl_group_operator")
        return self.env["stock.lot.import.inbound"]._run(self, csv_text, file_name)

    def lot_import_asn(self, csv_text, file_name=""):
        """Announce what a shipment will bring: an expected receipt per brand and reference.

        Nothing comes into stock. The station lists the announced pallets, receives a pallet by
        its number when the operator confirms it, and shows what came otherwise. Lines that come
        again are recognised.

        :param str csv_text: CSV as for ``lot_import_inbound``. Columns: ``reference`` (of the
            shipment), ``line`` (unique in it), ``brand``, ``gtin`` (barcode or internal reference
            of the product or its packaging), ``quantity`` (in the unit that the code stands for),
            and if wanted ``sscc`` (number of the pallet), ``lot``, ``expiry`` (YYYY-MM-DD),
            ``expected_date`` (YYYY-MM-DD).
        :param str file_name: kept with the evidence.
        :return: as ``lot_import_inbound``; accepted lines have the code ``announced``.
        :raises AccessError: when the user is not a Lot Operator.
        :raises UserError: when the file as a whole cannot be read; nothing is done then.
        """
        self.ensure_one()
        self._check_lot_import_access("lot_fefo_3pl.lot_fefo_3pl_group_operator")
        return self.env["stock.lot.import.asn"]._run(self, csv_text, file_name)

    def lot_import_orders(self, csv_text, file_name=""):
        """Take orders, create their deliveries and reserve them by the policy (FEFO by default).

        One delivery per brand and reference; lines are recognised when they come again. A refused
        line does not stop the rest of its order; sent again, corrected, it gets a delivery of its
        own. Orders commit stock to customers, so this is for the Lot Supervisor; unknown
        consignees are added to the contacts.

        :param str csv_text: CSV as for ``lot_import_inbound``. Columns: ``reference`` (order
            number), ``line`` (unique in the order), ``brand``, ``customer`` (name), ``product``
            (barcode or internal reference), ``quantity`` (in the unit that the code stands for),
            and if wanted ``customer_type`` (``consumer`` or ``retailer``), ``email``, ``phone``,
            ``street``, ``zip``, ``city``, ``country`` (ISO code), ``requested_date`` (YYYY-MM-DD).
        :param str file_name: kept with the evidence.
        :return: as ``lot_import_inbound``; accepted lines have the code ``reserved``, ``partly``
            or ``short``, the message says which lots, or why not, and ``bin`` where they are.
        :raises AccessError: when the user is not a Lot Supervisor.
        :raises UserError: when the file as a whole cannot be read; nothing is done then.
        """
        self.ensure_one()
        self._check_lot_import_access("lot_fefo_3pl.lot_fefo_3pl_group_supervisor")
        return self.env["stock.lot.import.orders"]._run(self, csv_text, file_name)

    def _check_lot_import_access(self, group):
        self.check_access("read")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "This import is for the group %(group)s.", group=self.env.ref(group).sudo().name
                )
            )

    def action_lot_import(self):
        """Open the import dialog for this warehouse."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("lot_fefo_3pl.stock_lot_import_action"),
            "context": {"dialog_size": "extra-large", "default_warehouse_id": self.id},
        }
