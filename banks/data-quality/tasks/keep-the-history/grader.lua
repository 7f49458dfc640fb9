local home = "/home/candidate/crm"
local schema = [[
CREATE TABLE dim_customer (customer_id INTEGER NOT NULL, name TEXT NOT NULL, city TEXT, valid_from TEXT NOT NULL, valid_to TEXT);
CREATE TABLE staging (customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE run (day TEXT NOT NULL);
]]

local function rows(db)
  local r = run{ "sqlite3", "-readonly", "-list", "-nullvalue", "-", db,
    "SELECT customer_id, name, city, valid_from, valid_to FROM dim_customer ORDER BY customer_id, valid_from, valid_to" }
  expect(r.status == 0, "dim_customer cannot be read: " .. text.trim(r.err):sub(1, 200))
  return r.out
end

-- Runs the candidate's script (in safe mode: no files, no commands) on data of ours; `again` runs it twice.
local function apply(name, data, again)
  local script = expect(file.read(home .. "/apply.sql"), "There is no ~/crm/apply.sql")
  local db = "/tmp/" .. name .. ".db"
  run{ "rm", "-f", db }
  expect(run{ "sqlite3", "-bail", db, stdin = schema .. data }.status == 0, "our data could not be made")
  for _ = 1, again and 2 or 1 do
    local r = run{ "sqlite3", "-safe", "-bail", db, stdin = script }
    expect(r.status == 0, "apply.sql fails: " .. text.trim(r.err):sub(1, 300))
  end
  return rows(db)
end

local history = [[
INSERT INTO dim_customer VALUES (1, 'A', 'X', '2025-01-01', NULL), (2, 'B', 'X', '2025-01-01', '2025-03-01'), (2, 'B', 'Y', '2025-03-01', NULL),
  (3, 'C', 'Z', '2025-01-01', '2025-02-01'), (4, 'D', NULL, '2025-01-01', NULL), (5, 'E', 'W', '2025-01-01', NULL);
INSERT INTO run VALUES ('2025-06-01');
]]
local same = "(1, 'A', 'X'), (2, 'B', 'Y'), (4, 'D', NULL), (5, 'E', 'W')"

check("new", 1, "A new customer gets a row, who has not changed keeps the row", function()
  local got = apply("new", history .. "INSERT INTO staging VALUES " .. same .. ", (9, 'N', NULL), (10, 'M', 'Q');")
  expect(got == "1|A|X|2025-01-01|-\n2|B|X|2025-01-01|2025-03-01\n2|B|Y|2025-03-01|-\n3|C|Z|2025-01-01|2025-02-01\n4|D|-|2025-01-01|-\n"
    .. "5|E|W|2025-01-01|-\n9|N|-|2025-06-01|-\n10|M|Q|2025-06-01|-\n", "After a run with two new customers the table is not as it should be")
end)

check("changed", 2, "A change closes the row and opens another, also from and to NULL", function()
  local got = apply("changed", history .. "INSERT INTO staging VALUES (1, 'A2', 'X'), (2, 'B', 'X'), (4, 'D', 'V'), (5, 'E', NULL);")
  expect(contains(got, "1|A|X|2025-01-01|2025-06-01\n1|A2|X|2025-06-01|-\n"), "A changed name is not kept as history")
  expect(contains(got, "2|B|Y|2025-03-01|2025-06-01\n2|B|X|2025-06-01|-\n"), "A changed city is not kept as history")
  expect(contains(got, "2|B|X|2025-01-01|2025-03-01\n"), "A period of the past has been changed")
  expect(contains(got, "4|D|-|2025-01-01|2025-06-01\n4|D|V|2025-06-01|-\n"), "A city that was NULL before is not seen as a change")
  expect(contains(got, "5|E|W|2025-01-01|2025-06-01\n5|E|-|2025-06-01|-\n"), "A city that becomes NULL is not seen as a change")
end)

check("gone", 2, "Who is gone is closed, who comes back is opened", function()
  local got = apply("gone", history .. "INSERT INTO staging VALUES (1, 'A', 'X'), (3, 'C', 'Z'), (4, 'D', NULL);")
  expect(contains(got, "2|B|Y|2025-03-01|2025-06-01\n") and contains(got, "5|E|W|2025-01-01|2025-06-01\n"), "Customers who are not in staging are still open")
  expect(contains(got, "3|C|Z|2025-01-01|2025-02-01\n3|C|Z|2025-06-01|-\n"), "A customer who comes back has no open row")
  expect(contains(got, "1|A|X|2025-01-01|-\n") and contains(got, "4|D|-|2025-01-01|-\n"), "Customers who have not changed were touched")
end)

check("again", 2, "Running it again for the same day changes nothing", { needs = "changed" }, function()
  local data = history .. "INSERT INTO staging VALUES (1, 'A2', 'X'), (3, 'C', 'Z'), (4, 'D', 'V'), (5, 'E', NULL), (9, 'N', NULL);"
  expect(apply("once", data) == apply("twice", data, true), "A second run for the same day changes dim_customer")
end)

check("today", 1, "dim.db is up to date", function()
  expect(rows(subject(home .. "/dim.db")) == "1|Ana|Bern|2026-01-01|-\n2|Ben|Graz|2026-01-01|2026-02-01\n2|Ben|Linz|2026-02-01|2026-03-01\n2|Ben|Wels|2026-03-01|-\n"
    .. "3|Cleo|-|2026-01-01|2026-03-01\n3|Cleo|Gent|2026-03-01|-\n4|Dov|Ulm|2026-01-01|2026-03-01\n5|Eva|Jena|2026-01-01|2026-02-10\n5|Eva|Jena|2026-03-01|-\n"
    .. "6|Finn|-|2026-03-01|-\n", "~/crm/dim.db does not hold what today's run should leave")
end)
