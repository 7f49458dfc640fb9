#!/bin/sh
set -e
cd ~/checks
echo "SELECT DISTINCT a.id FROM customers a JOIN customers b ON a.id <> b.id AND lower(trim(a.email)) = lower(trim(b.email))" >email.sql
echo "select id from orders o where not exists (select 1 from customers c where c.id = o.customer_id)" >customer.sql
echo "select id from order_lines where quantity is null or price is null or quantity <= 0 or price <= 0" >amount.sql
echo "-- an order without lines must be 0
select id from orders where ifnull(total, -1) <> (select ifnull(sum(quantity * price), 0) from order_lines where order_id = orders.id);" >total.sql
echo "select id from orders where ordered_on is null or ordered_on not glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
 or julianday(ordered_on) is null or strftime('%Y-%m-%d', julianday(ordered_on)) <> ordered_on;" >date.sql
