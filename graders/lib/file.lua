-- Files of the candidate, looked at by assay-look beneath /subject: links are resolved inside, and only regular files are read.
local host = ...
local pack, unpack = string.pack, string.unpack
local OK = 0
local types = { f = "file", d = "folder", l = "link", p = "pipe", s = "socket", b = "device" }

-- One request; nil and the reason when there is no such thing. What it answers begins at the second byte.
local function look(op, fields)
  local answer = host.ask("f", op .. fields)
  if answer:byte(1) ~= OK then
    return nil, (unpack("<s4", answer, 2))
  end
  return answer
end
host.look = look

local function path_of(path, what)
  if type(path) ~= "string" or path:sub(1, 1) ~= "/" then
    error(what .. " takes an absolute path, like \"/etc/hosts\", not " .. (type(path) == "string" and "'" .. path .. "'" or type(path)), 3)
  end
  return path
end
host.path_of = path_of

-- The fields of an entry (look.h) from `at`; also gives where they end.
local function entry(answer, at)
  local kind, mode, uid, gid, links, size
  kind, mode, uid, gid, links, size, at = unpack("<c1I4I4I4I4I8", answer, at)
  local st = { type = types[kind], mode = string.format("%04o", mode), uid = uid, gid = gid, links = links, size = size }
  st.user, st.group = users.name(uid), users.group_name(gid)
  return st, at
end

file = {}

function file.stat(path, opts)
  path_of(path, "file.stat")
  local follow = not (opts and opts.follow == false)
  local answer, why = look("s", pack("<s4I1", path, follow and 1 or 0))
  if not answer then
    return nil, why
  end
  local st, at = entry(answer, 2)
  st.path = path
  st.mtime, st.target = unpack("<i8s4", answer, at)
  if st.type ~= "link" then
    st.target = nil
  end
  return st
end

function file.exists(path)
  path_of(path, "file.exists")
  return look("s", pack("<s4I1", path, 1)) ~= nil
end

function file.read(path, opts)
  path_of(path, "file.read")
  local answer, why = look("r", pack("<s4I4", path, math.min(opts and opts.max or 1 << 20, 16 << 20)))
  if not answer then
    return nil, why
  end
  return (unpack("<s4", answer, 2))
end

function file.lines(path, opts)
  path_of(path, "file.lines")
  local content, why = file.read(path, opts)
  if not content then
    return nil, why
  end
  return text.lines(content)
end

-- Names and their types, sorted.
local function list(path)
  local answer, why = look("l", pack("<s4", path))
  if not answer then
    return nil, why
  end
  local names, kinds = {}, {}
  local n, at = unpack("<I4", answer, 2)
  for i = 1, n do
    local kind
    names[i], kind, at = unpack("<s4c1", answer, at)
    kinds[i] = types[kind]
  end
  return names, kinds
end

function file.list(path)
  local names, why = list(path_of(path, "file.list"))
  return names, not names and why or nil
end

-- A pattern of the shell (* ? [abc] [!abc]) as one of Lua's, for one name; nil when there is nothing to match in it.
local function wild(glob)
  if not glob:find("[%*%?%[]") then
    return nil
  end
  local out = glob:gsub("[%^%$%(%)%%%.%+%-]", "%%%0"):gsub("%*", ".*"):gsub("%?", "."):gsub("%[!", "[^")
  return "^" .. out:gsub("%[([^%]]*)%]", function(set) return "[" .. set:gsub("%%%-", "-"):gsub("%%%^", "^") .. "]" end) .. "$"
end
host.wild = wild

local function hidden(name, glob)
  return name:sub(1, 1) == "." and glob:sub(1, 1) ~= "."
end

function file.glob(glob)
  path_of(glob, "file.glob")
  local found = { "" }
  for part in glob:gmatch("[^/]+") do
    local pattern, next_found = wild(part), {}
    for _, base in ipairs(found) do
      if not pattern then
        next_found[#next_found + 1] = base .. "/" .. part
      else
        for _, name in ipairs(file.list(base == "" and "/" or base) or {}) do
          if not hidden(name, part) and name:find(pattern) then
            next_found[#next_found + 1] = base .. "/" .. name
          end
        end
      end
    end
    found = next_found
  end
  local there = {}
  for _, path in ipairs(found) do
    if path ~= "" and look("s", pack("<s4I1", path, 0)) then
      there[#there + 1] = path
    end
  end
  table.sort(there)
  return there
end

function file.find(path, opts)
  path_of(path, "file.find")
  opts = opts or {}
  local answer, why = look("w", pack("<s4I4", path, opts.depth or 0))
  if not answer then
    return nil, why
  end
  local pattern = opts.name and (wild(opts.name) or "^" .. opts.name:gsub("%p", "%%%0") .. "$")
  local found = {}
  local n, at = unpack("<I4", answer, 2)
  for _ = 1, n do
    local where, st
    where, at = unpack("<s4", answer, at)
    st, at = entry(answer, at)
    st.path, st.name = where, where:match("[^/]*$")
    if (not pattern or st.name:find(pattern)) and (not opts.type or opts.type == st.type) then
      found[#found + 1] = st
    end
  end
  return found
end

function file.sha256(path)
  path_of(path, "file.sha256")
  local answer, why = look("h", pack("<s4", path))
  if not answer then
    return nil, why
  end
  local hash = unpack("<s4", answer, 2)
  return (hash:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

function file.same(a, b)
  local one, two = file.sha256(path_of(a, "file.same")), file.sha256(path_of(b, "file.same"))
  return one ~= nil and one == two
end

-- Where a path of the candidate is in the judge box. Commands open it by name, so links are resolved first, inside the tree, and what is
-- neither a file nor a folder is refused: a pipe would hold them up.
function subject(path)
  if path == nil then
    return "/subject"
  end
  path_of(path, "subject")
  local answer, why = look("p", pack("<s4", path))
  if not answer then
    fail(why)
  end
  local real, kind = unpack("<s4c1", answer, 2)
  if kind ~= "f" and kind ~= "d" then
    fail(path .. " is a " .. types[kind] .. ", not a file or folder")
  end
  return "/subject" .. real
end
