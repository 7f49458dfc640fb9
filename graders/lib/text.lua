-- Texts: lines, fields, and the shapes that configuration files have.
local host = ...
text = {}

function text.trim(s)
  return (s:gsub("^%s+", ""):gsub("%s+$", ""))
end

function text.lines(s)
  local lines = {}
  if s:sub(-1) ~= "\n" and s ~= "" then
    s = s .. "\n"
  end
  for line in s:gmatch("([^\n]*)\n") do
    lines[#lines + 1] = (line:gsub("\r$", ""))
  end
  return lines
end

function text.split(s, separator)
  if type(separator) ~= "string" or separator == "" then
    error("text.split takes a separator that is not empty", 2)
  end
  local parts, at = {}, 1
  while true do
    local from, to = s:find(separator, at, true)
    if not from then
      break
    end
    parts[#parts + 1] = s:sub(at, from - 1)
    at = to + 1
  end
  parts[#parts + 1] = s:sub(at)
  return parts
end

function text.fields(s)
  local fields = {}
  for field in s:gmatch("%S+") do
    fields[#fields + 1] = field
  end
  return fields
end

function text.count(s, what)
  return #text.split(s, what) - 1
end

function text.starts(s, what)
  return s:sub(1, #what) == what
end

function text.ends(s, what)
  return what == "" or s:sub(-#what) == what
end

function text.squeeze(s)
  return text.trim((s:gsub("%s+", " ")))
end

-- POSIX extended regular expression: the match and its groups, or nil.
text.regex = host.regex

local function unquote(value)
  return value:match('^"(.*)"$') or value:match("^'(.*)'$") or value
end

-- Sections of an INI file, each a table of its keys; what stands before the first section is in "". The last value of a key counts.
function text.ini(s)
  local sections, current = { [""] = {} }, ""
  for _, line in ipairs(text.lines(s)) do
    local content = text.trim(line)
    local section = content:match("^%[(.-)%]")
    local key, value = content:match("^([^=:]-)%s*[=:]%s*(.*)$")
    if section then
      current = text.trim(section)
      sections[current] = sections[current] or {}
    elseif key and key ~= "" and not content:find("^[#;]") then
      sections[current][key] = unquote(value)
    end
  end
  return sections
end

-- Lines "key = value": separator "=", or " " for words, comment "#".
function text.settings(s, opts)
  local separator, comment = opts and opts.separator or "=", opts and opts.comment or "#"
  local found = {}
  for _, line in ipairs(text.lines(s)) do
    local content = text.trim(line)
    if content ~= "" and not text.starts(content, comment) then
      local key, value
      if separator == " " then
        key, value = content:match("^(%S+)%s*(.*)$")
      else
        local from, to = content:find(separator, 1, true)
        if from then
          key, value = text.trim(content:sub(1, from - 1)), text.trim(content:sub(to + 1))
        end
      end
      if key then
        found[key] = unquote(value)
      end
    end
  end
  return found
end

-- RFC 4180: fields in double quotes may hold separators, newlines and doubled quotes.
function text.csv(s, opts)
  local separator = opts and opts.separator or ","
  local rows, row, at = {}, {}, 1
  while at <= #s do
    local value
    if s:sub(at, at) == '"' then
      local close = at
      repeat
        close = s:find('"', close + 1, true)
        if close and s:sub(close + 1, close + 1) == '"' then
          close = close + 1
        else
          break
        end
      until not close
      close = close or #s + 1
      value = s:sub(at + 1, close - 1):gsub('""', '"')
      at = close + 1
    else
      local stop = at
      while stop <= #s and s:sub(stop, stop) ~= separator and s:sub(stop, stop) ~= "\n" do
        stop = stop + 1
      end
      value = s:sub(at, stop - 1):gsub("\r$", "")
      at = stop
    end
    row[#row + 1] = value
    if s:sub(at, at) == "\r" then
      at = at + 1
    end
    if s:sub(at, at) == separator then
      at = at + 1
      if at > #s or s:sub(at, at) == "\n" then
        row[#row + 1] = ""
      end
    end
    if at > #s or s:sub(at, at) == "\n" then
      rows[#rows + 1] = row
      row, at = {}, at + 1
    end
  end
  return rows
end
