-- Pickings, moves and lines as Odoo leaves them when they are done (or reserved), in order of time.
CREATE UNLOGGED TABLE bench.picking AS
WITH receipts AS (
    SELECT owner_id, run, min(received) AS at FROM bench.receipt_line GROUP BY owner_id, run
), deliveries AS (
    SELECT owner_id, run, max(shipped) AS at, max(customer_n) AS customer_n FROM bench.delivery_line
     GROUP BY owner_id, run
), wanted AS (
    SELECT 'in' AS kind, owner_id, run, at, NULL::int AS customer_n FROM receipts
    UNION ALL  -- nine receipts in ten are put away by a second picking
    SELECT 'int', owner_id, run, at + interval '2 hours', NULL FROM receipts
     WHERE bench.u(30, owner_id * 100000::bigint + run) < 0.9
    UNION ALL
    SELECT 'out', owner_id, run, at, customer_n FROM deliveries
    UNION ALL
    SELECT 'return', d.owner_id, d.run, least(d.at + interval '7 days', %(today)s), NULL FROM deliveries d
     WHERE EXISTS (SELECT FROM bench.delivery_line l
                    WHERE l.owner_id = d.owner_id AND l.run = d.run AND l.returned > 0)
    UNION ALL
    SELECT DISTINCT 'open', owner_id, run, %(today)s::timestamp + interval '1 day', NULL::int FROM bench.open_line
), numbered AS (
    SELECT *, row_number() OVER (ORDER BY at, kind, owner_id, run) + %(last_picking)s AS id,
           row_number() OVER (PARTITION BY CASE kind WHEN 'open' THEN 'out' WHEN 'return' THEN 'in' ELSE kind END
                              ORDER BY at, kind, owner_id, run) AS number
      FROM wanted
)
SELECT n.id::int, n.kind, n.owner_id, n.run, n.at, n.number,
       CASE n.kind WHEN 'int' THEN 'WH/INT/' WHEN 'in' THEN 'WH/IN/' WHEN 'return' THEN 'WH/IN/' ELSE 'WH/OUT/' END
           || lpad(n.number::text, greatest(5, length(n.number::text)), '0') AS name,
       CASE WHEN n.kind IN ('out', 'open') THEN c.id WHEN n.kind = 'in' THEN n.owner_id END AS partner_id,
       d.id AS dock_id
  FROM numbered n
  LEFT JOIN bench.customer c ON c.n = coalesce(n.customer_n, 1 + floor(bench.u(31, n.id) * %(customers)s)::int)
  LEFT JOIN bench.dock d ON d.n = 1 + n.run %% 10;
CREATE UNIQUE INDEX ON bench.picking (kind, owner_id, run);
ANALYZE bench.picking;
UPDATE bench.picking r SET partner_id = d.partner_id FROM bench.picking d
 WHERE r.kind = 'return' AND d.kind = 'out' AND d.owner_id = r.owner_id AND d.run = r.run;

-- Lines with their picking; a move is one product of one picking.
CREATE UNLOGGED TABLE bench.line AS
WITH wanted AS (
    SELECT p.id AS picking_id, p.kind, p.at, l.product_id, l.lot_id, l.owner_id, l.qty, %(supplier)s AS location_id,
           CASE WHEN t.id IS NULL THEN l.bin_id ELSE p.dock_id END AS location_dest_id, NULL::int AS return_of, l.n
      FROM bench.receipt_line l
      JOIN bench.picking p ON p.kind = 'in' AND p.owner_id = l.owner_id AND p.run = l.run
      LEFT JOIN bench.picking t ON t.kind = 'int' AND t.owner_id = l.owner_id AND t.run = l.run
    UNION ALL
    SELECT p.id, p.kind, p.at, l.product_id, l.lot_id, l.owner_id, l.qty, p.dock_id, l.bin_id, NULL, l.n
      FROM bench.receipt_line l
      JOIN bench.picking p ON p.kind = 'int' AND p.owner_id = l.owner_id AND p.run = l.run
    UNION ALL
    SELECT p.id, p.kind, p.at, l.product_id, l.lot_id, l.owner_id, l.qty, l.bin_id, %(customer)s, NULL, l.n
      FROM bench.delivery_line l
      JOIN bench.picking p ON p.kind = 'out' AND p.owner_id = l.owner_id AND p.run = l.run
    UNION ALL
    SELECT p.id, p.kind, p.at, l.product_id, l.lot_id, l.owner_id, l.returned, %(customer)s, l.bin_id, d.id, l.n
      FROM bench.delivery_line l
      JOIN bench.picking p ON p.kind = 'return' AND p.owner_id = l.owner_id AND p.run = l.run
      JOIN bench.picking d ON d.kind = 'out' AND d.owner_id = l.owner_id AND d.run = l.run
     WHERE l.returned > 0
    UNION ALL
    SELECT p.id, p.kind, p.at, l.product_id, l.lot_id, l.owner_id, l.qty, l.bin_id, %(customer)s, NULL, l.n
      FROM bench.open_line l
      JOIN bench.picking p ON p.kind = 'open' AND p.owner_id = l.owner_id AND p.run = l.run
)
SELECT w.*, (%(last_line)s + row_number() OVER (ORDER BY picking_id, product_id, n))::int AS id,
       (%(last_move)s + dense_rank() OVER (ORDER BY picking_id, product_id))::int AS move_id
  FROM wanted w;
