local path = "/home/candidate/differences.csv"
local wanted = {
  { "9", "amount", "0.00", "99.90" },
  { "88", "amount", "70.07", "70.70" },
  { "101", "amount", "999.99", "1000.00" },
  { "210", "missing-in-bank", "", "45.00" },
  { "300", "missing-in-ledger", "15.10", "" },
  { "1201", "missing-in-bank", "", "5.05" },
}

local function rows()
  local all = text.csv(expect(file.read(path), "There is no ~/differences.csv"))
  expect(#all > 0 and table.concat(all[1], ",") == "invoice,kind,bank,ledger", "The heading should be invoice,kind,bank,ledger")
  local out, by = {}, {}
  for i = 2, #all do
    if not (#all[i] == 1 and all[i][1] == "") then
      expect(#all[i] == 4, "A line does not have four fields: " .. table.concat(all[i], ","))
      expect(not by[all[i][1]], "Invoice " .. all[i][1] .. " is listed twice")
      out[#out + 1], by[all[i][1]] = all[i], all[i]
    end
  end
  return out, by
end

check("missing", 2, "What is missing on either side is listed", function()
  local _, by = rows()
  for _, w in ipairs(wanted) do
    if w[2] ~= "amount" then
      expect(by[w[1]], "An invoice that is missing on one side is not listed")
      expect(by[w[1]][2] == w[2], "Invoice " .. w[1] .. " has another kind of difference")
    end
  end
end)

check("amounts", 2, "Amounts that differ are listed", function()
  local _, by = rows()
  for _, w in ipairs(wanted) do
    if w[2] == "amount" then
      expect(by[w[1]] and by[w[1]][2] == "amount", "An invoice whose amounts differ is not listed as that; parts of a payment add up")
    end
  end
end)

check("nothing-else", 2, "Nothing that agrees is listed", { needs = { "missing", "amounts" } }, function()
  local out = rows()
  expect(#out == #wanted, "There are " .. #out .. " differences in the file: some invoice agrees on both sides, or is no invoice at all")
end)

check("figures", 1, "The amounts are right, and written as asked", { needs = "nothing-else" }, function()
  local _, by = rows()
  for _, w in ipairs(wanted) do
    expect(equal(by[w[1]], w), "The line of invoice " .. w[1] .. " is not right: " .. table.concat(by[w[1]], ","))
  end
end)

check("sorted", 1, "The lines are sorted by the number of the invoice", { needs = "nothing-else" }, function()
  local out = rows()
  for i = 2, #out do
    expect(tonumber(out[i][1]) > tonumber(out[i - 1][1]), "Invoice " .. out[i][1] .. " comes after " .. out[i - 1][1])
  end
end)
