-- Accounts of the snapshot: passwd, group, shadow and sudoers, parsed as text.
local host = ...
users = {}
local cache = {}

local function rows(path)
  if not cache[path] then
    local list = {}
    for _, line in ipairs(file.lines(path, { max = 4 << 20 }) or {}) do
      if line ~= "" and not line:find("^#") then
        local fields = {}
        for field in (line .. ":"):gmatch("([^:]*):") do
          fields[#fields + 1] = field
        end
        list[#list + 1] = fields
      end
    end
    cache[path] = list
  end
  return cache[path]
end
host.rows = rows

local function name_of(path, id)
  id = tostring(id)
  for _, row in ipairs(rows(path)) do
    if row[3] == id then
      return row[1]
    end
  end
  return id
end

function users.name(uid)
  return name_of("/etc/passwd", uid)
end

function users.group_name(gid)
  return name_of("/etc/group", gid)
end
