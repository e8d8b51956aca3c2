"""The files that a warehouse gets in the demo: `python -m dev.demo_files` writes them anew.

The committed files hold placeholders instead of dates, so that they are good on any day:
`{+420d}` is the day 420 days from today as YYMMDD, as in a barcode, `{+420d:iso}` the same day as
2027-12-31. `fill` puts the dates in. Everything else is as a device or a shop sends it: one
handheld writes the separator of a barcode as ASCII 29, the other one as {GS}.
"""

import csv
import io
import itertools
import random
import re
from datetime import timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "lot_fefo_3pl" / "demo"
NORTHBLOOM, PELLE_VERDE = "Northbloom Nutrition", "Pelle Verde Skincare"
# Brand, internal reference, name, least days left on arrival.
PRODUCTS = (
    (NORTHBLOOM, "NB-D3-60", "Vitamin D3 2000 IU, 60 softgels", 60, "4.10"),
    (NORTHBLOOM, "NB-MAG-90", "Magnesium Glycinate, 90 capsules", 60, "5.35"),
    (NORTHBLOOM, "NB-OM3-120", "Omega-3 Algae Oil, 120 softgels", 60, "8.90"),
    (NORTHBLOOM, "NB-PRO-30", "Daily Probiotic, 30 capsules", 60, "9.60"),
    (NORTHBLOOM, "NB-WHEY-1", "Whey Isolate Vanilla, 1 kg", 60, "14.20"),
    (NORTHBLOOM, "NB-KID-60", "Kids Multivitamin, 60 gummies", 60, "4.75"),
    (NORTHBLOOM, "NB-ZINC-100", "Zinc Picolinate, 100 tablets", 60, "3.20"),
    (PELLE_VERDE, "PV-SER-30", "Vitamin C Serum, 30 ml", 90, "7.80"),
    (PELLE_VERDE, "PV-CRM-50", "Day Cream SPF 30, 50 ml", 90, "6.45"),
    (PELLE_VERDE, "PV-CLN-150", "Oat Cleanser, 150 ml", 90, "3.90"),
    (PELLE_VERDE, "PV-OIL-100", "Rosehip Body Oil, 100 ml", 90, "6.10"),
    (PELLE_VERDE, "PV-LIP-5", "Lip Balm, 5 g", 90, "1.15"),
)
LOTS_PER_PRODUCT = 5
CARTONS = {"NB-MAG-90": 12, "PV-LIP-5": 24}
REFERENCES = {NORTHBLOOM: "ASN-NB-2041", PELLE_VERDE: "ASN-PV-0877"}
PREFIXES = {NORTHBLOOM: "9521101", PELLE_VERDE: "9521102"}
SEPARATORS = {NORTHBLOOM: "\x1d", PELLE_VERDE: "{GS}"}
PLACEHOLDER = re.compile(r"\{([+-]\d+)d(:iso)?\}")
PEOPLE = (
    ("Ada Lindqvist", "Storgatan 12", "41138", "Göteborg", "SE"),
    ("Ben Okafor", "14 Alma Street", "M15 4JT", "Manchester", "GB"),
    ("Carla Mendes", "Rua das Flores 8", "4050-262", "Porto", "PT"),
    ("Dieter Vogel", "Lindenweg 3", "50667", "Köln", "DE"),
    ("Elif Aydin", "Moda Caddesi 21", "34710", "Istanbul", "TR"),
    ("Fionn Byrne", "7 Quay Lane", "T12 X70A", "Cork", "IE"),
    ("Greta Huber", "Seestrasse 44", "8002", "Zürich", "CH"),
    ("Hugo Laurent", "5 rue du Port", "33000", "Bordeaux", "FR"),
    ("Ines Costa", "Avenida Central 90", "4710-229", "Braga", "PT"),
    ("Jonas Berg", "Havnegata 2", "7010", "Trondheim", "NO"),
    ("Katja Novak", "Trubarjeva 16", "1000", "Ljubljana", "SI"),
    ("Liam Walsh", "31 Elm Road", "D06 P2X4", "Dublin", "IE"),
    ("Mara Rossi", "Via Roma 27", "40121", "Bologna", "IT"),
    ("Nils Jansen", "Prinsengracht 301", "1016 GX", "Amsterdam", "NL"),
    ("Olga Petrova", "Vitosha 15", "1000", "Sofia", "BG"),
    ("Pablo Ruiz", "Calle Mayor 6", "28013", "Madrid", "ES"),
    ("Quinn Taylor", "88 Harbour View", "BS1 5TY", "Bristol", "GB"),
    ("Rosa Klein", "Marktplatz 1", "1010", "Wien", "AT"),
    ("Sven Olsen", "Strandvejen 70", "2900", "Hellerup", "DK"),
    ("Tova Nyman", "Mannerheimintie 5", "00100", "Helsinki", "FI"),
    ("Uwe Brandt", "Hafenstrasse 19", "20359", "Hamburg", "DE"),
    ("Vera Dvorak", "Dlouha 33", "11000", "Praha", "CZ"),
    ("Wim de Vries", "Oude Gracht 12", "3511 AP", "Utrecht", "NL"),
    ("Yara Haddad", "Rue de Flandre 40", "1000", "Bruxelles", "BE"),
)
RETAILERS = (
    ("Greenleaf Pharmacies", "2 Depot Road", "LS11 5AE", "Leeds", "GB"),
    ("Naturhaus Drogerie", "Industriestrasse 8", "70565", "Stuttgart", "DE"),
    ("Bio Marché Lyon", "12 quai Perrache", "69002", "Lyon", "FR"),
    ("Casa Natura", "Via Emilia 210", "41124", "Modena", "IT"),
)


