-- What moves: a slot is one lot of one product in one bin, received once, shipped from, perhaps returned to.
-- A product never uses a bin twice, so one lot per product and bin holds by construction.
CREATE UNLOGGED TABLE bench.slot AS
WITH raw AS (
    SELECT l.id AS lot_id, l.product_id, l.product_n, l.owner_id, l.role, l.over, l.received, l.expiry, l.dated,
           p.zone, p.weight, row_number() OVER (PARTITION BY l.product_n ORDER BY l.lot_n, s) - 1 AS slot_n,
           row_number() OVER (PARTITION BY p.zone ORDER BY l.product_n, l.lot_n, s) - 1 AS zone_n
      FROM bench.lot l
      JOIN bench.product p ON p.n = l.product_n
      CROSS JOIN LATERAL generate_series(1, CASE WHEN l.over THEN least(2, l.bins_per_lot)
                                                 ELSE l.bins_per_lot END) s
), placed AS (
    SELECT *, CASE zone
        WHEN 'shelf' THEN (product_n * 104729::bigint + slot_n * 7919) %% %(shelf_bins)s
        -- free pallet places lie anywhere, free single-product bins at the far end
        WHEN 'pallet' THEN zone_n * %(pallet_bins)s / %(pallet_filled)s
        ELSE zone_n END AS bin_n
      FROM raw
     WHERE zone = 'shelf' OR zone_n < CASE zone WHEN 'pallet' THEN %(pallet_filled)s ELSE %(single_filled)s END
)
SELECT row_number() OVER (ORDER BY p.product_n, p.slot_n) AS id, p.lot_id, p.product_id, p.owner_id, p.role, p.over,
       p.received, p.weight, b.id AS bin_id, least(CASE WHEN p.dated THEN p.expiry END, %(today)s) AS until,
       CASE WHEN p.dated THEN p.expiry END AS expiry,
       CASE WHEN p.over AND bench.u(10, p.lot_id * 1000::bigint + p.slot_n) < 0.9 THEN 0
            WHEN p.role = 'busy' THEN 20
            WHEN p.role LIKE 'trace%%' THEN 500
            ELSE 24 + floor(bench.u(11, p.lot_id * 1000::bigint + p.slot_n) * 96)::int END AS remaining
  FROM placed p
  JOIN bench.bin b ON b.zone = p.zone AND b.n = p.bin_n;
CREATE UNIQUE INDEX ON bench.slot (id);
ANALYZE bench.slot;

-- The traced lots: the first lot of each traced product goes to as many different customers.
CREATE UNLOGGED TABLE bench.traced AS
    SELECT t.n, t.deliveries, s.lot_id, array_agg(s.id ORDER BY s.id) AS slots
      FROM unnest(%(trace)s::int[]) WITH ORDINALITY t (deliveries, n)
      JOIN bench.product p ON p.role = 'trace' || t.n
      JOIN bench.lot l ON l.product_n = p.n AND l.lot_n = 1
      JOIN bench.slot s ON s.lot_id = l.id
     GROUP BY t.n, t.deliveries, s.lot_id;

CREATE UNLOGGED TABLE bench.pool AS
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM bench.slot
     WHERE role NOT LIKE 'trace%%' AND role <> 'busy' AND received < until - interval '10 days';
CREATE UNLOGGED TABLE bench.delivery AS
WITH traced AS (
    SELECT t.slots[1 + i %% array_length(t.slots, 1)] AS slot_id, i AS customer_n
      FROM bench.traced t CROSS JOIN LATERAL generate_series(1, t.deliveries) i
), finished AS (  -- what left an emptied bin
    SELECT id AS slot_id FROM bench.slot WHERE remaining = 0
), others AS (
    SELECT p.id AS slot_id
      FROM generate_series(1, %(deliveries)s - (SELECT count(*) FROM traced) - (SELECT count(*) FROM finished)) i
      JOIN bench.pool p ON p.n = 1 + floor(bench.u(12, i) * (SELECT count(*) FROM bench.pool))::bigint
), wanted AS (
    SELECT slot_id, customer_n FROM traced UNION ALL SELECT slot_id, NULL FROM finished
     UNION ALL SELECT slot_id, NULL FROM others
), numbered AS (
    SELECT *, row_number() OVER (ORDER BY slot_id, customer_n) AS n FROM wanted
)
SELECT w.n, w.customer_n, s.id AS slot_id, s.owner_id, s.product_id, s.lot_id, s.bin_id, s.over,
       1 + floor(bench.u(13, w.n) * 12)::int AS qty,
       date_trunc('second', s.received + interval '1 day'
                  + bench.u(14, w.n) * (s.until - interval '1 day' - s.received)) AS shipped
  FROM numbered w JOIN bench.slot s ON s.id = w.slot_id;
ANALYZE bench.delivery;

-- A picking is a run of one brand's lines in order of time; a traced line starts a new one.
CREATE UNLOGGED TABLE bench.delivery_line AS
SELECT *, sum(first) OVER (PARTITION BY owner_id ORDER BY shipped, n) AS run
  FROM (SELECT *, CASE WHEN customer_n IS NOT NULL OR lag(customer_n) OVER w IS NOT NULL
                         OR bench.u(15, n) < 0.34 THEN 1 ELSE 0 END AS first
          FROM bench.delivery WINDOW w AS (PARTITION BY owner_id ORDER BY shipped, n)) d;
ALTER TABLE bench.delivery_line ADD COLUMN returned int;
UPDATE bench.delivery_line SET returned = ceil(qty * bench.u(17, n))
 WHERE NOT over AND shipped < %(today)s::timestamp - interval '10 days'
   AND bench.u(16, n) < CASE WHEN customer_n IS NULL THEN 0.05 ELSE 0.01 END;

-- Open, reserved: at most one line a slot, from lots that are good for a month and more.
CREATE UNLOGGED TABLE bench.open_line AS
WITH chosen AS (
    SELECT *, row_number() OVER (ORDER BY bench.u(18, id), id) AS n FROM bench.slot
     WHERE role = 'ordinary' AND remaining > 20 AND (expiry IS NULL OR expiry > %(today)s::timestamp + interval '45 days')
)
SELECT n, owner_id, product_id, lot_id, bin_id, 1 + floor(bench.u(19, n) * 12)::int AS qty,
       sum(CASE WHEN bench.u(20, n) < 0.34 THEN 1 ELSE 0 END) OVER (PARTITION BY owner_id ORDER BY n) AS run
  FROM chosen WHERE n <= %(open_lines)s;

-- Everything of a slot came in with one receipt line.
CREATE UNLOGGED TABLE bench.receipt_line AS
WITH shipped AS (
    SELECT slot_id, sum(qty - coalesce(returned, 0)) AS qty FROM bench.delivery_line GROUP BY slot_id
)
SELECT s.id AS n, s.owner_id, s.product_id, s.lot_id, s.bin_id, s.received, s.remaining + coalesce(d.qty, 0) AS qty,
       sum(CASE WHEN bench.u(21, s.id) < 0.05 THEN 1 ELSE 0 END)
           OVER (PARTITION BY s.owner_id ORDER BY s.received, s.id) AS run
  FROM bench.slot s LEFT JOIN shipped d ON d.slot_id = s.id
 WHERE s.remaining + coalesce(d.qty, 0) > 0;
