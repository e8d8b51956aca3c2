from odoo import api, models
from odoo.fields import Domain

from ..tools import traceability
from ..tools.mass_balance import OURS


class StockLotTraceability(models.AbstractModel):
    """The sortable sheet that an authority asks for: every receipt and shipment, every element.

    Shipments to consumers are no tracking event (21 CFR 1.1305(k)) and are left out; a recall
    lists them.
    """

    _name = "stock.lot.traceability"
    _description = "Traceability Records"

    @api.model
    def _get_rows(self, lots, since=None, until=None):
        """One dict per event, oldest first: the columns of ``tools/traceability`` with ``kind``,
        ``gaps`` (missing elements) and ``line_id``."""
        lines = self.env["stock.move.line"].search(self._get_domain(lots, since, until))
        lines = lines.filtered(lambda line: not self._is_to_consumer(line)).sorted(
            lambda line: (line.date, line.id)
        )
        rows = [self._prepare_row(line) for line in lines]
        for row in rows:
            row["gaps"] = traceability.gaps(row["kind"], row)
        return rows

    def _get_domain(self, lots, since, until):
        inbound = Domain("location_id.usage", "not in", (*OURS, "inventory")) & Domain(
            "location_dest_id.usage", "in", OURS
        )
        outbound = Domain("location_id.usage", "in", OURS) & Domain(
            "location_dest_id.usage", "in", ("customer", "supplier")
        )
        domain = (
            Domain("state", "=", "done")
            & Domain("quantity_product_uom", ">", 0)
            & (inbound | outbound)
        )
        if lots:
            domain &= Domain("lot_id", "in", lots.ids)
        else:
            domain &= Domain("product_id.is_traceability_listed", "=", True)
        if since:
            domain &= Domain("date", ">=", since)
        if until:
            domain &= Domain("date", "<", until)
        return domain

    def _is_to_consumer(self, line):
        customer = line.picking_id.partner_id.commercial_partner_id
        return (
            line.location_dest_id.usage == "customer" and bool(customer) and not customer.is_company
        )

    def _prepare_row(self, line):
        is_receipt = line.location_dest_id.usage in OURS
        place = line.location_dest_id if is_receipt else line.location_id
        warehouse = place.warehouse_id.sudo()
        house = self._describe_partner(warehouse.partner_id or warehouse.company_id.partner_id)
        lot, picking = line.lot_id.sudo(), line.picking_id
        made_here = line.location_id.usage == "production"
        other = house if made_here else self._describe_partner(picking.partner_id)
        source = lot.tlc_source_id
        row = {
            "line_id": line.id,
            "kind": "receiving" if is_receipt else "shipping",
            "event": self.env._("Receiving") if is_receipt else self.env._("Shipping"),
            "traceability_lot_code": lot.name or "",
            "quantity": line.quantity_product_uom,
            "unit": line.product_id.uom_id.name,
            "product_description": self._describe_product(line.product_id, lot),
            "date": warehouse._get_lot_day(line.date) if warehouse else line.date.date(),
            "tlc_source_location": self._describe_partner(source) or (house if made_here else ""),
            "tlc_source_reference": lot.tlc_source_reference or "",
            "document_type": picking.picking_type_id.name or self.env._("Stock move"),
            "document_number": picking.name or line.reference or "",
        }
        if is_receipt:
            row.update(previous_source=other, receiving_location=house)
        else:
            row.update(ship_from_location=house, subsequent_recipient=other)
        return row

    def _describe_product(self, product, lot):
        """Brand, name and code: which food it is, in words."""
        code = product.barcode or product.default_code
        return ", ".join(filter(None, (lot.owner_id.name, product.display_name, code)))

    def _describe_partner(self, partner):
        """Name, telephone and address on one line (21 CFR 1.1310, location description)."""
        # sudo: the place belongs to the record, even where the user cannot open the contact.
        partner = partner.sudo()
        if not partner:
            return ""
        parts = (
            partner.commercial_partner_id.name,
            partner.name if partner != partner.commercial_partner_id else "",
            partner.phone or partner.commercial_partner_id.phone,
            " ".join(partner._display_address(without_company=True).split()),
        )
        return ", ".join(filter(None, parts))

    # Sheets ----------------------------------------------------------------------------------

    def _get_titles(self):
        """The words above the columns."""
        return {
            "event": self.env._("Critical tracking event"),
            "traceability_lot_code": self.env._("Traceability lot code"),
            "quantity": self.env._("Quantity"),
            "unit": self.env._("Unit of measure"),
            "product_description": self.env._("Product description"),
            "previous_source": self.env._("Immediate previous source"),
            "receiving_location": self.env._("Receiving location"),
            "ship_from_location": self.env._("Ship-from location"),
            "subsequent_recipient": self.env._("Immediate subsequent recipient"),
            "date": self.env._("Date received or shipped"),
            "tlc_source_location": self.env._("Lot code source location"),
            "tlc_source_reference": self.env._("Lot code source reference"),
            "document_type": self.env._("Reference document type"),
            "document_number": self.env._("Reference document number"),
            "tlc_source": self.env._("Lot code source"),
        }

    def _get_table(self, rows):
        """Header and rows of the sheet."""
        titles = self._get_titles()
        header = [titles[name] for name in traceability.COLUMNS]
        return header, [[row.get(name) or None for name in traceability.COLUMNS] for row in rows]

    def _get_gap_table(self, rows):
        """Header and rows of what is missing, one row per event."""
        titles = self._get_titles()
        names = ("event", "traceability_lot_code", "date", "document_number")
        header = [titles[name] for name in names] + [self.env._("Missing")]
        return header, [
            [
                *(row.get(name) or None for name in names),
                ", ".join(titles[gap] for gap in row["gaps"]),
            ]
            for row in rows
            if row["gaps"]
        ]

    def _get_plan_table(self):
        """Whom to ask, and the plan."""
        company = self.env.company
        return (
            [self.env._("Traceability plan"), ""],
            [
                [self.env._("Firm"), self._describe_partner(company.partner_id)],
                [
                    self.env._("Point of contact"),
                    self._describe_partner(company.traceability_contact_id)
                    or self.env._("not given"),
                ],
                [self.env._("Plan"), company.traceability_plan or self.env._("not given")],
                [
                    self.env._("Left out"),
                    self.env._("shipments to consumers (not a critical tracking event)"),
                ],
            ],
        )
