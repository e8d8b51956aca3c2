WITH wanted AS (
    SELECT m.*, p.owner_id, row_number() OVER (ORDER BY m.id) AS n
      FROM stock_move m JOIN stock_picking p ON p.id = m.picking_id
     WHERE m.picking_id = %(picking_id)s
), zone AS (
    SELECT bin.id, bin.complete_name, c.allow_new_product
      FROM stock_location bin
      JOIN stock_storage_category c ON c.id = bin.storage_category_id
     WHERE c.name = %(zone)s AND bin.active
), empty AS (  -- where a bin takes one product only: a bin for every line
    SELECT z.id, row_number() OVER (ORDER BY z.complete_name) AS n
      FROM zone z
     WHERE z.allow_new_product <> 'mixed'
       AND NOT EXISTS (SELECT FROM stock_quant q WHERE q.location_id = z.id AND q.quantity > 0)
       AND NOT EXISTS (SELECT FROM stock_move_line l WHERE l.location_dest_id = z.id
                          AND l.state IN ('assigned', 'partially_available', 'confirmed', 'waiting'))
     ORDER BY z.complete_name
     LIMIT (SELECT count(*) FROM wanted)
), taken AS MATERIALIZED (  -- where goods of these products are or are about to come
    SELECT location_id, product_id FROM stock_quant
     WHERE product_id IN (SELECT product_id FROM wanted) AND quantity > 0
     UNION
    SELECT location_dest_id, product_id FROM stock_move_line
     WHERE product_id IN (SELECT product_id FROM wanted)
       AND state IN ('assigned', 'partially_available', 'confirmed', 'waiting')
), mixed AS (  -- else the first bin without goods of that product: never a second lot of it
    SELECT b.id, w.n
      FROM wanted w
     CROSS JOIN LATERAL (
            SELECT z.id FROM zone z
             WHERE z.allow_new_product = 'mixed'
               AND z.id NOT IN (SELECT t.location_id FROM taken t WHERE t.product_id = w.product_id)
             ORDER BY z.complete_name LIMIT 1) b
), chosen AS (
    SELECT id, n FROM empty UNION ALL SELECT id, n FROM mixed
), lines AS (
    INSERT INTO stock_move_line (picking_id, move_id, company_id, product_id, product_uom_id, owner_id, location_id,
           location_dest_id, state, quantity, quantity_product_uom, picked, date, create_uid, write_uid,
           create_date, write_date)
    SELECT w.picking_id, w.id, w.company_id, w.product_id, w.product_uom, w.owner_id, w.location_id, c.id,
           'assigned', w.product_qty, w.product_qty, false, w.date, 2, 2, now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC'
      FROM wanted w JOIN chosen c USING (n)
), moves AS (
    UPDATE stock_move SET state = 'assigned', quantity = product_qty WHERE picking_id = %(picking_id)s
)
UPDATE stock_picking SET state = 'assigned' WHERE id = %(picking_id)s
