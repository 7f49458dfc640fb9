local db = "/home/candidate/crm.db"

local function rows(query)
  local out = {}
  for _, r in ipairs(sql.query(db, query)) do out[#out + 1] = tostring(r.v) end
  return table.concat(out, " ")
end

check("customers", 2, "One customer is left for each address", function()
  expect(rows("SELECT id AS v FROM customers ORDER BY id") == "1 2 4 5 6 9", "The customers that are left should be 1, 2, 4, 5, 6 and 9")
  expect(rows("SELECT id || ':' || coalesce(email, '') AS v FROM customers ORDER BY id")
    == "1:mira@post.example 2:jon@vey.example 4: 5: 6:pia@post.example 9:otto@post.example", "An address is not as it should be")
  expect(rows("SELECT name AS v FROM customers WHERE id IN (1, 2) ORDER BY id") == "Mira Sand Jon Vey", "The names of those who stay must not change")
end)

check("orders", 2, "Every order belongs to the customer who stays", { needs = "customers" }, function()
  expect(rows("SELECT id || ':' || customer_id AS v FROM orders ORDER BY id") == "50:1 51:1 52:1 53:2 54:2 55:4 56:5 57:9",
    "An order is lost, or belongs to somebody else")
end)

check("countries", 1, "Countries are two-letter codes", function()
  expect(rows("SELECT DISTINCT country AS v FROM customers ORDER BY 1") == "DE FR GB IT", "The countries should be DE, FR, GB and IT")
  expect(rows("SELECT country AS v FROM customers WHERE id IN (2, 5, 6, 9) ORDER BY id") == "GB DE IT GB", "A country is another one than before")
end)

check("rejected", 1, "Bad lines are in rejected_lines, good ones where they were", function()
  expect(contains(sql.tables(db), "rejected_lines"), "There is no table rejected_lines")
  expect(rows("SELECT id || ':' || order_id || ':' || quantity || ':' || reason AS v FROM rejected_lines ORDER BY id")
    == "501:50:0:quantity 503:52:-3:quantity 508:57:0:quantity", "rejected_lines does not hold just the bad lines, with the reason 'quantity'")
  expect(rows("SELECT id || ':' || order_id || ':' || quantity AS v FROM order_lines ORDER BY id")
    == "500:50:2 502:51:1 504:53:4 505:54:1 506:55:6 507:56:1 509:57:9", "A good line was changed or lost, or a bad one is left")
end)

-- Both try on a copy: writing changes nothing.
check("unique", 2, "A second customer with an address is refused", { needs = "customers" }, function()
  expect(sql.run(db, "INSERT INTO customers (name, email, country) VALUES ('x', 'new@post.example', 'DE')").status == 0, "A new customer must be possible")
  expect(sql.run(db, "INSERT INTO customers (name, email, country) VALUES ('x', NULL, 'DE')").status == 0, "A customer without an address must be possible")
  expect(sql.run(db, "INSERT INTO customers (name, email, country) VALUES ('x', 'pia@post.example', 'DE')").status ~= 0, "The same address twice is possible")
  expect(sql.run(db, "INSERT INTO customers (name, email, country) VALUES ('x', 'PIA@Post.example', 'DE')").status ~= 0,
    "The same address in other letters is possible")
end)

check("refused", 1, "A line without quantity is refused", { needs = "rejected" }, function()
  expect(sql.run(db, "INSERT INTO order_lines (order_id, quantity) VALUES (50, 1)").status == 0, "A good line must be possible")
  expect(sql.run(db, "INSERT INTO order_lines (order_id, quantity) VALUES (50, 0)").status ~= 0, "A line with the quantity 0 is possible")
  expect(sql.run(db, "INSERT INTO order_lines (order_id, quantity) VALUES (50, -2)").status ~= 0, "A line with a negative quantity is possible")
end)
