-- What runs and when: systemd's units, timers, cron; as files, for nothing runs in a snapshot.
local host = ...
service = {}

local FOLDERS = { "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system" }

local function full_name(name)
  return name:find("%.%a+$") and name or name .. ".service"
end

-- "web@one.service" also is "web@.service".
local function names_of(name)
  local template, kind = name:match("^([^@]+@)[^.]+(%.%a+)$")
  return template and { name, template .. kind } or { name }
end

-- Adds the settings of one file; an empty value forgets those before it.
local function read_unit(path, sections)
  local section
  local content = (file.read(path) or ""):gsub("\\\r?\n", " ")
  for _, line in ipairs(text.lines(content)) do
    line = text.trim(line)
    local name = line:match("^%[(.+)%]$")
    local key, value = line:match("^([%w%-]+)%s*=%s*(.-)$")
    if name then
      section = name
      sections[section] = sections[section] or {}
    elseif key and section and not line:find("^[#;]") then
      if value == "" then
        sections[section][key] = nil
      else
        local values = sections[section][key] or {}
        values[#values + 1] = value
        sections[section][key] = values
      end
    end
  end
end

-- The drop-ins of a unit: a name in an earlier folder hides the same name in later ones; read in the order of their names.
local function drop_ins(names)
  local found, list = {}, {}
  for _, folder in ipairs(FOLDERS) do
    for _, name in ipairs(names) do
      for _, path in ipairs(file.glob(folder .. "/" .. name .. ".d/*.conf")) do
        local base = path:match("[^/]+$")
        if not found[base] then
          found[base] = path
          list[#list + 1] = base
        end
      end
    end
  end
  table.sort(list)
  for i, base in ipairs(list) do
    list[i] = found[base]
  end
  return list
end

local function find_unit(names)
  for _, name in ipairs(names) do
    for _, folder in ipairs(FOLDERS) do
      local st = file.stat(folder .. "/" .. name, { follow = false })
      if st then
        return folder .. "/" .. name, st
      end
    end
  end
end

-- The targets that want or require it, by the links that "systemctl enable" makes.
function service.wanted_by(name)
  name = full_name(name)
  local found = {}
  for _, kind in ipairs({ "wants", "requires" }) do
    for _, path in ipairs(file.glob("/etc/systemd/system/*." .. kind)) do
      local st = file.stat(path .. "/" .. name, { follow = false })
      if st and (st.type == "link" or st.type == "file") then
        found[#found + 1] = path:match("([^/]+)%." .. kind .. "$")
      end
    end
  end
  table.sort(found)
  return found
end

function service.enabled(name)
  return #service.wanted_by(name) > 0
end

local function get(unit, section, key)
  local values = (unit.sections[section] or {})[key]
  return values and values[#values]
end

function service.unit(name)
  name = full_name(name)
  local names = names_of(name)
  local path, st = find_unit(names)
  if not path then
    return nil, "there is no unit " .. name
  end
  local unit = { path = path, sections = {}, get = get, drop_ins = drop_ins(names) }
  unit.masked = st.type == "link" and st.target == "/dev/null" or st.type == "file" and st.size == 0
  unit.enabled = service.enabled(name)
  if not unit.masked then
    read_unit(path, unit.sections)
  end
  for _, extra in ipairs(unit.drop_ins) do
    read_unit(extra, unit.sections)
  end
  return unit
end

-- The next times of a calendar expression, from a fixed moment (UTC).
function service.calendar(expression, from, n)
  n = n or 1
  local result = run{ "systemd-analyze", "calendar", "--base-time=" .. (from or "2026-01-01 00:00:00 UTC"), "--iterations=" .. n, "--", expression,
    env = { TZ = "UTC", LC_ALL = "C.UTF-8", SYSTEMD_COLORS = "0" } }
  if result.status ~= 0 then
    return nil, text.lines(result.err)[1] or "it is not a calendar expression"
  end
  local times = {}
  for _, line in ipairs(result:lines()) do
    local when = line:match("Next elapse: %a+ (%d+%-%d+%-%d+ %d+:%d+:%d+) UTC") or line:match("Iter%. #%d+: %a+ (%d+%-%d+%-%d+ %d+:%d+:%d+) UTC")
    if when then
      times[#times + 1] = when
    end
  end
  return times
end

-- ---- cron ----

local NICKNAMES = { yearly = "0 0 1 1 *", annually = "0 0 1 1 *", monthly = "0 0 1 * *", weekly = "0 0 * * 0", daily = "0 0 * * *", midnight = "0 0 * * *",
  hourly = "0 * * * *" }

local function read_crontab(path, owner, list)
  for number, line in ipairs(file.lines(path) or {}) do
    line = text.trim(line)
    if line ~= "" and line:sub(1, 1) ~= "#" and not line:find("^[%w_]+%s*=") then
      local nickname, rest = line:match("^@(%a+)%s+(.*)$")
      local when
      if nickname then
        when = NICKNAMES[nickname] or "@" .. nickname
      else
        when, rest = line:match("^(%S+%s+%S+%s+%S+%s+%S+%s+%S+)%s+(.*)$")
      end
      if when then
        local user, command = owner, rest
        if not owner then
          user, command = rest:match("^(%S+)%s+(.*)$")
        end
        local entry = { when = text.squeeze(when), user = user, command = command, file = path, line = number }
        entry.minute, entry.hour, entry.day, entry.month, entry.weekday = entry.when:match("^(%S+) (%S+) (%S+) (%S+) (%S+)$")
        list[#list + 1] = entry
      end
    end
  end
end

-- All entries, or those of one user.
function service.cron(user)
  local all, wanted = {}, {}
  read_crontab("/etc/crontab", nil, all)
  for _, path in ipairs(file.glob("/etc/cron.d/*")) do
    if path:match("[^/]+$"):find("^[%w_%-]+$") then -- cron ignores other names
      read_crontab(path, nil, all)
    end
  end
  for _, path in ipairs(file.glob("/var/spool/cron/crontabs/*")) do
    read_crontab(path, path:match("[^/]+$"), all)
  end
  for _, entry in ipairs(all) do
    if not user or entry.user == user then
      wanted[#wanted + 1] = entry
    end
  end
  return wanted
end
