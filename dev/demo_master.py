"""The warehouse of the demo before anything moves: brands, products, bins and people."""

import csv
import io

from dev import demo_files

GROUPS = {
    "operator": "lot_fefo_3pl.lot_fefo_3pl_group_operator",
    "supervisor": "lot_fefo_3pl.lot_fefo_3pl_group_supervisor",
    "qa": "lot_fefo_3pl.lot_fefo_3pl_group_qa",
}
NAMES = {"operator": "Olu Operator", "supervisor": "Sofie Supervisor", "qa": "Quentin QA"}
# Of the warehouse itself: new boxes get their numbers (SSCC) from it.
GS1_PREFIX = "9521103"
# Half a year between two exercises of a brand.
MOCK_MONTHS = 6
CLIENTS = {"northbloom": demo_files.NORTHBLOOM, "pelleverde": demo_files.PELLE_VERDE}


def read_text(name, today):
    """The text of a demo file with its dates put in."""
    text = (demo_files.FOLDER / name).read_bytes().decode()
    return demo_files.fill(text, today)


def read_rows(name, today):
    return list(csv.DictReader(io.StringIO(read_text(name, today), newline="")))


def password(login):
    return f"demo-{login}"


class Master:
    """Creates the master data; ``users`` maps logins to users, ``brands`` names to partners."""

    def __init__(self, env):
        self.env = env
        self.warehouse = env["stock.warehouse"].create(
            {"name": "Riverside Fulfilment", "code": "RVF", "lot_control": True}
        )
        self.warehouse.company_id.gs1_company_prefix = GS1_PREFIX
        self.today = self.warehouse._get_lot_today()
        self.brands = self._create_brands()
        self.users = self._create_users()
        self.bins = self._create_bins()
        self.products = self._create_products()

    def _create_brands(self):
        partners = self.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "lot_mock_months": MOCK_MONTHS}
                for name in CLIENTS.values()
            ]
        )
        return partners.grouped("name")

    def _create_users(self):
        staff = [
            {"name": NAMES[login], "login": login, "group_ids": [self.env.ref(group).id]}
            for login, group in GROUPS.items()
        ]
        clients = [
            {
                "name": f"{name} (client)",
                "login": login,
                "group_ids": [self.env.ref("base.group_portal").id],
            }
            for login, name in CLIENTS.items()
        ]
        users = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {**vals, "password": password(vals["login"]), "email": _mail(vals["login"])}
                    for vals in staff + clients
                ]
            )
        )
        for login, name in CLIENTS.items():
            client = users.filtered(lambda user, login=login: user.login == login)
            client.partner_id.parent_id = self.brands[name]
        return users.grouped("login")

    def _create_bins(self):
        return self.env["stock.location"].create(
            [
                {**row, "usage": "internal", "location_id": self.warehouse.lot_stock_id.id}
                for row in read_rows("bins.csv", self.today)
            ]
        )

    def _create_products(self):
        rows = read_rows("products.csv", self.today)
        products = self.env["product.product"].create([self._product_vals(row) for row in rows])
        for product, row in zip(products, rows, strict=True):
            if row["carton_barcode"]:
                self._create_carton(product, row)
        return products

    def _product_vals(self, row):
        return {
            "name": row["name"],
            "default_code": row["reference"],
            "barcode": row["barcode"],
            "owner_id": self.brands[row["brand"]].id,
            "is_storable": True,
            "tracking": "lot",
            "use_expiration_date": True,
            "alert_time": int(row["alert_time"]),
            "standard_price": float(row["cost"]),
        }

    def _create_carton(self, product, row):
        carton = self.env["uom.uom"].create(
            {
                "name": f"Carton of {row['units_per_carton']}",
                "relative_factor": float(row["units_per_carton"]),
                "relative_uom_id": product.uom_id.id,
            }
        )
        product.uom_ids |= carton
        self.env["product.uom"].create(
            {"product_id": product.id, "uom_id": carton.id, "barcode": row["carton_barcode"]}
        )


def _mail(login):
    return f"{login}@riverside.example"
