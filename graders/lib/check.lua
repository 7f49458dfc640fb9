-- Declaring checks, and ending them. The table `host` holds what graders/grader_ask.c offers to this library alone.
local host = ...
local PASS, FAIL, UNGRADED = 0, 1, 2
local indices, lives = {}, {}

-- The interpreter's own pairs goes by hashes that differ from process to process; this one by keys, numbers first, so that the same work is
-- graded the same.
local next = next
local RANK = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local one, two = RANK[type(a)] or 4, RANK[type(b)] or 4
  if one ~= two then
    return one < two
  elseif one > 2 then
    return one == 3 and b and not a
  end
  return a < b
end

function pairs(t)
  local keys, n = {}, 0
  for key in next, t do
    n = n + 1
    keys[n] = key
  end
  table.sort(keys, before)
  local at = 0
  return function()
    local key, value
    repeat
      at = at + 1
      key = keys[at]
      value = key ~= nil and t[key]
    until key == nil or value ~= nil -- one that was removed meanwhile is passed over
    if key ~= nil then
      return key, value
    end
  end, t, nil
end

local function refuse(...)
  error(string.format(...), 4) -- the author's line: above refuse, a helper, and check
end

local function check_text(value, what, longest)
  if type(value) ~= "string" or value == "" then
    refuse("check: the %s must be a text", what)
  end
  if #value > longest then
    refuse("check: the %s is longer than %d bytes", what, longest)
  end
end

local function check_head(id, points, title, fn)
  check_text(id, "id", 64)
  if not id:find("^[a-z0-9][a-z0-9-]*$") then
    refuse("check: the id '%s' is made of a-z, 0-9 and -", id)
  end
  if indices[id] then
    refuse("check: there are two checks '%s'", id)
  end
  if type(points) ~= "number" or points < 0 or points > 1000 or points * 1000 % 1 ~= 0 then
    refuse("check '%s': the points are a number from 0 to 1000 with at most three decimals", id)
  end
  check_text(title, "title", 500)
  if type(fn) ~= "function" then
    refuse("check '%s': the last value is the function that looks", id)
  end
end

local known = { needs = true, live = true, hint = true }

local function check_options(id, opts)
  if type(opts) ~= "table" then
    refuse("check '%s': the options are a table, as in { needs = \"other\" }", id)
  end
  for name in pairs(opts) do
    if not known[name] then
      refuse("check '%s': there is no option '%s'; there are needs, live and hint", id, tostring(name))
    end
  end
  if opts.hint ~= nil and (type(opts.hint) ~= "string" or #opts.hint > 4000) then
    refuse("check '%s': the hint is a text of at most 4000 bytes", id)
  end
end

local function check_needs(id, opts)
  local needs, found = opts.needs or {}, {}
  if type(needs) == "string" then
    needs = { needs }
  end
  for i, need in ipairs(needs) do
    if not indices[need] then
      refuse("check '%s' needs '%s', which is not declared above it", id, tostring(need))
    end
    if opts.live and not lives[need] then
      refuse("check '%s' is live and needs '%s', which is not", id, need)
    end
    found[i] = indices[need]
  end
  return found
end

function check(id, points, title, opts, fn)
  if fn == nil and type(opts) == "function" then
    opts, fn = {}, opts
  end
  if not host.declaring() then
    error("check: checks are declared outside of other checks", 2)
  end
  check_head(id, points, title, fn)
  opts = opts == nil and {} or opts
  check_options(id, opts)
  local needs = check_needs(id, opts)
  local live = opts.live and true or false
  indices[id] = host.declare(id, math.floor(points * 1000), title, live, opts.hint or "", fn, table.unpack(needs))
  lives[id] = live
end

local function stop(outcome, message, what)
  if host.declaring() then
    error(what .. " is called inside a check's function", 3)
  end
  host.stop(outcome, tostring(message))
end

function fail(message, detail)
  if detail ~= nil then
    host.detail(tostring(detail))
  end
  stop(FAIL, message or "failed", "fail")
end

function skip(reason)
  stop(UNGRADED, reason or "skipped", "skip")
end

function expect(value, message, ...)
  if not value then
    stop(FAIL, message or "What was expected is not so", "expect")
  end
  return value, message, ...
end

function detail(text)
  host.detail(tostring(text))
end

function contains(where, what)
  if type(where) == "string" then
    return where:find(tostring(what), 1, true) ~= nil
  end
  if type(where) ~= "table" then
    return false
  end
  for _, value in pairs(where) do
    if value == what then
      return true
    end
  end
  return false
end

local function same(a, b, depth)
  if a == b then
    return true
  end
  if type(a) ~= "table" or type(b) ~= "table" or depth > 100 then
    return false
  end
  for key, value in pairs(a) do
    if not same(value, b[key], depth + 1) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

function equal(a, b)
  return same(a, b, 0)
end

function matches(value, pattern)
  return type(value) == "string" and value:find(pattern) ~= nil
end