def fill(text, today):
    """Put dates relative to `today` in the place of the placeholders."""

    def day(match):
        date = today + timedelta(days=int(match[1]))
        return date.isoformat() if match[2] else f"{date:%y%m%d}"

    return PLACEHOLDER.sub(day, text)


def with_check_digit(digits):
    weighted = sum(int(c) * (3, 1)[i % 2] for i, c in enumerate(reversed(digits)))
    return digits + str(-weighted % 10)


class Product:
    def __init__(self, number, brand, reference, name, alert_time, cost):
        self.number, self.brand, self.reference, self.name = number, brand, reference, name
        self.alert_time, self.cost = alert_time, cost
        self.gtin13 = with_check_digit(f"{PREFIXES[brand]}{number + 1:05d}")
        self.gtin = "0" + self.gtin13
        self.per_carton = CARTONS.get(reference, 0)
        self.carton = with_check_digit("1" + self.gtin13[:-1]) if self.per_carton else ""
        self.lots = []


class Lot:
    def __init__(self, product, number, days, units, place):
        self.product, self.days, self.units, self.place = product, days, units, place
        stem = product.reference.split("-")[1]
        self.name = f"{stem}{27 + number % 2}{'ABCDE'[number]}{product.number:02d}{number + 1}"
        self.free = units

    def label(self, kind="]d2"):
        """The label of one unit or carton: the date comes first, the lot ends the data."""
        return f"{kind}01{self.product.gtin}17{{{self.days:+d}d}}10{self.name}"


