-- The candidate's own box while it runs. Everything from there is data: bounded, untrusted, seen once and kept with the snapshot.
local host = ...
local pack, unpack = string.pack, string.unpack
local OK, LATE = 0, 3
live = {}

function live.run(t)
  local result = host.result(host.ask("R", host.command(t, "live.run")))
  if result.limit == "time" then
    fail(t[1] .. " did not end within " .. (t.time or 10) .. " s")
  end
  return result
end

-- What a service sends, and how the talk ended; nil and the reason when there is none.
local function talk(address, port, opts)
  local time_ms = math.floor(math.min(opts.time or 5, 30) * 1000)
  local fields = pack("<s4I4s4s4I4I4", address, port, opts.send or "", opts.until_text or "", opts.max or 1 << 20, time_ms)
  local answer = host.ask("F", "t" .. fields)
  if answer:byte(1) ~= OK then
    return nil, (unpack("<s4", answer, 2))
  end
  local ending, received = unpack("<I1s4", answer, 2)
  return received, ending
end

local function split_address(address, what)
  local path = address:match("^unix:(/.+)$")
  if path then
    return path, 0
  end
  local name, port = address:match("^%[?([^%[%]]-)%]?:(%d+)$")
  if not name or tonumber(port) < 1 or tonumber(port) > 65535 then
    error(what .. " takes an address like \"127.0.0.1:25\" or \"unix:/run/x.sock\", not '" .. address .. "'", 3)
  end
  return name == "localhost" and "127.0.0.1" or name, math.tointeger(tonumber(port))
end

function live.tcp(address, opts)
  opts = opts or {}
  local name, port = split_address(address, "live.tcp")
  local received, ending = talk(name, port, opts)
  if received and (ending ~= LATE or received ~= "" or (opts.send == nil and opts.until_text == nil)) then
    return received
  end
  local why = received and "it says nothing within " .. (opts.time or 5) .. " s" or ending
  if opts.optional then
    return nil, why
  end
  fail(address .. ": " .. why)
end

function live.listening(port)
  return (talk("127.0.0.1", port, { time = 2, max = 1 })) ~= nil or (talk("::1", port, { time = 2, max = 1 })) ~= nil
end

-- ---- HTTP/1.1, enough to look at what a server answers ----

local function split_url(url)
  local scheme, authority, path = url:match("^(%a+)://([^/%?#]+)([^#]*)")
  if scheme ~= "http" then
    error("live.http takes an address like \"http://127.0.0.1:8080/\"; use live.run{ \"curl\", … } for others", 3)
  end
  local name, port = authority:match("^%[(.-)%]:?(%d*)$")
  if not name then
    name, port = authority:match("^([^:]*):?(%d*)$")
  end
  path = path:gsub("^%?", "/?")
  return name, port == "" and 80 or math.tointeger(tonumber(port)), path == "" and "/" or path, authority
end

local function request(opts, path, authority)
  local lines = { (opts.method or "GET") .. " " .. path .. " HTTP/1.1", "Host: " .. (opts.host or authority), "Connection: close" }
  local names = {}
  for name in pairs(opts.headers or {}) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    lines[#lines + 1] = name .. ": " .. tostring(opts.headers[name])
  end
  if opts.body then
    lines[#lines + 1] = "Content-Length: " .. #opts.body
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (opts.body or "")
end

local function unchunked(body)
  local parts, at = {}, 1
  while true do
    local size, after = body:match("^(%x+)[^\r\n]*\r?\n()", at)
    size = size and #size < 9 and tonumber(size, 16)
    if not size or size == 0 then
      return table.concat(parts)
    end
    parts[#parts + 1] = body:sub(after, after + size - 1)
    at = body:match("^\r?\n()", after + size) or after + size
  end
end

local function parse(received)
  while true do -- "100 Continue" may come first
    local status, reason, at = received:match("^HTTP/1%.[01] (%d%d%d) ?([^\r\n]*)\r?\n()")
    if not status then
      return nil
    end
    local headers = {}
    while true do
      local line, after = received:match("^([^\r\n]*)\r?\n()", at)
      if not line then
        return nil
      end
      at = after
      if line == "" then
        break
      end
      local name, value = line:match("^([^:]+):%s*(.-)%s*$")
      if name then
        name = name:lower()
        headers[name] = headers[name] and headers[name] .. ", " .. value or value
      end
    end
    local body = received:sub(at)
    if status ~= "100" then
      if (headers["transfer-encoding"] or ""):lower():find("chunked", 1, true) then
        body = unchunked(body)
      elseif tonumber(headers["content-length"] or "") then
        body = body:sub(1, math.tointeger(tonumber(headers["content-length"])))
      end
      return { status = math.tointeger(tonumber(status)), reason = reason, headers = headers, body = body }
    end
    received = body
  end
end

function live.http(url, opts)
  opts = opts or {}
  local name, port, path, authority = split_url(url)
  local address = opts.connect or (name:find("^[%d%.]+$") or name:find(":", 1, true)) and name or "127.0.0.1"
  local received, why = talk(address, port, { send = request(opts, path, authority), time = opts.time, max = opts.max })
  local reply = received and parse(received)
  if reply then
    return reply
  end
  if received == "" then
    why = why == LATE and "no answer within " .. (opts.time or 5) .. " s" or "the connection was closed without an answer"
  elseif received then
    why = "the answer is not HTTP"
  end
  if opts.optional then
    return nil, why
  end
  fail(url .. ": " .. why, received)
end

http = { get = live.http }
