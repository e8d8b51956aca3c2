"""What the pictures show beyond the demo's story; made in the copy that is pictured only."""

OLD_BINS = ("Shelf 1", "Shelf 2", "Shelf 3")
ANNOUNCED = """reference;line;brand;gtin;quantity;sscc;lot;expiry
ASN-NB-2050;1;Northbloom Nutrition;09521101000016;96;106141412345678908;D328F006;2028-09-30
ASN-NB-2050;2;Northbloom Nutrition;09521101000078;48;;;
"""


def set_up(client):
    """Make it all, as the administrator."""
    _policies(client)
    _counts(client)
    _announced_receipt(client)
    _untracked_stock(client)


def _search(client, model, *domain):
    return client.call(model, "search", list(domain), limit=1)[0]


def _policies(client):
    """The policy of a brand, and the stricter one of a customer of its."""
    brand = _search(client, "res.partner", ("name", "=", "Northbloom Nutrition"))
    customer = _search(client, "res.partner", ("name", "=", "Bio Marché Lyon"))
    client.call(
        "stock.lot.policy",
        "create",
        [
            {"name": "Northbloom", "owner_id": brand, "stop_ship": "days", "stop_ship_days": 30},
            {
                "name": "Northbloom to Bio Marché",
                "owner_id": brand,
                "customer_id": customer,
                "min_life": "percent",
                "min_life_number": 60,
                "lots_per_line": "limit",
                "lots_per_line_number": 1,
                "ascending": "yes",
            },
        ],
    )


def _counts(client):
    """Counts of one zone, planned for the operator."""
    user = _search(client, "res.users", ("login", "=", "operator"))
    plan = client.call("stock.lot.count.plan", "create", [{"limit": 6, "assigned_user_id": user}])
    client.call("stock.lot.count.plan", "action_plan", plan)


def _announced_receipt(client):
    warehouse = _search(client, "stock.warehouse", ("lot_control", "=", True))
    client.call("stock.warehouse", "lot_import_asn", [warehouse], ANNOUNCED, "asn.csv")


def _untracked_stock(client):
    """A warehouse without lot control, as a warehouse is before: mixed, without lot, undated."""
    warehouse = _search(client, "stock.warehouse", ("lot_control", "=", False))
    (place,) = client.call("stock.warehouse", "read", [warehouse], ["lot_stock_id"])
    shelves = client.call(
        "stock.location",
        "create",
        [{"name": name, "location_id": place["lot_stock_id"][0]} for name in OLD_BINS],
    )
    products = client.call(
        "product.product",
        "create",
        [
            {
                "name": name,
                "is_storable": True,
                "tracking": "lot",
                "use_expiration_date": True,
            }
            for name in ("Green Tea Extract, 60 capsules", "Collagen Powder, 300 g")
        ],
    )
    lots = client.call(
        "stock.lot",
        "create",
        [
            {"name": name, "product_id": products[0], "expiration_date": False}
            for name in ("GT-0311", "GT-0407")
        ],
    )
    client.call(
        "stock.quant",
        "create",
        [
            _stock(products[0], shelves[0], 24, lots[0]),
            _stock(products[0], shelves[0], 36, lots[1]),
            _stock(products[1], shelves[1], 60),
            _stock(products[1], shelves[2], 12),
        ],
    )


def _stock(product, place, quantity, lot=False):
    return {
        "product_id": product,
        "location_id": place,
        "lot_id": lot,
        "quantity": quantity,
    }
