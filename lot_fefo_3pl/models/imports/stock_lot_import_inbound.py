from odoo import api, models

from ...tools import gs1
from ...tools.lot_names import lot_key
from .stock_lot_import_base import LotImportStop


class StockLotImportInbound(models.AbstractModel):
    """A handheld's export: one line per scan of a pallet or carton that came in."""

    _name = "stock.lot.import.inbound"
    _inherit = ["stock.lot.import.base"]
    _description = "Import of Scanned Receipts"

    _kind = "inbound"
    _required = ("reference", "line", "brand", "scan")
    _optional = ("quantity", "bin", "sscc", "lot", "expiry", "scanned_at", "device")

    @api.model
    def _prepare(self, run, rows):
        for row in rows:
            row.found["scan"] = gs1.parse(row["scan"], today=run.today)
        products = self.env["product.product"]._find_by_codes(
            {row.found["scan"].item for row in rows}, run.warehouse.company_id
        )
        bins = self._find_bins(run.warehouse, {row["bin"] for row in rows} - {""})
        for row in rows:
            row.found["matches"] = products.get(row.found["scan"].item)
            row.found["bins"] = bins.get(row["bin"])
        self._prepare_lots(run, rows)
        self._prepare_packages(run, rows)

    def _find_bins(self, warehouse, names):
        found = {}
        for name in ("name", "complete_name", "barcode"):
            bins = self.env["stock.location"].search(
                [
                    ("warehouse_id", "=", warehouse.id),
                    ("usage", "=", "internal"),
                    (name, "in", list(names)),
                ]
            )
            # The later fields are the more precise ones, and win.
            found.update(bins.grouped(lambda place, name=name: place[name]))
        return found

    def _prepare_lots(self, run, rows):
        products = self.env["product.product"].concat(
            *(row.found["matches"][0] for row in rows if row.found["matches"])
        )
        for lot in self.env["stock.lot"].search([("product_id", "in", products.ids)]):
            run.lots[lot.product_id, lot.name] = lot
            run.look_alikes[lot.product_id, lot_key(lot.name)] = lot.name
            if lot.expiration_date:
                day = run.warehouse._get_lot_day(lot.expiration_date)
                run.expiries[lot.product_id, lot.name] = day

    def _prepare_packages(self, run, rows):
        for row in rows:
            label = gs1.parse(row["sscc"], today=run.today) if row["sscc"] else None
            row.found["sscc"] = row.found["scan"].sscc or (label and label.sscc)
            row.found["sscc_wrong"] = label and label.sscc != row.found["sscc"]
        names = {row.found["sscc"] for row in rows} - {None}
        packages = self.env["stock.package"].search([("name", "in", list(names))])
        by_name = {package.name: package for package in packages}
        for row in rows:
            row.found["package"] = by_name.get(row.found["sscc"], packages.browse())

    @api.model
    def _understand(self, run, row):
        self._check_readable(row)
        row.found["product"] = self._get_product(row)
        row.found["lot_name"] = self._get_lot_name(run, row)
        row.found["expiry"] = self._get_expiry(run, row)
        row.found["quantity"] = self._get_line_quantity(row)
        self._check_pallet(run, row)
        row.found["place"] = self._get_place(run, row)
        if row.found["expiry"]:
            # A lot that comes twice in one file has one date, too.
            run.expiries[row.found["product"], row.found["lot_name"]] = row.found["expiry"]

    def _check_readable(self, row):
        scan = row.found["scan"]
        if scan.kind == "invalid":
            code, detail = scan.errors[0]
            raise LotImportStop(
                "refused",
                code,
                self.env._(
                    "The barcode is damaged: %(error)s %(detail)s. Scan it again or have the goods"
                    " labelled anew.",
                    error=gs1.ERRORS[code],
                    detail=detail,
                ),
            )
        if scan.kind == "sscc":
            raise LotImportStop(
                "ask",
                "pallet_only",
                self.env._(
                    "The barcode names the pallet and not what is on it. Scan the label of the"
                    " goods as well."
                ),
            )

    def _get_product(self, row):
        scan = row.found["scan"]
        if not row.found["matches"]:
            raise LotImportStop(
                "refused",
                "unknown_product",
                self.env._(
                    "No product has the barcode %(code)s. Create the product or correct its"
                    " barcode, then send this line again.",
                    code=scan.item or scan.text,
                ),
            )
        products, _units = row.found["matches"]
        if len(products) > 1:
            raise LotImportStop(
                "ask",
                "ambiguous_product",
                self.env._(
                    "%(code)s is the barcode of several products: %(products)s.",
                    code=scan.item,
                    products=", ".join(products.mapped("display_name")),
                ),
            )
        self._check_brand(products, row.found["brand"])
        return products

    def _get_lot_name(self, run, row):
        product, scan = row.found["product"], row.found["scan"]
        if product.tracking == "none":
            return ""
        scanned = scan.serial if product.tracking == "serial" else scan.lot
        typed = row["lot"]
        if scanned and typed and scanned != typed:
            raise self._contradiction(self.env._("lot"), scanned, typed)
        name = scanned or typed
        if not name:
            raise LotImportStop(
                "ask",
                "missing_lot",
                self.env._(
                    "The barcode names %(product)s without a lot. Read the lot from the label and"
                    " send this line again with the columns lot and expiry.",
                    product=product.display_name,
                ),
            )
        if (product, name) not in run.lots and not typed:
            self._check_doubtful_lot(run, row, name)
        return name

    def _check_doubtful_lot(self, run, row, name):
        """A lot number that was never seen is asked about when it looks like a misread one."""
        scan, product = row.found["scan"], row.found["product"]
        for code, detail in scan.warnings:
            if code == "separator_suspected":
                raise LotImportStop(
                    "ask",
                    "separator_suspected",
                    self.env._(
                        "The label has probably lost a separator: the lot reads %(lot)s, it may be"
                        " %(split)s. Send this line again with the right lot and expiry in their"
                        " columns and the number of the product as the scan.",
                        lot=name,
                        split=detail,
                    ),
                )
        similar = run.look_alikes.get((product, lot_key(name)))
        if similar:
            raise LotImportStop(
                "ask",
                "similar_lot",
                self.env._(
                    "Lot %(lot)s is new and looks like lot %(similar)s of %(product)s. Send this"
                    " line again with the right number in the column lot.",
                    lot=name,
                    similar=similar,
                    product=product.display_name,
                ),
            )

    def _get_expiry(self, run, row):
        product, name, scan = row.found["product"], row.found["lot_name"], row.found["scan"]
        if not name or not product.use_expiration_date:
            return False
        scanned = scan.expiry or scan.best_before
        typed = self._get_day(row["expiry"])
        if scanned and typed and scanned != typed:
            raise self._contradiction(self.env._("expiry date"), scanned, typed)
        known = run.expiries.get((product, name))
        expiry = scanned or typed or known
        words = {
            "lot": name,
            "product": product.display_name,
            "expiry": expiry,
            "known": known,
            "brand": row.found["brand"].display_name,
        }
        if not expiry:
            raise LotImportStop(
                "ask",
                "missing_expiry",
                self.env._(
                    "The barcode gives no expiry date for lot %(lot)s of %(product)s. Send this"
                    " line again with the date in the column expiry.",
                    **words,
                ),
            )
        if known and expiry != known:
            raise LotImportStop(
                "refused",
                "expiry_conflict",
                self.env._(
                    "Lot %(lot)s of %(product)s expires on %(known)s as far as we know, the label"
                    " says %(expiry)s. Ask %(brand)s which one is right.",
                    **words,
                ),
            )
        if expiry < run.today:
            raise LotImportStop(
                "refused",
                "expired",
                self.env._(
                    "Lot %(lot)s expired on %(expiry)s. Do not put it away; tell %(brand)s.",
                    **words,
                ),
            )
        return expiry

    def _get_line_quantity(self, row):
        product, count = row.found["product"], row.found["scan"].count
        _products, units = row.found["matches"]
        if not (row["quantity"] or count):
            raise LotImportStop(
                "ask",
                "missing_quantity",
                self.env._(
                    "Neither the barcode nor the column quantity says how many. Count, and send"
                    " this line again."
                ),
            )
        typed = self._get_quantity(row["quantity"], product) if row["quantity"] else None
        if typed and count and typed != count:
            raise self._contradiction(self.env._("quantity"), count, row["quantity"])
        return product.uom_id.round((typed or count) * units)

    def _contradiction(self, what, scanned, typed):
        return LotImportStop(
            "refused",
            "contradiction",
            self.env._(
                "The %(what)s on the label is %(scanned)s, the line says %(typed)s. Check the goods"
                " and send this line again.",
                what=what,
                scanned=scanned,
                typed=typed,
            ),
        )

    def _check_pallet(self, run, row):
        if row.found["sscc_wrong"]:
            raise LotImportStop(
                "refused",
                "sscc",
                self.env._(
                    "%(label)s is not the number of this pallet. Scan its SSCC again.",
                    label=row["sscc"],
                ),
            )
        package, sscc = row.found["package"], row.found["sscc"]
        shipment = row.found["brand"], row["reference"]
        if sscc and run.pallets.setdefault(sscc, shipment) != shipment:
            raise LotImportStop(
                "refused",
                "pallet_known",
                self.env._(
                    "Pallet %(pallet)s came with %(reference)s already. A pallet number comes"
                    " once.",
                    pallet=sscc,
                    reference=run.pallets[sscc][1],
                ),
            )
        if package.quant_ids:
            raise LotImportStop(
                "refused",
                "pallet_known",
                self.env._(
                    "Pallet %(pallet)s is here already, in %(bin)s. A pallet number comes once.",
                    pallet=package.name,
                    bin=package.location_id.display_name,
                ),
            )

    def _get_place(self, run, row):
        """The bin the operator scanned; none leaves the choice to Odoo's put-away."""
        if not row["bin"]:
            return self.env["stock.location"]
        place = row.found["bins"]
        zone = run.warehouse.in_type_id.default_location_dest_id
        if not place or len(place) > 1 or not place._child_of(zone):
            raise LotImportStop(
                "refused",
                "unknown_bin",
                self.env._(
                    "%(bin)s is not the barcode or name of one bin in %(zone)s. Scan the bin again,"
                    " or leave it empty to get a proposal.",
                    bin=row["bin"],
                    zone=zone.display_name,
                ),
            )
        self._check_capacity(run, row, place)
        return place

    def _check_capacity(self, run, row, place):
        if not place.storage_category_id:
            return
        product, quantity = row.found["product"], row.found["quantity"]
        inside = sum(place.quant_ids.filtered(lambda q: q.product_id == product).mapped("quantity"))
        planned = run.planned[place, product]
        if not place._check_can_be_used(product, quantity, location_qty=inside + planned):
            raise LotImportStop(
                "refused",
                "capacity",
                self.env._(
                    "%(bin)s does not take %(quantity)s of %(product)s: it is full, or its storage"
                    " category %(category)s does not allow it. Use another bin.",
                    bin=place.display_name,
                    quantity=quantity,
                    product=product.display_name,
                    category=place.storage_category_id.display_name,
                ),
            )
        run.planned[place, product] += quantity
