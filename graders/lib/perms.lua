-- Owners, permissions and ACLs, and what they mean for a user.
local host = ...
perms = {}

function perms.mode(path)
  local st = file.stat(path)
  return st and st.mode
end

function perms.owner(path)
  local st = file.stat(path)
  if st then
    return st.user, st.group
  end
end

-- True, or false and what differs: perms.is("/srv/x", { mode = "0640", user = "root", group = "www-data" }).
function perms.is(path, wanted)
  local st, why = file.stat(path)
  if not st then
    return false, why
  end
  local names = { { "type", "is a " }, { "user", "belongs to " }, { "group", "has the group " }, { "mode", "has the mode " } }
  for _, pair in ipairs(names) do
    local key, words = pair[1], pair[2]
    local expected = wanted[key]
    if key == "mode" and expected then
      expected = string.format("%04o", tonumber(expected, 8) or 0)
    end
    if expected and st[key] ~= expected then
      return false, path .. " " .. words .. st[key] .. ", not " .. expected
    end
  end
  return true
end

function perms.expect(path, wanted)
  local ok, why = perms.is(path, wanted)
  if not ok then
    fail(why)
  end
end

-- ---- ACLs, as the kernel's attribute has them (acl(5), include/uapi/linux/posix_acl_xattr.h) ----

local TAGS = { [1] = "user", [2] = "user", [4] = "group", [8] = "group", [16] = "mask", [32] = "other" }
local NAMED = { [2] = users.name, [8] = users.group_name }

local function letters(bits)
  return (bits & 4 ~= 0 and "r" or "-") .. (bits & 2 ~= 0 and "w" or "-") .. (bits & 1 ~= 0 and "x" or "-")
end

local function decode(bytes, default, list)
  for at = 5, #bytes - 7, 8 do
    local tag, bits, id = string.unpack("<I2I2I4", bytes, at)
    list[#list + 1] = { tag = TAGS[tag] or "?", name = NAMED[tag] and NAMED[tag](id) or nil, perms = letters(bits), default = default, bits = bits & 7,
      raw = tag }
  end
end

function perms.acl(path)
  local answer, why = host.look("a", string.pack("<s4", host.path_of(path, "perms.acl")))
  if not answer then
    return nil, why
  end
  local access, default = string.unpack("<s4s4", answer, 2)
  local list = {}
  decode(access, false, list)
  decode(default, true, list)
  return list
end

-- What a user who is not root may do, as in acl(5), "Access check algorithm".
local function bits_by_acl(acl, user, st)
  local mask, groups, matched = 7, 0, false
  for _, entry in ipairs(acl) do
    if not entry.default and entry.tag == "mask" then
      mask = entry.bits
    end
  end
  for _, entry in ipairs(acl) do
    if not entry.default and entry.tag == "user" and entry.name == user.name then
      return entry.bits & mask
    end
  end
  for _, entry in ipairs(acl) do
    if not entry.default and entry.tag == "group" and contains(user.groups, entry.name or st.group) then
      groups, matched = groups | entry.bits & mask, true
    end
  end
  return matched and groups or tonumber(st.mode, 8) & 7
end

local function allowed_bits(path, user)
  local st = file.stat(path)
  if not st then
    return 0
  end
  local mode = tonumber(st.mode, 8)
  if user.uid == 0 then
    return (st.type == "folder" or mode & 73 ~= 0) and 7 or 6
  end
  if st.uid == user.uid then
    return mode >> 6 & 7
  end
  local acl = perms.acl(path) or {}
  for _, entry in ipairs(acl) do
    if not entry.default then
      return bits_by_acl(acl, user, st)
    end
  end
  return (contains(user.groups, st.group) and mode >> 3 or mode) & 7
end

-- Whether the user may do all of "r", "w", "x" with it: the folders on the way count.
function perms.can(name, what, path)
  host.path_of(path, "perms.can")
  local user = users.get(name)
  local answer = host.look("p", string.pack("<s4", path))
  if not user or not answer then
    return false
  end
  local real = string.unpack("<s4", answer, 2)
  local wanted = 0
  for letter in what:gmatch(".") do
    wanted = wanted | (({ r = 4, w = 2, x = 1 })[letter] or error("perms.can: '" .. letter .. "' is not r, w or x", 2))
  end
  local folder = ""
  for part in real:gmatch("/[^/]+") do
    if allowed_bits(folder == "" and "/" or folder, user) & 1 == 0 then
      return false
    end
    folder = folder .. part
  end
  return allowed_bits(real == "" and "/" or real, user) & wanted == wanted
end
