-- Accounts of the snapshot: passwd, group, shadow and sudoers, parsed as text.
local host = ...
users = {}
local cache = {}

-- The lines of a file with fields between colons.
local function rows(path)
  if not cache[path] then
    local list = {}
    for _, line in ipairs(file.lines(path, { max = 4 << 20 }) or {}) do
      if line ~= "" and line:sub(1, 1) ~= "#" then
        list[#list + 1] = text.split(line, ":")
      end
    end
    cache[path] = list
  end
  return cache[path]
end

local function row_of(path, name)
  for _, row in ipairs(rows(path)) do
    if row[1] == name then
      return row
    end
  end
end

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

local function whole(value)
  return value and math.tointeger(tonumber(value))
end

local function words(list)
  local found = {}
  for word in (list or ""):gmatch("[^,%s]+") do
    found[#found + 1] = word
  end
  return found
end

function users.list()
  local names = {}
  for i, row in ipairs(rows("/etc/passwd")) do
    names[i] = row[1]
  end
  return names
end

function users.group(name)
  local row = row_of("/etc/group", name)
  return row and { name = name, gid = whole(row[3]), members = words(row[4]) } or nil
end

local function groups_of(name, gid)
  local found = {}
  for _, row in ipairs(rows("/etc/group")) do
    if whole(row[3]) == gid or contains(words(row[4]), name) then
      found[#found + 1] = row[1]
    end
  end
  table.sort(found)
  return found
end

function users.get(name)
  local row, shadow = row_of("/etc/passwd", name), row_of("/etc/shadow", name)
  if not row then
    return nil
  end
  local gid = whole(row[4])
  local user = { name = name, uid = whole(row[3]), gid = gid, group = gid and users.group_name(gid), comment = row[5], home = row[6], shell = row[7],
    groups = groups_of(name, gid) }
  local hash = shadow and shadow[2] or row[2]
  user.password = hash == "" and "none" or hash:find("^[!*]") and "locked" or hash == "x" and "locked" or "set"
  if shadow then
    user.last_change, user.min_days, user.max_days, user.warn_days = whole(shadow[3]), whole(shadow[4]), whole(shadow[5]), whole(shadow[6])
    user.inactive_days, user.expires = whole(shadow[7]), whole(shadow[8])
  end
  return user
end

function users.member(name, group)
  local user = users.get(name)
  return user ~= nil and contains(user.groups, group)
end

-- Whether the account's password is this text, by the crypt of the judge's own system.
function users.password_is(name, password)
  local shadow = row_of("/etc/shadow", name)
  local hash = shadow and shadow[2] or ""
  if hash == "" or hash:find("^[!*]") then
    return false
  end
  local script = 'my ($p, $h) = split /\\0/, join("", <STDIN>), 2; my $c = crypt($p, $h); exit(defined $c && $c eq $h ? 0 : 1);'
  local result = run{ "perl", "-e", script, stdin = password .. "\0" .. hash }
  if result.status > 1 then
    skip("perl: " .. result.err)
  end
  return result.status == 0
end

-- ---- sudoers (5): aliases, lists, tags and included files; Defaults are left out ----

local function logical_lines(path, list, depth)
  local content = depth < 16 and file.read(path) or ""
  for number, line in ipairs(text.lines((content:gsub("\\\n", "\1")))) do
    line = line:gsub("\1", " ")
    local folder, one = line:match("^[#@]includedir%s+(.+)$"), line:match("^[#@]include%s+(.+)$")
    if folder then
      folder = text.trim(folder)
      for _, name in ipairs(file.list(folder) or {}) do
        if not name:find("%.") and name:sub(-1) ~= "~" then
          logical_lines(folder .. "/" .. name, list, depth + 1)
        end
      end
    elseif one then
      one = text.trim(one)
      logical_lines(one:sub(1, 1) == "/" and one or "/etc/" .. one, list, depth + 1)
    else
      line = text.trim((line:gsub("#%D.*$", ""):gsub("#$", "")))
      if line ~= "" and not line:find("^Defaults") then
        list[#list + 1] = { text = line, file = path, line = number }
      end
    end
  end
  return list
end

local function members(list)
  return text.split((list:gsub("%s*,%s*", ",")), ",")
end

-- Commands with their tags and who they run as, which go on for those after them.
local function read_commands(list, rule)
  local runas = rule.runas
  for _, command in ipairs(members(list)) do
    command = text.trim(command)
    local who, rest = command:match("^%(([^)]*)%)%s*(.*)$")
    if who then
      runas, command = who, rest
    end
    while true do
      local tag, after = command:match("^([A-Z_]+):%s*(.*)$")
      if not tag then
        break
      end
      if tag == "PASSWD" then
        rule.tags.NOPASSWD = nil
      else
        rule.tags[tag] = true
      end
      command = after
    end
    rule.commands[#rule.commands + 1] = text.squeeze(command)
  end
  rule.runas = runas or "root"
end

local function sudoers()
  local aliases, rules = {}, {}
  for _, entry in ipairs(logical_lines("/etc/sudoers", {}, 0)) do
    local kind, definitions = entry.text:match("^(%u%l+)_Alias%s+(.*)$")
    if kind then
      for _, definition in ipairs(text.split(definitions, ":")) do
        local name, list = definition:match("^%s*([A-Z][A-Z0-9_]*)%s*=%s*(.-)%s*$")
        if name then
          aliases[name] = members(list)
        end
      end
    else
      local left, right = entry.text:match("^(.-)%s*=%s*(.*)$")
      local who, hosts = ((left or ""):gsub("%s*,%s*", ",")):match("^(.-)%s+(%S+)$")
      if who then
        local rule = { who = who, hosts = hosts, tags = {}, commands = {}, file = entry.file, line = entry.line }
        read_commands(right, rule)
        rules[#rules + 1] = rule
      end
    end
  end
  return rules, aliases
end

local function expand(list, aliases, depth)
  local out = {}
  for _, word in ipairs(list) do
    if aliases[word] and depth < 16 then
      for _, inner in ipairs(expand(aliases[word], aliases, depth + 1)) do
        out[#out + 1] = inner
      end
    else
      out[#out + 1] = word
    end
  end
  return out
end

local function applies(who, user)
  for _, word in ipairs(who) do
    local id, group = word:match("^#(%d+)$"), word:match("^%%(.+)$")
    if word == "ALL" or word == user.name or (id and whole(id) == user.uid) or (group and contains(user.groups, group)) then
      return true
    end
  end
  return false
end

function users.sudo(name)
  local user = users.get(name)
  local rules, aliases = sudoers()
  local found = {}
  for _, rule in ipairs(user and rules or {}) do
    if applies(expand(members(rule.who), aliases, 0), user) then
      rule.commands = expand(rule.commands, aliases, 0)
      found[#found + 1] = rule
    end
  end
  return found
end
