-- Partners, products, bins and lots. Dates hang on %(today)s, randomness on bench.u(salt, id).
CREATE UNLOGGED TABLE bench.brand AS
    SELECT n, nextval('res_partner_id_seq')::int AS id FROM generate_series(1, %(owners)s) n;
CREATE UNLOGGED TABLE bench.customer AS
    SELECT n, nextval('res_partner_id_seq')::int AS id FROM generate_series(1, %(customers)s) n;

INSERT INTO res_partner (id, name, complete_name, commercial_company_name, is_company, street, zip, city,
        country_id, commercial_partner_id, type, lang, color, active, partner_share, message_bounce,
        create_uid, write_uid, create_date, write_date)
SELECT id, name, name, CASE WHEN company THEN name END, company, street, zip, city,
       %(country)s, id, 'contact', 'en_US', 0, true, true, 0, %(uid)s, %(uid)s, %(start)s, %(start)s
  FROM (SELECT id, 'Brand ' || lpad(n::text, 3, '0') AS name, true AS company, NULL AS street, NULL AS zip,
               NULL AS city FROM bench.brand
        UNION ALL
        SELECT id, 'Customer ' || lpad(n::text, 6, '0'), false, n || ' Long Road',
               lpad((n %% 90000 + 1000)::text, 5, '0'), 'Town ' || n %% 500 FROM bench.customer) p;

-- A category for each zone: its put-away rule sends products to bins of that storage category.
CREATE UNLOGGED TABLE bench.zone AS
    SELECT name, nextval('product_category_id_seq')::int AS categ_id,
           nextval('stock_storage_category_id_seq')::int AS storage_id, policy
      FROM (VALUES ('shelf', 'mixed'), ('pallet', 'empty'), ('single', 'same')) v (name, policy);
INSERT INTO product_category (id, name, complete_name, parent_path, removal_strategy_id, create_uid, write_uid,
        create_date, write_date)
SELECT categ_id, 'Goods: ' || name, 'Goods: ' || name, categ_id || '/', %(fefo)s, %(uid)s, %(uid)s,
       %(start)s, %(start)s FROM bench.zone;
INSERT INTO stock_storage_category (id, name, allow_new_product, max_weight, create_uid, write_uid,
        create_date, write_date)
SELECT storage_id, 'Zone: ' || name, policy, 1000000, %(uid)s, %(uid)s, %(start)s, %(start)s FROM bench.zone;
INSERT INTO stock_putaway_rule (category_id, location_in_id, location_out_id, sequence, company_id,
        storage_category_id, sublocation, active, create_uid, write_uid, create_date, write_date)
SELECT categ_id, %(stock)s, %(stock)s, 1, %(company)s, storage_id, 'closest_location', true,
       %(uid)s, %(uid)s, %(start)s, %(start)s FROM bench.zone;

-- Cast first (one block of products per role), then ordinary shelf products of all other brands.
CREATE UNLOGGED TABLE bench.product AS
WITH roles AS (
    SELECT *, sum(products) OVER (ORDER BY position) - products AS before
      FROM unnest(%(roles)s::text[], %(role_products)s::int[], %(role_lots)s::int[], %(role_bins)s::int[],
                  %(role_brand)s::int[]) WITH ORDINALITY r (role, products, lots, bins_per_lot, brand_n, position)
), numbered AS (
    SELECT n, r.role, coalesce(r.lots, %(lots)s) AS lots, coalesce(r.bins_per_lot, %(bins_per_lot)s) AS bins_per_lot,
           coalesce(r.brand_n, 9 + floor(bench.u(1, n) ^ 2 * (%(owners)s - 8))::int) AS brand_n
      FROM generate_series(1, %(products)s) n
      LEFT JOIN roles r ON n > r.before AND n <= r.before + r.products
)
SELECT p.n, p.lots, p.bins_per_lot, coalesce(p.role, 'ordinary') AS role, b.id AS owner_id, z.name AS zone,
       z.categ_id, p.role IS NOT NULL OR bench.u(2, p.n) > 0.03 AS dated,
       round((0.1 + bench.u(3, p.n) * 1.9)::numeric, 2) AS weight,
       nextval('product_template_id_seq')::int AS tmpl_id, nextval('product_product_id_seq')::int AS id
  FROM numbered p
  JOIN bench.brand b ON b.n = p.brand_n
  JOIN bench.zone z ON z.name = CASE WHEN p.role IN ('pallet', 'single') THEN p.role ELSE 'shelf' END
 ORDER BY p.n;

INSERT INTO product_template (id, sequence, categ_id, uom_id, type, service_tracking, default_code, name,
        list_price, volume, weight, sale_ok, purchase_ok, active, can_image_1024_be_zoomed,
        has_configurable_attributes, sale_delay, lot_sequence_id, tracking, is_storable, expiration_time, use_time,
        removal_time, alert_time, use_expiration_date, create_uid, write_uid, create_date, write_date)
SELECT tmpl_id, 1, categ_id, %(uom)s, 'consu', 'no', 'SKU' || lpad(n::text, 5, '0'),
       jsonb_build_object('en_US', 'Product ' || lpad(n::text, 5, '0')), 1, 0, weight, true, true, true, false,
       false, 0, %(lot_sequence)s, 'lot', true, CASE WHEN dated THEN 540 ELSE 0 END, CASE WHEN dated THEN 40 ELSE 0 END,
       CASE WHEN dated THEN 30 ELSE 0 END, CASE WHEN dated THEN 60 ELSE 0 END, dated,
       %(uid)s, %(uid)s, %(start)s, %(start)s FROM bench.product;
