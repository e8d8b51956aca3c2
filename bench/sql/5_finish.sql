-- Let Odoo go on counting where the generated documents end.
SELECT setval('stock_picking_id_seq', (SELECT max(id) FROM stock_picking)),
       setval('stock_move_id_seq', (SELECT max(id) FROM stock_move)),
       setval('stock_move_line_id_seq', (SELECT max(id) FROM stock_move_line));
-- What the benchmarks need to find the cast again.
CREATE TABLE IF NOT EXISTS bench_cast (role text, product_id int, owner_id int, lot_id int, deliveries int);
INSERT INTO bench_cast
SELECT p.role, p.id, p.owner_id, t.lot_id, t.deliveries
  FROM bench.product p
  LEFT JOIN bench.traced t ON p.role = 'trace' || t.n
 WHERE p.role <> 'ordinary' ORDER BY p.n;
DROP SCHEMA bench CASCADE;
