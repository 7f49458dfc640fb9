-- JSON, YAML and databases.
local host = ...

json = { null = host.null, decode = host.json_decode, encode = host.json_encode }
yaml = {}

local function read_or_fail(path)
  local content, why = file.read(path, { max = 16 << 20 })
  if not content then
    fail(why)
  end
  return content
end
host.read_or_fail = read_or_fail

local function decoded_or_fail(path, value, why, what)
  if value == nil then
    fail(path .. " is not " .. what .. ": " .. tostring(why))
  end
  return value
end

function json.read(path)
  local value, why = json.decode(read_or_fail(host.path_of(path, "json.read")))
  return decoded_or_fail(path, value, why, "JSON")
end

-- All documents of a stream.
function yaml.documents(s)
  return host.yaml_decode(s)
end

function yaml.decode(s)
  local documents, why = host.yaml_decode(s)
  if not documents then
    return nil, why
  end
  if documents[1] == nil then
    return nil, "it is empty"
  end
  return documents[1]
end

function yaml.read(path)
  local value, why = yaml.decode(read_or_fail(host.path_of(path, "yaml.read")))
  return decoded_or_fail(path, value, why, "YAML")
end

-- ---- SQLite: a copy of the database with what belongs to it, opened by the judge's own sqlite3 ----

sql = {}
local copies = 0

local function copy(path, to, must)
  local answer, why = host.look("c", string.pack("<s4s4", path, to))
  if not answer and must then
    fail(why)
  end
end

function sql.run(path, statement, mode)
  host.path_of(path, "sql")
  if type(statement) ~= "string" then
    error("sql: the statement is a text", 2)
  end
  local real = subject(path):sub(#"/subject" + 1)
  copies = copies + 1
  local to = "/tmp/.database-" .. copies
  copy(real, to, true)
  copy(real .. "-wal", to .. "-wal")
  copy(real .. "-journal", to .. "-journal")
  local result = run{ "sqlite3", "-batch", "-bail", "-init", "/dev/null", "-safe", mode or "-list", to, stdin = statement .. "\n;" }
  run{ "rm", "-f", to, to .. "-wal", to .. "-journal", to .. "-shm" }
  return result
end

function sql.query(path, statement)
  local result = sql.run(path, statement, "-json")
  if result.status ~= 0 then
    local said = text.lines(result.err)[1] or ("sqlite3 ended with " .. result.status)
    fail(path .. ": " .. said:gsub("^Parse error[^:]*: ", ""):gsub("^Runtime error[^:]*: ", ""):gsub("^Error: ", ""), result.err)
  end
  if text.trim(result.out) == "" then
    return {}
  end
  local rows, why = json.decode(result.out)
  if not rows then
    skip("the rows cannot be read (one statement that gives rows, and text that is UTF-8): " .. why)
  end
  return rows
end

function sql.column(path, statement)
  local values = {}
  for i, row in ipairs(sql.query(path, statement)) do
    local name, value = next(row)
    if name and next(row, name) then
      error("sql: the statement gives more than one column", 2)
    end
    values[i] = value == nil and json.null or value
  end
  return values
end

function sql.value(path, statement)
  local value = sql.column(path, statement)[1]
  if value ~= json.null then
    return value
  end
end

local function quoted(name)
  return "'" .. name:gsub("'", "''") .. "'"
end

function sql.tables(path)
  return sql.column(path, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")
end

function sql.columns(path, of)
  return sql.query(path, "SELECT name, upper(type) AS type, \"notnull\", pk, dflt_value AS \"default\" FROM pragma_table_info(" .. quoted(of) .. ") ORDER BY cid")
end
