local app = "/home/candidate/app"
local wanted = { { "alder", "1.10" }, { "bramble", "2.0.12" }, { "clover", "3.1" } }

-- The hash that was published: of the archive in the mirrors that nobody has touched for these versions.
local function published(name, version)
  return expect(file.sha256("/srv/mirror/" .. name .. "-" .. version .. ".tar.gz"), "The mirror has been changed")
end

local function lock()
  local out = {}
  for _, line in ipairs(expect(file.lines(app .. "/vendor.lock"), "There is no ~/app/vendor.lock")) do
    if text.trim(line) ~= "" then out[#out + 1] = text.fields(line) end
  end
  return out
end

check("versions", 2, "vendor.lock pins the newest version in each range", function()
  local l = lock()
  expect(#l == 3, "vendor.lock should have three lines, and has " .. #l)
  for i, w in ipairs(wanted) do
    expect(l[i][1] == w[1], "Line " .. i .. " should be about " .. w[1])
    expect(l[i][2] == w[2], w[1] .. " is pinned to a version that is not the newest one published in its range: " .. tostring(l[i][2]))
  end
end)

check("hashes", 2, "vendor.lock has the published hashes", { needs = "versions" }, function()
  for i, w in ipairs(wanted) do
    expect(#lock()[i] == 3, "A line should have a name, a version and a hash")
    expect(lock()[i][3] == published(w[1], w[2]), "The hash of " .. w[1] .. " is not the one of the index")
  end
end)

check("vendor", 1, "vendor holds the three libraries", function()
  for _, w in ipairs(wanted) do
    expect(file.read(app .. "/vendor/" .. w[1] .. "/lib/" .. w[1] .. ".txt") == w[1] .. " " .. w[2] .. "\n", "vendor/" .. w[1] .. " does not hold the pinned library")
    expect(file.exists(app .. "/vendor/" .. w[1] .. "/META"), "vendor/" .. w[1] .. " is not complete")
  end
end)

-- In the candidate's own box. vendor gets a mark first, so that "as it was" can be seen.
local function fetch(mirror)
  live.run{ "/bin/sh", "-c", "mkdir -p vendor && echo kept >vendor/mark", cwd = app }
  local r = live.run{ "/bin/sh", app .. "/fetch.sh", mirror, cwd = "/tmp", time = 20 }
  local now = live.run{ "/bin/sh", "-c", "cat vendor/mark vendor/alder/META vendor/clover/lib/clover.txt 2>&1", cwd = app }.out
  return r.status, now
end
local before = "kept\nname=alder\nversion=1.10\nclover 3.1\n"

check("fills", 1, "fetch.sh fills vendor from a good mirror", { live = true }, function()
  expect(live.run{ "/usr/bin/test", "-f", app .. "/fetch.sh" }.status == 0, "There is no ~/app/fetch.sh")
  live.run{ "/bin/rm", "-rf", app .. "/vendor" }
  local status, now = fetch("/srv/mirror")
  expect(status == 0, "fetch.sh fails with a good mirror: exit code " .. status)
  expect(contains(now, "name=alder\nversion=1.10\nclover 3.1\n"), "After fetch.sh the libraries are not in vendor")
end)

check("refuses", 2, "A changed archive is refused, and vendor stays as it was", { live = true, needs = "fills" }, function()
  local status, now = fetch("/srv/mirror-bad")
  expect(status ~= 0, "fetch.sh succeeds although an archive has another hash")
  expect(now == before, "vendor was changed although an archive has another hash")
end)

check("missing", 1, "A missing archive is noticed, and vendor stays as it was", { live = true, needs = "fills" }, function()
  local status, now = fetch("/srv/mirror-short")
  expect(status ~= 0, "fetch.sh succeeds although an archive is missing")
  expect(now == before, "vendor was changed although an archive is missing")
end)
