-- Configuration files of well-known programs, read as those programs read them.
local host = ...

-- ---- nginx: directives with arguments and blocks ----

local function tokens_of(content)
  local tokens, at, line = {}, 1, 1
  while true do
    at = content:match("^%s*()", at)
    local c = content:sub(at, at)
    if c == "" then
      return tokens
    elseif c == "#" then
      at = content:match("^[^\n]*()", at)
    elseif c == ";" or c == "{" or c == "}" then
      tokens[#tokens + 1] = { mark = c }
      at = at + 1
    elseif c == '"' or c == "'" then
      local stop = at + 1
      while stop <= #content and content:sub(stop, stop) ~= c do
        stop = stop + (content:sub(stop, stop) == "\\" and 2 or 1)
      end
      tokens[#tokens + 1] = { word = (content:sub(at + 1, stop - 1):gsub("\\([\"'\\])", "%1")) }
      at = stop + 1
    else
      local stop = at
      while true do
        stop = content:match("^[^%s;{}\\$]*()", stop)
        local two = content:sub(stop, stop + 1)
        if two == "${" then
          stop = content:match("^[^}]*}?()", stop)
        elseif two:sub(1, 1) == "$" then
          stop = stop + 1
        elseif two:sub(1, 1) == "\\" then
          stop = stop + 2
        else
          break
        end
      end
      tokens[#tokens + 1] = { word = content:sub(at, stop - 1) }
      at = stop
    end
  end
end

local read_nginx

-- Directives up to the end of the block; nil and the reason when it is not well formed.
local function directives(state, tokens, at, depth)
  local list, words = {}, {}
  while true do
    local token = tokens[at]
    if not token or token.mark == "}" then
      if #words > 0 then
        return nil, "a directive without ';' at its end: " .. words[1]
      elseif (token == nil) ~= (depth == 0) then
        return nil, token and "a '}' too many" or "a '}' is missing"
      end
      return list, at + 1
    end
    at = at + 1
    if token.word then
      words[#words + 1] = token.word
    else
      local directive = { name = words[1], args = table.move(words, 2, #words, 1, {}) }
      if not directive.name or depth > 16 then
        return nil, "a '" .. token.mark .. "' without a directive"
      end
      if token.mark == "{" then
        local block, next_at = directives(state, tokens, at, depth + 1)
        if not block then
          return nil, next_at
        end
        directive.block, at = block, next_at
      end
      if directive.name == "include" and token.mark == ";" then
        local glob = directive.args[1] or ""
        for _, path in ipairs(file.glob(glob:sub(1, 1) == "/" and glob or state.folder .. "/" .. glob)) do
          local more, why = read_nginx(state, path)
          if not more then
            return nil, why
          end
          table.move(more, 1, #more, #list + 1, list)
        end
      else
        list[#list + 1] = directive
      end
      words = {}
    end
  end
end

function read_nginx(state, path)
  state.files = state.files + 1
  if state.files > 200 then
    return nil, path .. ": too many files are included"
  end
  local content, why = file.read(path)
  if not content then
    return nil, why
  end
  local list, problem = directives(state, tokens_of(content), 1, 0)
  if not list then
    return nil, path .. ": " .. problem
  end
  return list
end

function service.nginx(path)
  path = path or "/etc/nginx/nginx.conf"
  return read_nginx({ folder = path:match("^(.*)/"), files = 0 }, host.path_of(path, "service.nginx"))
end

-- All directives of that name, at any depth: service.find(service.nginx(), "listen").
function service.find(list, name, found)
  found = found or {}
  for _, directive in ipairs(list or {}) do
    if directive.name == name then
      found[#found + 1] = directive
    end
    if directive.block then
      service.find(directive.block, name, found)
    end
  end
  return found
end

-- ---- sshd: the first value of a keyword counts; what stands below Match is left out ----

local function read_sshd(path, values, depth)
  for _, line in ipairs(depth < 16 and file.lines(path) or {}) do
    local key, value = line:match("^%s*(%w+)%s*[%s=]%s*(.-)%s*$")
    key = key and key:lower()
    if key == "match" then
      return
    elseif key == "include" then
      for glob in value:gmatch("%S+") do
        for _, included in ipairs(file.glob(glob:sub(1, 1) == "/" and glob or "/etc/ssh/" .. glob)) do
          read_sshd(included, values, depth + 1)
        end
      end
    elseif key then
      values[key] = values[key] or (value:match('^"(.*)"$') or value)
    end
  end
end

function service.sshd(path)
  path = path or "/etc/ssh/sshd_config"
  if not file.exists(path) then
    return nil, path .. ": there is no such file or folder"
  end
  local values = {}
  read_sshd(path, values, 0)
  return values
end

-- ---- fstab, sysctl ----

function service.fstab(path)
  local list = {}
  for number, line in ipairs(file.lines(path or "/etc/fstab") or {}) do
    local fields = text.fields(line)
    if #fields >= 3 and fields[1]:sub(1, 1) ~= "#" then
      local plain = function(s) return (s:gsub("\\(%d%d%d)", function(o) return string.char(tonumber(o, 8) & 255) end)) end
      local options = {}
      for option in (fields[4] or "defaults"):gmatch("[^,]+") do
        local key, value = option:match("^([^=]+)=(.*)$")
        options[key or option] = value or true
      end
      list[#list + 1] = { device = plain(fields[1]), point = plain(fields[2]), type = fields[3], options = options, dump = fields[5] or "0",
        pass = fields[6] or "0", line = number }
    end
  end
  return list
end

-- As sysctl --system reads them: a name in an earlier folder hides the same name in later ones; the last value counts.
function service.sysctl()
  local files, names, values = {}, {}, {}
  for _, folder in ipairs({ "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d" }) do
    for _, path in ipairs(file.glob(folder .. "/*.conf")) do
      local name = path:match("[^/]+$")
      if not files[name] then
        files[name] = path
        names[#names + 1] = name
      end
    end
  end
  table.sort(names)
  for i, name in ipairs(names) do
    names[i] = files[name]
  end
  names[#names + 1] = "/etc/sysctl.conf"
  for _, path in ipairs(names) do
    for _, line in ipairs(file.lines(path) or {}) do
      local key, value = line:match("^%s*%-?%s*([%w%._%-/]+)%s*=%s*(.-)%s*$")
      if key then
        values[key:gsub("/", ".")] = value
      end
    end
  end
  return values
end