INSERT INTO product_product (id, product_tmpl_id, default_code, barcode, combination_indices, weight, active,
        can_image_variant_1024_be_zoomed, is_favorite, create_uid, write_uid, create_date, write_date)
SELECT id, tmpl_id, 'SKU' || lpad(n::text, 5, '0'), bench.ean13(400000000000 + n), '', weight, true,
       false, false, %(uid)s, %(uid)s, %(start)s, %(start)s FROM bench.product;

-- Bins: aisles of 500 below the stock location, one zone after the other; docks where receipts wait.
CREATE UNLOGGED TABLE bench.bin AS
    SELECT row_number() OVER (PARTITION BY z.name ORDER BY g) - 1 AS n, z.name AS zone, z.storage_id,
           upper(left(z.name, 2)) || lpad(((g - 1) / 500)::text, 2, '0') AS aisle,
           lpad((g - 1)::text, 5, '0') AS bin, NULL::int AS aisle_id, NULL::int AS id
      FROM bench.zone z
      CROSS JOIN LATERAL generate_series(1, CASE z.name WHEN 'shelf' THEN %(shelf_bins)s
            WHEN 'pallet' THEN %(pallet_bins)s ELSE %(single_bins)s END) g
     ORDER BY z.name, g;
WITH aisles AS (
    SELECT aisle, nextval('stock_location_id_seq')::int AS id
      FROM (SELECT DISTINCT aisle FROM bench.bin ORDER BY aisle) a
)
UPDATE bench.bin b SET aisle_id = a.id FROM aisles a WHERE a.aisle = b.aisle;
WITH numbered AS (
    SELECT aisle, bin, nextval('stock_location_id_seq')::int AS id
      FROM (SELECT aisle, bin FROM bench.bin ORDER BY aisle, bin) b
)
UPDATE bench.bin b SET id = n.id FROM numbered n WHERE n.aisle = b.aisle AND n.bin = b.bin;
CREATE UNLOGGED TABLE bench.dock AS
    SELECT n, nextval('stock_location_id_seq')::int AS id FROM generate_series(1, 10) n;

INSERT INTO stock_location (id, location_id, name, complete_name, usage, parent_path, barcode, storage_category_id,
        company_id, warehouse_id, cyclic_inventory_frequency, active, create_uid, write_uid, create_date, write_date)
SELECT id, parent_id, name, %(stock_name)s || '/' || path, usage, %(stock_path)s || id_path, barcode, storage_id,
       %(company)s, %(warehouse)s, 0, true, %(uid)s, %(uid)s, %(start)s, %(start)s
  FROM (SELECT DISTINCT aisle_id AS id, %(stock)s AS parent_id, aisle AS name, aisle AS path, 'view' AS usage,
               aisle_id || '/' AS id_path, NULL AS barcode, NULL::int AS storage_id FROM bench.bin
        UNION ALL
        SELECT id, aisle_id, bin, aisle || '/' || bin, 'internal', aisle_id || '/' || id || '/',
               aisle || '-' || bin, storage_id FROM bench.bin
        UNION ALL
        SELECT id, %(stock)s, 'Dock ' || n, 'Dock ' || n, 'internal', id || '/', 'DOCK-' || n, NULL
          FROM bench.dock) l
 ORDER BY id;

-- Lots: the cast's all good for months; ordinary ones spread over two years back and two ahead.
CREATE UNLOGGED TABLE bench.lot AS
WITH raw AS (
    SELECT p.n AS product_n, p.id AS product_id, p.owner_id, p.role, p.dated, p.bins_per_lot, l AS lot_n,
           nextval('stock_lot_id_seq')::int AS id
      FROM bench.product p CROSS JOIN LATERAL generate_series(1, p.lots) l
     ORDER BY p.n, l
), past AS (
    SELECT *, role = 'ordinary' AND dated AND lot_n > 1 AND bench.u(4, id) < 0.3 AS over FROM raw
), dated AS (
    SELECT *, %(today)s::timestamp + CASE
             WHEN over THEN - (1 + bench.u(5, id) * 729) * interval '1 day'
             WHEN role = 'ordinary' THEN (1 + bench.u(5, id) * 729) * interval '1 day'
             ELSE (120 + bench.u(5, id) * 600) * interval '1 day' END AS expiry FROM past
)
SELECT *, CASE WHEN over THEN expiry - (120 + bench.u(6, id) * 380) * interval '1 day'
               ELSE %(today)s::timestamp - (30 + bench.u(6, id) * 335) * interval '1 day' END AS received
  FROM dated;
UPDATE bench.lot SET expiry = date_trunc('second', expiry), received = date_trunc('second', received);
INSERT INTO stock_lot (id, product_id, name, expiration_date, use_date, removal_date, alert_date,
        create_uid, write_uid, create_date, write_date)
SELECT id, product_id, 'L' || lpad(product_n::text, 5, '0') || '-' || lpad(lot_n::text, 3, '0'),
       d, d - interval '40 days', d - interval '30 days', d - interval '60 days',
       %(uid)s, %(uid)s, received, received
  FROM (SELECT *, CASE WHEN dated THEN expiry END AS d FROM bench.lot) l;
ANALYZE bench.product, bench.bin, bench.lot;
