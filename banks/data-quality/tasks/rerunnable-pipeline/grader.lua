local home = "/home/candidate/pipeline"
local db = home .. "/warehouse.db"

-- In the candidate's own box. What it prints is data, never more.
local function make(day, more)
  return live.run{ "/usr/bin/make", "-C", home, "DAY=" .. day, more, time = 20 }
end
local function ask(query)
  return text.trim(live.run{ "/usr/bin/sqlite3", db, query }.out)
end
local function rows(day)
  return ask("SELECT count(*) || ':' || coalesce(sum(count), 0) FROM visits WHERE day = '" .. day .. "'")
end

check("loaded", 2, "The three days are loaded, each once", function()
  expect(file.exists(home .. "/Makefile") or file.exists(home .. "/makefile") or file.exists(home .. "/GNUmakefile"), "There is no ~/pipeline/Makefile")
  expect(file.exists(db), "There is no ~/pipeline/warehouse.db: nothing has been loaded")
  for _, day in ipairs{ "2026-03-01", "2026-03-02", "2026-03-03" } do
    local n = sql.value(db, "SELECT count(*) FROM visits WHERE day = '" .. day .. "'")
    expect(n == 4, day .. " has " .. tostring(n) .. " rows instead of 4")
    expect(sql.value(db, "SELECT sum(count) FROM visits WHERE day = '" .. day .. "'") == 50, "The rows of " .. day .. " are not clean or not right")
    expect(file.exists(home .. "/raw/" .. day .. ".csv") and file.exists(home .. "/clean/" .. day .. ".csv"), "raw/ or clean/ has no file of " .. day)
  end
end)

check("retries", 2, "A day is loaded although the source fails at first", { live = true }, function()
  local r = make("2026-03-04")
  expect(r.status == 0, "make DAY=2026-03-04 failed: " .. text.trim(r.err):sub(-300))
  expect(rows("2026-03-04") == "4:50", "The day 2026-03-04 should have 4 rows with 50 visits; it has (rows:visits) " .. rows("2026-03-04"))
end)

check("again", 1, "Running it again changes nothing", { live = true, needs = "retries" }, function()
  expect(make("2026-03-04").status == 0, "The second run for a day that is loaded fails")
  expect(rows("2026-03-04") == "4:50", "After a second run there are (rows:visits) " .. rows("2026-03-04") .. " instead of 4:50")
end)

check("replaced", 1, "A corrected raw file replaces the day", { live = true, needs = "again" }, function()
  local fix = "sleep 1.1; printf 'place,count\\nnorth,100\\nsouth,1\\n' >" .. home .. "/raw/2026-03-04.csv"
  expect(live.run{ "/bin/sh", "-c", fix }.status == 0, "raw/2026-03-04.csv cannot be written")
  expect(make("2026-03-04").status == 0, "make fails after the raw file was corrected")
  expect(rows("2026-03-04") == "2:101", "After a correction the day has (rows:visits) " .. rows("2026-03-04") .. " instead of 2:101")
end)

check("fails", 2, "A day that cannot be had fails and leaves nothing", { live = true, needs = "retries" }, function()
  for _, day in ipairs{ "2026-03-09", "2026-03-13" } do
    expect(make(day).status ~= 0, "make DAY=" .. day .. " succeeds although there are no whole data")
    expect(live.run{ "/usr/bin/test", "!", "-e", home .. "/raw/" .. day .. ".csv" }.status == 0, "A half raw file of " .. day .. " is left")
    expect(rows(day) == "0:0", "Rows of " .. day .. " were loaded")
  end
end)

check("bounded", 1, "The source is asked five times at most, and once where the failure is final", { live = true, needs = "fails" }, function()
  local asked = live.run{ "/bin/cat", "/var/lib/source/asked" }.out
  local n = text.count(asked, "2026-03-09")
  expect(n >= 3 and n <= 5, "For a day that keeps failing, the source was asked " .. n .. " times")
  expect(text.count(asked, "2026-03-13") == 1, "A final failure was tried again")
end)
