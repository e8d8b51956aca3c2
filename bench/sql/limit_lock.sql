SELECT id FROM stock_quant
 WHERE product_id IN (SELECT product_id FROM stock_move WHERE picking_id = %(picking_id)s) AND quantity > 0
 ORDER BY id FOR NO KEY UPDATE
