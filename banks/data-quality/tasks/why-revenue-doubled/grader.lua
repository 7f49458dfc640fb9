local db = "/home/candidate/sales.db"

local function report(path)
  local out = {}
  for _, r in ipairs(sql.query(path, "SELECT region, revenue FROM revenue_by_region ORDER BY region")) do
    out[#out + 1] = tostring(r.region) .. "=" .. tostring(r.revenue)
  end
  return table.concat(out, " ")
end

check("cause", 2, "cause.txt names the table and its keys", function()
  local lines = expect(file.lines("/home/candidate/cause.txt"), "There is no ~/cause.txt")
  local said = {}
  for _, line in ipairs(lines) do
    if text.trim(line) ~= "" then said[#said + 1] = text.trim(line) end
  end
  expect(said[1] == "postcodes", "The table in the first line is not the one that makes rows multiply")
  expect(equal({ table.unpack(said, 2) }, { "4020", "8010", "9020" }), "The keys are not just those that are there more than once")
end)

check("once", 2, "The view counts each order once, in its newest region", function()
  local got = report(db)
  expect(contains(got, "North=10500") and contains(got, "South=2500") and contains(got, "West=8000"), "The view shows " .. got)
  expect(contains(got, "East=65000"), "An order is counted for a region that its postcode no longer belongs to, or not counted: " .. got)
end)

check("unknown", 1, "Orders without a known postcode count for unknown", { needs = "once" }, function()
  expect(contains(report(db), "unknown=10500"), "Orders whose postcode is NULL or not in the table should make unknown=10500")
end)

check("tables", 1, "No table has changed, and the view is right when the data are mended", { needs = "once" }, function()
  expect(sql.value(db, "SELECT count(*) || ' ' || sum(cents) FROM orders") == "10 96500", "orders has changed")
  expect(sql.value(db, "SELECT count(*) FROM postcodes") == 11 and sql.value(db, "SELECT count(*) FROM products") == 3, "postcodes or products has changed")
  local r = sql.run(db, "DELETE FROM postcodes WHERE rowid NOT IN (SELECT max(rowid) FROM postcodes GROUP BY postcode, updated) OR updated < (SELECT max(updated) "
    .. "FROM postcodes k WHERE k.postcode = postcodes.postcode); SELECT count(*) || ' ' || sum(revenue) FROM revenue_by_region;")
  expect(r.status == 0, "The data of the tables can no longer be mended: " .. text.trim(r.err):sub(1, 200))
  expect(text.trim(r.out) == "5 96500", "Once the duplicates are gone the view should show 96500 in five regions, and shows (regions, revenue) " .. text.trim(r.out))
end)
