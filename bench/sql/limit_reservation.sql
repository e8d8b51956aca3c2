WITH demand AS (
    SELECT m.id AS move_id, m.picking_id, m.company_id, m.product_id, m.product_uom, m.location_dest_id,
           p.owner_id, loc.parent_path, m.product_qty AS need,
           sum(m.product_qty) OVER (PARTITION BY m.product_id ORDER BY m.id) AS upto
      FROM stock_move m
      JOIN stock_picking p ON p.id = m.picking_id
      JOIN stock_location loc ON loc.id = m.location_id
     WHERE m.picking_id = %(picking_id)s
), supply AS (
    SELECT q.id, q.product_id, q.lot_id, q.location_id, q.owner_id, q.expiration_date, q.removal_date,
           q.quantity - q.reserved_quantity AS free,
           sum(q.quantity - q.reserved_quantity)
               OVER (PARTITION BY q.product_id ORDER BY q.removal_date, q.in_date, q.id) AS upto
      FROM stock_quant q
      JOIN stock_location loc ON loc.id = q.location_id
     WHERE q.product_id IN (SELECT product_id FROM demand)
       AND q.owner_id = (SELECT owner_id FROM demand LIMIT 1)
       AND loc.parent_path LIKE (SELECT parent_path || '%%' FROM demand LIMIT 1)
       AND q.quantity > q.reserved_quantity
       AND (q.removal_date IS NULL OR q.removal_date >= now() AT TIME ZONE 'UTC')
), taken AS (
    SELECT d.*, s.id AS quant_id, s.lot_id, s.location_id, s.expiration_date, s.removal_date,
           least(d.upto, s.upto) - greatest(d.upto - d.need, s.upto - s.free) AS quantity
      FROM demand d
      JOIN supply s ON s.product_id = d.product_id AND s.upto > d.upto - d.need AND s.upto - s.free < d.upto
), locked AS (
    SELECT q.id FROM stock_quant q WHERE q.id IN (SELECT quant_id FROM taken) ORDER BY q.id FOR NO KEY UPDATE
), promised AS (
    UPDATE stock_quant q SET reserved_quantity = q.reserved_quantity + t.quantity
      FROM (SELECT quant_id, sum(quantity) AS quantity FROM taken GROUP BY quant_id) t
     WHERE q.id = t.quant_id AND q.id IN (SELECT id FROM locked)
), lines AS (
    INSERT INTO stock_move_line (picking_id, move_id, company_id, product_id, product_uom_id, lot_id, owner_id,
           location_id, location_dest_id, state, quantity, quantity_product_uom, picked, date, expiration_date,
           removal_date, create_uid, write_uid, create_date, write_date)
    SELECT picking_id, move_id, company_id, product_id, product_uom, lot_id, owner_id, location_id,
           location_dest_id, 'assigned', quantity, quantity, false, now() AT TIME ZONE 'UTC', expiration_date,
           removal_date, 2, 2, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM taken
), moves AS (
    UPDATE stock_move m SET quantity = t.quantity,
           state = CASE WHEN t.quantity < m.product_qty THEN 'partially_available' ELSE 'assigned' END
      FROM (SELECT move_id, sum(quantity) AS quantity FROM taken GROUP BY move_id) t
     WHERE m.id = t.move_id
)
UPDATE stock_picking p SET state = CASE WHEN t.quantity < t.need THEN 'confirmed' ELSE 'assigned' END
  FROM (SELECT (SELECT sum(need) FROM demand) AS need, sum(quantity) AS quantity FROM taken) t
 WHERE p.id = %(picking_id)s
