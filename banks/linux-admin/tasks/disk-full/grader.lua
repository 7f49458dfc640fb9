local root = "/srv/app/"
local workers = { "mailer", "thumbnails", "exports" }

-- The sum of a file as setup made it: a line again and again, up to a size in KiB
local sums = {}
local function sum(kib)
  if sums[kib] then return sums[kib] end
  local line = "2026-10-02T04:00:17Z app[311]: request done in 12 ms, nothing to report\n"
  local size = kib * 1024
  local content = line:rep(size // #line + 1):sub(1, size)
  sums[kib] = run{ "sha256sum", stdin = content }.out:sub(1, 64)
  return sums[kib]
end

-- The one path in a report, without "." and ".." and slashes too many
local function path_in(name)
  local report = "/root/report/" .. name
  expect(file.exists(report), "There is no " .. report)
  local lines = {}
  for _, line in ipairs(file.lines(report) or {}) do
    if text.trim(line) ~= "" then lines[#lines + 1] = text.trim(line) end
  end
  expect(#lines == 1, report .. " has " .. #lines .. " lines, not one")
  expect(text.starts(lines[1], "/"), "The path is not absolute: " .. lines[1])
  local parts = {}
  for part in lines[1]:gmatch("[^/]+") do
    if part == ".." then table.remove(parts) elseif part ~= "." then parts[#parts + 1] = part end
  end
  return "/" .. table.concat(parts, "/")
end

check("largest-file", 1, "The file that takes the most space", { hint = "The length of a file is not the space that it takes." }, function()
  expect(path_in("largest-file") == root .. "data/orders.db", "That is not the file that takes the most space on the disk")
end)

check("largest-folder", 2, "The folder whose own files take the most space", { hint = "Look at `du -S`, and do not leave out what is hidden." }, function()
  local path = path_in("largest-folder")
  expect(path == root .. "workers/" .. params.worker .. "/.spool/out", "That is not the folder whose own files take the most space")
end)

check("spool", 2, "Finished jobs are gone, waiting ones are there", function()
  local left = #file.find(root .. "workers", { name = "*.done", type = "file" })
  for _, worker in ipairs(workers) do
    local spool = root .. "workers/" .. worker .. "/.spool/out"
    local jobs = worker == params.worker and params.jobs or 9
    for n = 0, jobs - 1 do
      local job = string.format("%s/%05d.job", spool, n)
      expect(file.read(job) == string.format("to: customer-%d\nstate: waiting\n", n * 7), job .. ", which is waiting, is gone or changed")
    end
  end
  expect(left == 0, left .. " finished jobs are still there")
end)

check("releases", 2, "The right releases are kept", function()
  local current = params.current
  local link = file.stat(root .. "current", { follow = false })
  expect(link and link.target and link.target:gsub("^/srv/app/", "") == "releases/" .. current, root .. "current does not lead to the release in use any more")
  for n = current - 1, current + 1 do
    local release = root .. "releases/" .. n
    expect(file.read(release .. "/VERSION") == "release " .. n .. "\n" and file.sha256(release .. "/lib/library.so") == sum(2400)
      and file.sha256(release .. "/app.bin") == sum(150 + n), "Release " .. n .. " is not complete")
  end
  for n = current - 4, current - 2 do
    expect(not file.exists(root .. "releases/" .. n), "Release " .. n .. " is still there")
  end
end)

check("logs", 2, "Old logs are compressed, the log in use is not", function()
  for n = 1, 5 do
    local log = root .. "log/app.log." .. n
    expect(file.exists(log .. ".gz"), "There is no " .. log .. ".gz")
    expect(not file.exists(log), log .. " is still there")
    local plain = run{ "gzip", "-dc", subject(log .. ".gz") }
    expect(plain.status == 0 and run{ "sha256sum", stdin = plain.out }.out:sub(1, 64) == sum(400 + n * 7), "Unpacked, " .. log .. ".gz is not what the log was")
  end
  expect(file.sha256(root .. "log/app.log") == sum(100), root .. "log/app.log is not what it was")
end)

check("rest", 1, "Everything else is as it was, and room has been made", function()
  local sizes = { { "data/orders.db", 3200 }, { "data/orders.db-journal", 64 }, { "tools/bundle.tar", 1500 }, { "log/audit.log.1", 200 },
    { "workers/mailer/cache/index", 300 }, { "workers/thumbnails/cache/index", 300 }, { "workers/exports/cache/index", 300 } }
  for _, entry in ipairs(sizes) do
    local path = root .. entry[1]
    expect(file.exists(path), path .. " is gone")
    expect(file.sha256(path) == sum(entry[2]), path .. " has been changed")
  end
  expect(file.exists(root .. "workers/README.done.txt"), root .. "workers/README.done.txt is gone")
  local image = file.stat(root .. "images/disk.raw")
  expect(image and image.size == 300 << 20, root .. "images/disk.raw is gone or changed")
  local used = tonumber(run{ "du", "-sk", subject "/srv/app" }.out:match("^%d+"))
  expect(used < 14000, root .. " still takes " .. used .. " KiB on the disk")
end)