class Story:
    """Builds the files and keeps the books, so that the pickers scan what first-expiry asks for."""

    def __init__(self):
        self.random = random.Random(2041)
        self.products = [Product(n, *p) for n, p in enumerate(PRODUCTS)]
        self.bins, self.inbound, self.serial = [], {brand: [] for brand in REFERENCES}, 0
        self.corrections, self.orders, self.scans = [], [], []
        self._make_lots()
        self._make_inbound()
        self._make_orders()

    # Receipts --------------------------------------------------------------------------------

    def _make_lots(self):
        for product in self.products:
            aisle = "AB"[product.brand == PELLE_VERDE]
            # Two products share a row of bins: one lot of each to a bin.
            row = (product.number - (7 if aisle == "B" else 0)) // 2 + 1
            for number in range(LOTS_PER_PRODUCT):
                place = f"RVF-{aisle}{row:02d}-{number + 1}"
                if place not in self.bins:
                    self.bins.append(place)
                days = 130 + 95 * number + 7 * product.number
                # The first lots are remainders, so that orders run over into the next one.
                units = 36 + 6 * (product.number % 3) if number == 0 else 48 + 24 * number
                # The one that will be recalled has gone to many, and some of it is left.
                units += 108 if (product.number, number) == (0, 0) else 0
                product.lots.append(Lot(product, number, days, units, place))
        self.bins += ["RVF-C01-1", "RVF-C01-2", "RVF-C01-3"]

    def _sscc(self, brand):
        self.serial += 1
        return with_check_digit(f"3{PREFIXES[brand]}{self.serial:09d}")

    def _receive(self, brand, scan, units, place, sscc="", **typed):
        lines = self.inbound[brand]
        line = {
            "reference": REFERENCES[brand],
            "line": len(lines) + 1,
            "brand": brand,
            "scan": scan,
            "quantity": units,
            "bin": place,
            "sscc": sscc,
            "lot": typed.get("lot", ""),
            "expiry": typed.get("expiry", ""),
        }
        lines.append(line)
        return line

    def _make_inbound(self):
        for product in self.products:
            for number, lot in enumerate(product.lots):
                self._receive_lot(product, number, lot)
        self._make_troubles()

    def _receive_lot(self, product, number, lot):
        """As labels differ: pallets, cartons, units; the lot before or after the date."""
        brand, separator = product.brand, SEPARATORS[product.brand]
        exceptional = self._receive_exceptional(product, number, lot)
        if exceptional:
            return
        if number == 4:
            # A pallet label: its number, contents, count, lot, date.
            sscc = self._sscc(brand)
            scan = (
                f"]C100{sscc}02{product.gtin}37{lot.units}{separator}10{lot.name}{separator}"
                f"17{{{lot.days:+d}d}}"
            )
            self._receive(brand, scan, "", lot.place)
        elif product.carton and number == 3:
            scan = f"]C101{product.carton}17{{{lot.days:+d}d}}10{lot.name}"
            self._receive(brand, scan, lot.units // product.per_carton, lot.place)
        elif number % 2:
            scan = f"]C101{product.gtin}10{lot.name}{separator}17{{{lot.days:+d}d}}"
            self._receive(brand, scan, lot.units, lot.place, f"]C100{self._sscc(brand)}")
        else:
            self._receive(brand, lot.label(), lot.units, lot.place)

    def _receive_exceptional(self, product, number, lot):
        """Labels that need a second look; what the operator sends afterwards is kept, too."""
        brand, iso = product.brand, f"{{{lot.days:+d}d:iso}}"
        if (product.reference, number) == ("PV-SER-30", 1):
            link = f"https://id.gs1.org/01/{product.gtin}/10/{lot.name}?17={{{lot.days:+d}d}}"
            return self._receive(brand, link, lot.units, lot.place)
        if (product.reference, number) == ("NB-OM3-120", 2):
            # The separator between lot and date is lost.
            scan = f"]C101{product.gtin}10{lot.name}17{{{lot.days:+d}d}}"
            line = self._receive(brand, scan, lot.units, lot.place)
        elif (product.reference, number) == ("NB-ZINC-100", 1):
            line = self._receive(brand, f"]E0{product.gtin13}", lot.units, lot.place)
        elif (product.reference, number) == ("NB-PRO-30", 3):
            # Put into the bin of another lot.
            line = self._receive(brand, lot.label(), lot.units, product.lots[0].place)
            self.corrections.append({**line, "bin": lot.place})
            return line
        else:
            return None
        typed = {"scan": product.gtin13, "lot": lot.name, "expiry": iso}
        self.corrections.append({**line, **typed})
        return line

    def _make_troubles(self):
        whey, kids, zinc = self.products[4], self.products[5], self.products[6]
        cleanser = self.products[9]
        spare = self.bins[-3:]
        self._receive(whey.brand, f"]d201{whey.gtin}17{{-12d}}10WHEYOLD1", 60, spare[0])
        self._receive(kids.brand, f"]d201{kids.gtin}17{{+45d}}10KIDSHORT1", 48, spare[0])
        wrong = zinc.gtin[:-1] + str((int(zinc.gtin[-1]) + 1) % 10)
        self._receive(zinc.brand, f"]d201{wrong}17{{+400d}}10ZINCX1", 24, spare[1])
        foreign = f"]d201{cleanser.gtin}17{{+300d}}10CLNX1"
        self._receive(zinc.brand, foreign, 24, spare[1])
        unknown = "0" + with_check_digit(f"{PREFIXES[PELLE_VERDE]}00099")
        self._receive(PELLE_VERDE, f"]d201{unknown}17{{+300d}}10NEW1", 24, spare[2])
        known = self.products[8].lots[2]
        conflict = f"]d201{known.product.gtin}17{{{known.days + 31:+d}d}}10{known.name}"
        self._receive(PELLE_VERDE, conflict, 12, known.place)

    # Orders ----------------------------------------------------------------------------------

    def _make_orders(self):
        sequence = ["consumer"] * 64 + ["retailer"] * 16
        self.random.shuffle(sequence)
        for number, kind in enumerate(sequence, start=1):
            self._make_order(number, kind)
        # At last a retailer wants more gummies than there are, and somebody comes after that.
        self.orders[-1]["rows"] = [(self.products[5], 900)]
        self.orders[-2]["rows"] = [(self.products[5], 12), (self.products[0], 2)]
        self.orders[-2], self.orders[-1] = self.orders[-1], self.orders[-2]
        for order in self.orders:
            taken = [self._take(*row) for row in order["rows"]]
            order["taken"] = list(itertools.chain.from_iterable(taken))
        self._make_scans()

    def _make_order(self, number, kind):
        brand = NORTHBLOOM if self.random.random() < 0.62 else PELLE_VERDE
        ours = [product for product in self.products if product.brand == brand]
        weights = [5, *[2] * (len(ours) - 1)]
        wanted = []
        for _line in range(self.random.choice((1, 1, 2, 3) if kind == "consumer" else (2, 3, 4))):
            [product] = self.random.choices(ours, weights)
            if product not in [taken for taken, _units in wanted]:
                units = self.random.choice((1, 1, 2, 3) if kind == "consumer" else (6, 12, 18))
                wanted.append((product, units))
        people = PEOPLE if kind == "consumer" else RETAILERS
        stem = "NB" if brand == NORTHBLOOM else "PV"
        self.orders.append(
            {
                "reference": f"{stem}-{10000 + number}",
                "kind": kind,
                "brand": brand,
                "who": self.random.choice(people),
                "rows": wanted,
            }
        )

    def _take(self, product, units):
        """First expiry first, by our own books; returns (lot, units) pairs."""
        taken = []
        for lot in product.lots:
            part = min(lot.free, units)
            if part:
                lot.free -= part
                units -= part
                taken.append((lot, part))
        return taken if not units else [*taken, None]

    def _make_scans(self):
        whole = [order for order in self.orders if None not in order["taken"]]
        # Somebody forgets to scan one order and wants to ship it.
        self.unverified = [order for order in whole if len(order["taken"]) > 1][-2]["reference"]
        mistakes = {5: "lot", 17: "lot", 23: "product", 31: "lot", 40: "ean"}
        mistakes[self._last_order_of_gummies(whole)] = "held"
        for number, order in enumerate(whole):
            if order["reference"] == self.unverified:
                continue
            lines = list(order["taken"])
            mistake = mistakes.get(number)
            if mistake == "held":
                lines.sort(key=lambda taken: taken[0].product is not self.products[5])
            if mistake:
                self._scan(order, self._wrong_label(mistake, lines[0][0]), lines[0][0].place)
            for lot, _units in lines:
                self._scan(order, lot.label(), lot.place)

    def _last_order_of_gummies(self, orders):
        gummies = self.products[5]
        return max(n for n, order in enumerate(orders) if gummies in dict(order["rows"]))

    def _wrong_label(self, mistake, lot):
        product = lot.product
        if mistake == "lot":
            return product.lots[-1].label()
        if mistake == "product":
            return self.products[(product.number + 5) % 12].lots[0].label()
        if mistake == "held":
            kids = self.products[5]
            return f"]d201{kids.gtin}17{{+45d}}10KIDSHORT1"
        return f"]E0{product.gtin13}"

    def _scan(self, order, scan, place):
        row = {"order": order["reference"], "bin": place, "scan": scan, "quantity": ""}
        self.scans.append({**row, "device": f"TC52-0{len(self.scans) % 3 + 1}"})

    # Files -----------------------------------------------------------------------------------

    def files(self):
        """Return {file name: text}."""
        return {
            "products.csv": _csv(self._product_rows()),
            "bins.csv": _csv([{"barcode": place, "name": place[4:]} for place in self.bins]),
            "inbound_northbloom.csv": _csv(self.inbound[NORTHBLOOM]),
            "inbound_pelle_verde.csv": _csv(self.inbound[PELLE_VERDE], ";"),
            "inbound_corrections.csv": _csv(self.corrections),
            "orders.csv": _csv(self._order_rows()),
            "pick_scans.csv": _csv(self.scans),
        }

    def _product_rows(self):
        return [
            {
                "reference": product.reference,
                "name": product.name,
                "brand": product.brand,
                "barcode": product.gtin13,
                "carton_barcode": product.carton,
                "units_per_carton": product.per_carton or "",
                "alert_time": product.alert_time,
                "cost": product.cost,
            }
            for product in self.products
        ]

    def _order_rows(self):
        rows = []
        for order in self.orders:
            name, street, code, city, country = order["who"]
            mail = re.sub(r"[^a-z]+", ".", name.lower())
            for number, (product, units) in enumerate(order["rows"], start=1):
                rows.append(
                    {
                        "reference": order["reference"],
                        "line": number,
                        "brand": order["brand"],
                        "customer": name,
                        "customer_type": order["kind"],
                        "email": f"{mail}@example.com",
                        "street": street,
                        "zip": code,
                        "city": city,
                        "country": country,
                        "product": product.gtin13 if number % 2 else product.reference,
                        "quantity": units,
                        "requested_date": "{+1d:iso}",
                    }
                )
        return rows


def _csv(rows, delimiter=","):
    output = io.StringIO()
    writer = csv.DictWriter(output, rows[0], delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue()


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, text in Story().files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
