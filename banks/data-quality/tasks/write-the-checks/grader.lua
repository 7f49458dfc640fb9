-- Every check runs on three data sets of ours: what the candidate has seen, clean data, and tomorrow's.
local schema = [[
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_on TEXT, total INTEGER);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER, quantity INTEGER, price INTEGER);
]]
local clean = schema .. [[
INSERT INTO customers VALUES (1, 'A', 'a@x.example'), (2, 'B', 'b@x.example'), (3, 'C', NULL), (4, 'D', NULL);
INSERT INTO orders VALUES (10, 1, '2024-02-29', 500), (11, 2, '2026-12-31', 0), (12, 3, '2026-01-01', 30);
INSERT INTO order_lines VALUES (100, 10, 2, 200), (101, 10, 1, 100), (102, 12, 3, 10);
]]
local seen = schema .. [[
INSERT INTO customers VALUES (1, 'Ana', 'ana@shop.example'), (2, 'Ben', 'ben@shop.example'), (3, 'Ana B.', ' ANA@shop.example'),
  (4, 'Cleo', NULL), (5, 'Dov', NULL), (6, 'Eva', 'eva@shop.example'), (7, 'Ben', 'ben@shop.example ');
INSERT INTO orders VALUES (10, 1, '2026-02-03', 900), (11, 2, '2026-02-30', 450), (12, 99, '2026-02-04', 100), (13, NULL, '2026-02-05', 700),
  (14, 6, '05.02.2026', 300), (15, 5, '2026-02-06', 0), (16, 4, '2026-02-06', 250), (17, 3, '2026-2-7', 1200), (18, 7, NULL, 640);
INSERT INTO order_lines VALUES (100, 10, 2, 450), (101, 11, 1, 450), (102, 12, 1, 100), (103, 13, 0, 700), (104, 13, 1, 700), (105, 14, 3, 100),
  (106, 17, 4, 250), (107, 17, 1, 100), (108, 18, 2, NULL), (109, 18, 2, 320), (110, 12, -1, 50);
]]
local tomorrow = schema .. [[
INSERT INTO customers VALUES (21, 'U', 'U@y.example'), (22, 'V', 'u@Y.example'), (23, 'W', 'u@y.example '), (24, 'X', 'x@y.example'), (25, 'Y', NULL);
INSERT INTO orders VALUES (30, 21, '2025-02-29', 10), (31, 0, '2025-03-01', 20), (32, NULL, '2025-13-01', 0), (33, 24, '20250301', 41),
  (34, 25, '2025-04-31', 5), (35, 24, '2025-03-01 ', 7);
INSERT INTO order_lines VALUES (200, 30, 1, 10), (201, 31, NULL, 20), (202, 31, 2, 10), (203, 33, 4, 10), (204, 35, 7, 1), (205, 30, 1, 0);
]]
local sets = { { "the data that you have", seen }, { "clean data", clean }, { "tomorrow's data", tomorrow } }

local function ids(name, query, data)
  local db = "/tmp/" .. name .. ".db"
  run{ "rm", "-f", db }
  expect(run{ "sqlite3", "-bail", db, stdin = data }.status == 0, "the data could not be made")
  -- The candidate's text runs in safe mode: no files, no commands, and on a copy that is thrown away.
  local r = run{ "sqlite3", "-safe", "-bail", "-noheader", "-list", db, stdin = query .. "\n;\n" }
  expect(r.status == 0, name .. ".sql: " .. text.trim(r.err):sub(1, 200))
  local out = {}
  for _, line in ipairs(r:lines()) do
    if line ~= "" then out[#out + 1] = line end
  end
  return out
end

local function one(name, points, title, wanted)
  check(name, points, title, function()
    local query = expect(file.read("/home/candidate/checks/" .. name .. ".sql"), "There is no ~/checks/" .. name .. ".sql")
    expect(not query:find("^%s*%.") and not query:find("\n%s*%."), name .. ".sql holds commands of the sqlite3 program; it should be one SELECT")
    for i, set in ipairs(sets) do
      local got = ids(name, query, set[2])
      local there = {}
      for _, id in ipairs(got) do
        expect(not there[id], name .. ".sql returns a row twice in " .. set[1])
        there[id] = true
      end
      for _, id in ipairs(wanted[i]) do
        expect(there[tostring(id)], name .. ".sql misses a row that breaks the rule in " .. set[1])
      end
      expect(#got == #wanted[i], name .. ".sql accuses a row that is right in " .. set[1])
    end
  end)
end

one("email", 2, "email.sql finds customers who share an address", { { 1, 2, 3, 7 }, {}, { 21, 22, 23 } })
one("customer", 1, "customer.sql finds orders without a customer", { { 12, 13 }, {}, { 31, 32 } })
one("amount", 1, "amount.sql finds lines without an amount", { { 103, 108, 110 }, {}, { 201, 205 } })
one("total", 2, "total.sql finds totals that are not the sum of the lines", { { 12, 16, 17 }, {}, { 33, 34 } })
one("date", 1, "date.sql finds what is no date", { { 11, 14, 17, 18 }, {}, { 30, 32, 33, 34, 35 } })

check("unchanged", 1, "shop.db is unchanged, and there is a check for it", function()
  expect(#file.glob("/home/candidate/checks/*.sql") > 0, "There are no checks yet")
  local db = "/home/candidate/shop.db"
  expect(sql.value(db, "SELECT count(*) FROM customers") == 7 and sql.value(db, "SELECT count(*) FROM orders") == 9
    and sql.value(db, "SELECT count(*) FROM order_lines") == 11 and sql.value(db, "SELECT sum(total) FROM orders") == 4540,
    "shop.db has been changed")
end)
