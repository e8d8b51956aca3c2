from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.csv_table import TableError, read, write
from ...tools.import_row import RESULT_COLUMNS, ImportRow, ImportRun


class LotImportStop(UserError):
    """A line that cannot be carried out; the message says what is wrong and what to do."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code


class StockLotImportBase(models.AbstractModel):
    """The way of a file: read, recognise what came before, understand, carry out, record.

    A line is understood on its own and carried out together with the other lines of its document
    (one brand and reference). What Odoo or a guard refuses is found line by line, so that one bad
    line never takes the others with it, and no line is lost: each gets exactly one outcome.
    """

    _name = "stock.lot.import.base"
    _description = "Import of a File, Line by Line"

    _kind = None
    _required = ()
    _optional = ()

    @api.model
    def _run(self, warehouse, csv_text, file_name=""):
        """Import a file into ``warehouse``; access is checked by the caller.

        :return: see ``stock.warehouse.lot_import_inbound``.
        """
        if not warehouse.lot_control:
            raise UserError(
                self.env._(
                    "Lot control is off in %(warehouse)s. Switch it on in the warehouse first.",
                    warehouse=warehouse.display_name,
                )
            )
        rows = self._read(csv_text)
        self._find_brands(rows)
        self._recognise(warehouse, rows)
        run = ImportRun(warehouse, warehouse._get_lot_today())
        self._prepare(run, self._open(rows))
        for row in self._open(rows):
            try:
                self._understand(run, row)
            except LotImportStop as stop:
                row.settle(stop.status, stop.code, str(stop))
        groups = defaultdict(list)
        for row in self._open(rows):
            groups[row.found["brand"], row["reference"]].append(row)
        self._carry_out(run, groups)
        lines = self._record(warehouse, rows, file_name)
        return {**self._get_result(rows), "line_ids": lines.ids}

    # To be defined by each kind of file ------------------------------------------------------

    @api.model
    def _prepare(self, run, rows):
        """Look up for all ``rows`` at once what ``_understand`` needs."""
        raise NotImplementedError

    @api.model
    def _understand(self, run, row):
        """Fill ``row.found`` or raise ``LotImportStop``; nothing is written."""
        raise NotImplementedError

    @api.model
    def _carry_out(self, run, groups):
        """Create the documents of ``{(brand, reference): rows}`` and settle every row."""
        raise NotImplementedError

    # Reading ---------------------------------------------------------------------------------

    def _read(self, csv_text):
        try:
            lines = read(csv_text or "", self._required, self._optional)
        except TableError as error:
            raise UserError(self._explain_file(error)) from error
        rows = [ImportRow(number, values or {}) for number, values in lines]
        seen = set()
        for row in rows:
            if not row.values:
                row.settle(
                    "refused",
                    "bad_line",
                    self.env._("The line has more or fewer cells than the header. Correct it."),
                )
                continue
            self._check_line_key(row, seen)
        return rows

    def _check_line_key(self, row, seen):
        empty = [name for name in self._required if not row[name]]
        key = (row["brand"].lower(), row["reference"], row["line"])
        if empty:
            row.settle(
                "refused",
                "empty_cell",
                self.env._("Empty: %(columns)s. Fill it in.", columns=", ".join(empty)),
            )
        elif key in seen:
            row.settle(
                "refused",
                "line_twice",
                self.env._(
                    "Line %(line)s of %(reference)s is in the file twice; only the first counts."
                    " Give every line a number of its own.",
                    line=row["line"],
                    reference=row["reference"],
                ),
            )
        seen.add(key)

    def _explain_file(self, error):
        columns = ", ".join(self._required)
        return {
            "empty": self.env._("The file has no lines to import."),
            "encoding": self.env._(
                "The file is not UTF-8 text. Export it again as CSV with the encoding UTF-8."
            ),
            "missing": self.env._(
                "Columns are missing: %(names)s. The first line must name the columns %(columns)s.",
                names=error.detail,
                columns=columns,
            ),
            "unknown": self.env._(
                "Unknown columns: %(names)s. Known are %(columns)s and, if wanted, %(optional)s.",
                names=error.detail,
                columns=columns,
                optional=", ".join(self._optional),
            ),
            "twice": self.env._("Columns are there twice: %(names)s.", names=error.detail),
            "quotes": self.env._(
                "Line %(line)s cannot be read: a quotation mark is opened and not closed, or"
                " followed by text.",
                line=error.detail,
            ),
        }[error.code]

    def _find_brands(self, rows):
        """Find the brands by reference or name; they are the partners that own products."""
        brands = self.env["res.partner"].browse(
            owner.id
            for (owner,) in self.env["product.template"]._read_group(
                [("owner_id", "!=", False)], ["owner_id"]
            )
        )
        by_key = {brand.name.lower(): brand for brand in brands if brand.name}
        by_key |= {brand.ref.lower(): brand for brand in brands if brand.ref}
        for row in self._open(rows):
            row.found["brand"] = by_key.get(row["brand"].lower())
            if not row.found["brand"]:
                row.settle(
                    "refused",
                    "unknown_brand",
                    self.env._(
                        "No brand %(brand)s: no product belongs to it. Correct the name or give"
                        " the brand's products their owner.",
                        brand=row["brand"],
                    ),
                )

    def _recognise(self, warehouse, rows):
        """Settle the lines that an earlier import has carried out."""
        known = {
            (line.owner_ref, line.reference, line.line): line
            for line in self.env["stock.lot.import.line"]
            .sudo()
            .search(
                [
                    ("warehouse_id", "=", warehouse.id),
                    ("kind", "=", self._kind),
                    ("reference", "in", list({row["reference"] for row in self._open(rows)})),
                    ("picking_ref", ">", 0),
                ]
            )
        }
        for row in self._open(rows):
            earlier = known.get((row.found["brand"].id, row["reference"], row["line"]))
            if earlier:
                self._settle_known(row, earlier)

    def _settle_known(self, row, earlier):
        row.document, row.bin = earlier.document, earlier.bin or ""
        words = {
            "line": row["line"],
            "reference": row["reference"],
            "document": earlier.document,
            "date": earlier.date.date(),
            "user": earlier.user_id.name,
        }
        if earlier.content == row.values:
            row.settle(
                earlier.status,
                "already_imported",
                self.env._(
                    "%(user)s imported this line on %(date)s (%(document)s). Nothing was done"
                    " again.",
                    **words,
                ),
            )
        else:
            row.settle(
                "refused",
                "changed",
                self.env._(
                    "Line %(line)s of %(reference)s was imported with other contents on %(date)s"
                    " (%(document)s). Nothing was done. If this is something new, give it a new"
                    " line number.",
                    **words,
                ),
            )

    # Understanding ---------------------------------------------------------------------------

    @api.model
    def _open(self, rows):
        return [row for row in rows if not row.status]

    def _get_quantity(self, text, product):
        """The positive quantity that ``text`` means, in the product's unit."""
        try:
            # Decimal would also read exponents, underscores and "NaN".
            quantity = Decimal(text) if set(text) <= set("0123456789.") else Decimal(0)
        except InvalidOperation:
            quantity = Decimal(0)
        rounded = product.uom_id.round(float(quantity))
        if not 0 < quantity < 10**9 or product.uom_id.compare(rounded, float(quantity)):
            raise LotImportStop(
                "refused",
                "quantity",
                self.env._(
                    "%(quantity)s is not a quantity of %(product)s in %(unit)s. Write digits, with"
                    " a point for decimals.",
                    quantity=text,
                    product=product.display_name,
                    unit=product.uom_id.name,
                ),
            )
        return float(quantity)

    def _check_brand(self, product, brand):
        owner = product.owner_id
        if owner and owner != brand:
            raise LotImportStop(
                "refused",
                "other_brand",
                self.env._(
                    "%(product)s belongs to %(owner)s, not to %(brand)s.",
                    product=product.display_name,
                    owner=owner.display_name,
                    brand=brand.display_name,
                ),
            )

    def _get_day(self, text):
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise LotImportStop(
                "refused",
                "date",
                self.env._("%(text)s is not a date. Write it as 2027-12-31.", text=text),
            ) from error

    # Outcome ---------------------------------------------------------------------------------

    def _record(self, warehouse, rows, file_name):
        lines = self.env["stock.lot.import.line"].sudo()
        return lines.create(
            [
                {
                    "user_id": self.env.uid,
                    "warehouse_id": warehouse.id,
                    "kind": self._kind,
                    "file_name": file_name,
                    "row": row.number,
                    "reference": row.values.get("reference"),
                    "line": row.values.get("line"),
                    "owner_ref": row.found["brand"].id if row.found.get("brand") else False,
                    "content": row.values,
                    "status": row.status,
                    "code": row.code,
                    "message": row.message,
                    "document": row.document,
                    "bin": row.bin,
                    "picking_ref": row.picking_id,
                }
                for row in rows
            ]
        )

    def _get_result(self, rows):
        lines = [row.result() for row in rows]
        return {
            "counts": dict(Counter(row.status for row in rows)),
            "already_imported": sum(row.code == "already_imported" for row in rows),
            "documents": sorted({row.document for row in rows if row.picking_id}),
            "lines": lines,
            "result_csv": write(RESULT_COLUMNS, lines),
        }