CREATE UNLOGGED TABLE bench.move AS
SELECT move_id AS id, picking_id, kind, at, product_id, owner_id, return_of, sum(qty)::numeric AS qty
  FROM bench.line GROUP BY move_id, picking_id, kind, at, product_id, owner_id, return_of;
ANALYZE bench.line, bench.move, bench.product, bench.lot;

INSERT INTO stock_picking (id, return_id, location_id, location_dest_id, picking_type_id, partner_id, company_id,
        user_id, owner_id, name, origin, move_type, state, priority, shipping_weight, has_deadline_issue, is_locked,
        batch_sequence, scheduled_date, date_done, create_uid, write_uid, create_date, write_date)
SELECT p.id, d.id, CASE p.kind WHEN 'in' THEN %(supplier)s WHEN 'return' THEN %(customer)s WHEN 'int' THEN p.dock_id ELSE %(stock)s END,
       CASE WHEN p.kind IN ('out', 'open') THEN %(customer)s ELSE %(stock)s END,
       CASE p.kind WHEN 'int' THEN %(int_type)s WHEN 'in' THEN %(in_type)s WHEN 'return' THEN %(in_type)s ELSE %(out_type)s END,
       p.partner_id, %(company)s, CASE WHEN p.kind <> 'return' THEN %(uid)s END,
       CASE WHEN p.kind <> 'int' THEN p.owner_id END, p.name,
       CASE p.kind WHEN 'in' THEN 'PO' || p.number WHEN 'return' THEN 'Return of ' || d.name
                   WHEN 'int' THEN NULL ELSE 'SO' || p.number END,
       'direct', CASE p.kind WHEN 'open' THEN 'assigned' ELSE 'done' END, '0', w.weight, false, true,
       CASE WHEN p.kind = 'return' THEN 0 END, p.at, CASE WHEN p.kind <> 'open' THEN p.at END,
       %(uid)s, %(uid)s, least(p.at, %(today)s), least(p.at, %(today)s)
  FROM bench.picking p
  JOIN (SELECT m.picking_id, sum(m.qty * g.weight) AS weight FROM bench.move m JOIN bench.product g ON g.id = m.product_id
         GROUP BY m.picking_id) w ON w.picking_id = p.id
  LEFT JOIN bench.picking d ON p.kind = 'return' AND d.kind = 'out' AND d.owner_id = p.owner_id AND d.run = p.run
 ORDER BY p.id;

INSERT INTO stock_move (id, sequence, company_id, product_id, product_uom, location_id, location_dest_id, partner_id,
        picking_id, picking_type_id, origin_returned_move_id, restrict_partner_id, warehouse_id, next_serial_count,
        packaging_uom_id, priority, state, origin, procure_method, reference, reservation_date, product_qty,
        product_uom_qty, quantity, picked, propagate_cancel, is_inventory, additional, date, packaging_uom_qty,
        create_uid, write_uid, create_date, write_date)
SELECT m.id, 10, %(company)s, m.product_id, %(uom)s, p.location_id, p.location_dest_id, p.partner_id, p.id,
       p.picking_type_id, o.id, CASE WHEN m.kind NOT IN ('int', 'open') THEN m.owner_id END,
       CASE WHEN m.kind = 'return' THEN %(warehouse)s END, CASE WHEN m.kind = 'return' THEN 0 END,
       %(uom)s, '0', p.state, NULL, 'make_to_stock', p.name, p.create_date::date, m.qty,
       m.qty, m.qty, m.kind <> 'open', true, CASE WHEN m.kind = 'return' THEN false END, false, m.at, m.qty,
       %(uid)s, %(uid)s, p.create_date, p.write_date
  FROM bench.move m
  JOIN stock_picking p ON p.id = m.picking_id
  LEFT JOIN bench.move o ON o.picking_id = m.return_of AND o.product_id = m.product_id
 ORDER BY m.id;
INSERT INTO stock_move_move_rel (move_orig_id, move_dest_id)
SELECT origin_returned_move_id, id FROM stock_move
 WHERE id > %(last_move)s AND origin_returned_move_id IS NOT NULL;

INSERT INTO stock_move_line (id, picking_id, move_id, company_id, product_id, product_uom_id, lot_id, owner_id,
        location_id, location_dest_id, lot_name, state, quantity, quantity_product_uom, picked, date,
        expiration_date, removal_date, create_uid, write_uid, create_date, write_date)
SELECT l.id, l.picking_id, l.move_id, %(company)s, l.product_id, %(uom)s, l.lot_id, l.owner_id, l.location_id,
       l.location_dest_id, CASE WHEN l.kind IN ('in', 'return') THEN lot.name END,
       CASE l.kind WHEN 'open' THEN 'assigned' ELSE 'done' END, l.qty, l.qty, l.kind <> 'open', l.at,
       lot.expiration_date, lot.removal_date, %(uid)s, %(uid)s, least(l.at, %(today)s), least(l.at, %(today)s)
  FROM bench.line l JOIN stock_lot lot ON lot.id = l.lot_id
 ORDER BY l.id;
