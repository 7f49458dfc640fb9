-- Commands: in the judge box (run), and in the candidate's own (live.run, in live.lua).
local host = ...
local pack, unpack = string.pack, string.unpack
local LIMITS = { "memory", "processes", "cpu", "disk", "inodes", "output", "time" } -- as in sandbox/limit.h

local function texts(list)
  local out = { pack("<I4", #list) }
  for i, value in ipairs(list) do
    out[i + 1] = pack("<s4", value)
  end
  return table.concat(out)
end

-- The arguments, checked, as what the client library reads.
function host.command(t, what)
  if type(t) ~= "table" then
    error(what .. " takes a table, as in " .. what .. "{ \"ls\", \"-l\" }", 3)
  end
  local argv, env = {}, {}
  for i = 1, #t do
    local value = t[i]
    if type(value) == "number" then
      value = tostring(value)
    end
    if type(value) ~= "string" or value:find("\0", 1, true) then
      error(what .. ": argument " .. i .. " is a " .. type(t[i]) .. ", not a text", 3)
    end
    argv[i] = value
  end
  if #argv == 0 then
    error(what .. " needs a command", 3)
  end
  for name, value in pairs(t.env or {}) do
    env[#env + 1] = tostring(name) .. "=" .. tostring(value)
  end
  table.sort(env)
  local time_ms = math.floor((t.time or 10) * 1000)
  return texts(argv) .. texts(env) .. pack("<s4s4I4s4", t.cwd or "", t.stdin or "", math.max(1, math.min(time_ms, 30000)), t.user or "")
end

local function result_lines(result)
  return text.lines(result.out)
end

-- A status as from wait(2): the exit code, or 128 and the signal's number.
local function exit_code(status)
  local signal = status & 0x7f
  return signal == 0 and status >> 8 & 0xff or 128 + signal
end

function host.result(answer)
  local status, limit, cut, out, err = unpack("<I4I1I1s4s4", answer)
  return { status = exit_code(status), out = out, err = err, lines = result_lines, limit = LIMITS[limit], cut = cut ~= 0 }
end

function run(t)
  local result = host.result(host.ask("r", host.command(t, "run")))
  if result.limit then
    skip(t[1] .. " was ended: limit: " .. result.limit)
  end
  if result.cut then
    skip(t[1] .. " printed more than 4 MiB")
  end
  return result
end

judge = {}

function judge.write(path, content)
  if type(path) ~= "string" or path:sub(1, 5) ~= "/tmp/" or path:find("..", 1, true) then
    error("judge.write takes a path below /tmp", 2)
  end
  local answer, why = host.look("o", pack("<s4s4", path, content))
  if not answer then
    skip(why)
  end
  return path
end
