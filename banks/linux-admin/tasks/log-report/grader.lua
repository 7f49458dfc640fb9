-- What the logs were when the box was prepared: who changes them could make them fit any report.
local original = {
  ["access.log.2"] = "415fa06aecd966d4b56715133c193bc6e98694e7466d3d8ec2572cee1039c380",
  ["access.log.1"] = "1ccc45f4756eb6a8f72b84832ab5afc0c2943be5804252fac5f059ef5b69a733",
  ["access.log"] = "9a964437ff0e0b7b8e30139a195ee7e83d6225d563c5151b95871786df204c3c",
}

local function log(name)
  local path = "/var/log/shop/" .. name
  if name == "access.log.2" and not file.exists(path) then
    expect(file.exists(path .. ".gz"), path .. ".gz is gone: the logs are to be left as they are")
    local plain = run{ "gzip", "-dc", subject(path .. ".gz") }.out
    local sum = run{ "sha256sum", stdin = plain }.out:sub(1, 64)
    expect(sum == original[name], path .. ".gz has been changed; put the box back to get it again")
    return text.lines(plain)
  end
  expect(file.sha256(path) == original[name], path .. " is not what it was; put the box back to get it again")
  return file.lines(path)
end

-- {errors, bytes, hours = {[0..23]}, clients = {address = n}, paths = {sorted}} of the day that was asked for
local function facts()
  local f = { errors = 0, bytes = 0, hours = {}, clients = {}, paths = {} }
  local seen = {}
  for h = 0, 23 do f.hours[h] = 0 end
  for _, name in ipairs{ "access.log.2", "access.log.1", "access.log" } do
    for _, line in ipairs(log(name)) do
      local client, day, hour, request, status, size = line:match('^(%S+) %S+ %S+ %[(%d%d)/Sep/2026:(%d%d)[^%]]*%] "(.-)" (%d%d%d) (%S+) "')
      if client and tonumber(day) == params.day then
        if status == "200" then f.bytes = f.bytes + (math.tointeger(tonumber(size)) or 0) end
        if tonumber(status) // 100 == params.class then
          f.errors = f.errors + 1
          f.hours[tonumber(hour)] = f.hours[tonumber(hour)] + 1
          f.clients[client] = (f.clients[client] or 0) + 1
          local words = {}
          for word in request:gmatch("%S+") do words[#words + 1] = word end
          local path = #words == 3 and words[2]:match("^[^?]*")
          if path and not seen[path] then
            seen[path] = true
            f.paths[#f.paths + 1] = path
          end
        end
      end
    end
  end
  table.sort(f.paths)
  return f
end

-- The lines of a report, without carriage returns and empty lines
local function report(name)
  local path = "/root/report/" .. name
  expect(file.exists(path), "There is no " .. path)
  local lines = {}
  for _, line in ipairs(file.lines(path) or fail(path .. " is no text file")) do
    line = text.trim(line)
    if line ~= "" then lines[#lines + 1] = line end
  end
  expect(#lines > 0, path .. " is empty")
  return lines
end

local function number(name, right)
  local lines = report(name)
  expect(#lines == 1 and matches(lines[1], "^%d+$"), "The file must hold one number and nothing else")
  expect(math.tointeger(tonumber(lines[1])) == right, "The number is not right: " .. lines[1])
end

check("errors", 1, "The number of errors", { hint = "Are entries of all three files in it, and only those whose *status* is an error?" }, function()
  number("errors", facts().errors)
end)

check("bytes", 1, "The bytes sent with status 200", function()
  number("bytes", facts().bytes)
end)

check("by-hour", 2, "Errors by hour", { hint = "24 hours, two digits each, from `00` to `23`." }, function()
  local lines, f = report("by-hour.csv"), facts()
  expect(lines[1] == "hour,errors", "The first line is not hour,errors")
  expect(#lines == 25, "There are " .. #lines - 1 .. " lines below the first one, not 24")
  for h = 0, 23 do
    local hour, n = lines[h + 2]:match("^(%d%d),(%d+)$")
    expect(hour and tonumber(hour) == h, "Line " .. h + 2 .. " is not that of hour " .. string.format("%02d", h) .. ": " .. lines[h + 2])
    expect(tonumber(n) == f.hours[h], "The number of errors in hour " .. hour .. " is not right")
  end
end)

check("top-clients", 2, "The three clients with the most errors", function()
  local lines, f = report("top-clients"), facts()
  expect(#lines == 3, "There are " .. #lines .. " lines, not 3")
  local best, seen = {}, {}
  for _, n in pairs(f.clients) do best[#best + 1] = n end
  table.sort(best, function(a, b) return a > b end)
  for i, line in ipairs(lines) do
    local n, client = line:match("^(%d+)%s+(%S+)$")
    expect(n, "Line " .. i .. " is not a number and a client: " .. line)
    expect(f.clients[client] and not seen[client], "Line " .. i .. " names a client twice, or one without errors on that day")
    seen[client] = true
    expect(f.clients[client] == tonumber(n), "The number of errors of " .. client .. " is not right")
    expect(best[i] == tonumber(n), i == 1 and "Another client has more errors than the first" or "Line " .. i .. " is not the next in order")
  end
end)

check("paths", 2, "The paths that ended in errors", function()
  local lines, f = report("paths"), facts()
  for i, line in ipairs(lines) do
    expect(not line:find("?", 1, true), "A path still has its query: " .. line)
    expect(i == 1 or lines[i - 1] < line, "The paths are not sorted by bytes, or one is there twice, at line " .. i .. ": " .. line)
    expect(contains(f.paths, line), "This is no path that ended in an error on that day: " .. line)
  end
  expect(#lines == #f.paths, "Some paths are missing")
end)
