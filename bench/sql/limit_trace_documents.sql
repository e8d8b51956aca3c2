SELECT p.id, p.name, p.date_done, p.partner_id, l.quantity_product_uom
  FROM stock_move_line l
  JOIN stock_picking p ON p.id = l.picking_id
 WHERE l.lot_id = %(lot_id)s AND l.state = 'done'
   AND l.location_dest_id = ANY(ARRAY(SELECT id FROM stock_location WHERE usage = 'customer'))
