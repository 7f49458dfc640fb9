-- Archives, listed and read by the judge's tar and unzip. Nothing is ever unpacked into files.
local host = ...
archive = {}
local kinds = { ["-"] = "file", d = "folder", l = "link", h = "file", p = "pipe", b = "device", c = "device", s = "socket" }

local function is_zip(path)
  local content = run{ "head", "-c", "4", path }.out
  return content == "PK\3\4" or content == "PK\5\6"
end

local function first_error(result, tool)
  for _, line in ipairs(text.lines(result.err)) do
    return (line:gsub("^.-/subject", ""))
  end
  return tool .. " ended with " .. result.status
end

-- Names as tar escapes them: \n, \\, \ooo.
local function plain(name)
  local names = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f", v = "\v", a = "\a" }
  return (name:gsub("\\(%d%d%d)", function(o) return string.char(tonumber(o, 8) & 255) end):gsub("\\([ntrbfva\\ ])", function(c) return names[c] or c end))
end

local function mode_of(letters)
  local mode = 0
  for i = 1, 9 do
    local c = letters:sub(i, i)
    if c ~= "-" and c ~= "S" and c ~= "T" then
      mode = mode | 1 << (9 - i)
    end
  end
  local special = { [3] = 2048, [6] = 1024, [9] = 512 }
  for at, bit in pairs(special) do
    if letters:sub(at, at):find("[sStT]") then
      mode = mode | bit
    end
  end
  return string.format("%04o", mode)
end

local function list_tar(path, real)
  local result = run{ "tar", "--list", "--verbose", "--numeric-owner", "--full-time", "--force-local", "--quoting-style=escape", "-f", real,
    env = { LC_ALL = "C", TZ = "UTC" } }
  if result.status ~= 0 then
    fail(path .. " is not an archive that tar can read: " .. first_error(result, "tar"), result.err)
  end
  local names = run{ "tar", "--list", "--verbose", "--full-time", "--force-local", "--quoting-style=escape", "-f", real, env = { LC_ALL = "C", TZ = "UTC" } }:lines()
  local entries = {}
  for i, line in ipairs(result:lines()) do
    local kind, letters, uid, gid, size, name = line:match("^(.)(%S+)%s+(%d+)/(%d+)%s+(%S+)%s+%S+%s+%S+ (.*)$")
    if kind then
      local target
      if kind == "l" then
        name, target = name:match("^(.-) %-> (.*)$")
      elseif kind == "h" then
        name, target = name:match("^(.-) link to (.*)$")
      end
      local user, group = (names[i] or ""):match("^%S+%s+([^/%s]+)/(%S+)")
      entries[#entries + 1] = { name = plain(name or ""), type = kinds[kind] or "file", mode = mode_of(letters), uid = math.tointeger(tonumber(uid)),
        gid = math.tointeger(tonumber(gid)), user = user, group = group, size = math.tointeger(tonumber(size)) or 0, target = target and plain(target) }
    end
  end
  return entries
end

local function list_zip(path, real)
  local result = run{ "unzip", "-Z1", real }
  local sizes = run{ "unzip", "-Zs", real }
  if result.status > 1 then
    fail(path .. " is not an archive that unzip can read: " .. first_error(result, "unzip"), result.err)
  end
  local entries, details = {}, {}
  for _, line in ipairs(sizes:lines()) do
    local letters, size = line:match("^([%-dlrwxst]+)%s+%S+%s+%S+%s+(%d+)")
    if letters and #letters == 10 then
      details[#details + 1] = { letters = letters, size = size }
    end
  end
  for i, name in ipairs(result:lines()) do
    local found = details[i]
    entries[i] = { name = name, type = name:sub(-1) == "/" and "folder" or found and kinds[found.letters:sub(1, 1)] or "file",
      mode = found and mode_of(found.letters:sub(2)), size = found and math.tointeger(tonumber(found.size)) or 0 }
  end
  return entries
end

function archive.list(path)
  local real = subject(host.path_of(path, "archive.list"))
  return is_zip(real) and list_zip(path, real) or list_tar(path, real)
end

function archive.names(path)
  local names = {}
  for i, entry in ipairs(archive.list(path)) do
    names[i] = entry.name
  end
  return names
end

function archive.read(path, member)
  local real = subject(host.path_of(path, "archive.read"))
  local result
  if is_zip(real) then
    result = run{ "unzip", "-p", real, (member:gsub("[%[%]%*%?]", "\\%0")) }
  else
    result = run{ "tar", "--extract", "--to-stdout", "--force-local", "--no-wildcards", "-f", real, "--", member }
  end
  return result.status == 0 and result.out or nil
end
