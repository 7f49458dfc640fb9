local script = "/opt/tools/prune-dumps"

-- Makes a folder in the judge's box with dumps in it, the oldest name first. Times run the other way, so they are no help.
local function folder(path, names)
  run{ "rm", "-rf", "/tmp/t" }
  run{ "mkdir", "-p", "/tmp/t/cwd", path }
  for i, name in ipairs(names) do
    judge.write(path .. "/" .. name, "dump " .. i .. "\n")
    run{ "touch", "-d", "2026-01-01 UTC - " .. i .. " hours", path .. "/" .. name }
  end
  -- what a run without a folder would hit
  for _, name in ipairs{ "a.sql.gz", "b.sql.gz", "c.sql.gz", "d.sql.gz", "e.sql.gz" } do judge.write("/tmp/t/cwd/" .. name, "dump\n") end
end

-- Runs the candidate's script with its own first line, and as it is: executable or not
local function call(...)
  run{ "sh", "-c", "rm -rf /tmp/bin && mkdir /tmp/bin && cp " .. subject(script) .. " /tmp/bin/prune-dumps && chmod 755 /tmp/bin/prune-dumps" }
  local command = { "sh", "-c", '/tmp/bin/prune-dumps "$@"', "sh", ... }
  command.cwd = "/tmp/t/cwd"
  return run(command)
end

local function left(path)
  local names = run{ "sh", "-c", 'cd -- "$1" && find . -mindepth 1 -printf "%P\\n" | LC_ALL=C sort', "sh", path }:lines()
  return names
end

local function ran(result)
  expect(result.status ~= 126 and result.status ~= 127, "The script cannot be started: " .. text.trim(result.err))
  return result
end

local function list(names) return #names == 0 and "nothing" or table.concat(names, ", ") end

-- Expects that exactly these dumps are left in a folder, and that these were printed
local function expect_left(path, result, want, printed)
  local got = left(path)
  expect(equal(got, want), "Called for a folder of dumps, it should leave " .. list(want) .. " but leaves " .. list(got))
  expect(equal(result:lines(), printed), "It should print " .. list(printed) .. " but prints " .. list(result:lines()))
  expect(result.status == 0, "Its exit status is " .. result.status .. ", not 0")
end

local function cwd_untouched() expect(#left("/tmp/t/cwd") == 5, "It deletes files in the folder that it was called from") end

check("starts", 1, "The script starts when it is called by its name", { hint = "`cat -A` shows what stands at the end of the first line." }, function()
  local st = file.stat(script)
  expect(st, "There is no " .. script)
  expect(matches(st.mode, "^%d?[1357]%d%d$"), "It may not be run: its permissions are " .. st.mode)
  folder("/tmp/t/dumps", {})
  ran(call("/tmp/t/dumps"))
end)

check("keeps", 2, "It keeps the three newest dumps", function()
  folder("/tmp/t/dumps", { "2026-02-01.sql.gz", "2026-02-02.sql.gz", "2026-02-10.sql.gz", "2026-02-11.sql.gz", "2026-03-01.sql.gz" })
  expect_left("/tmp/t/dumps", ran(call("/tmp/t/dumps")), { "2026-02-10.sql.gz", "2026-02-11.sql.gz", "2026-03-01.sql.gz" },
    { "2026-02-01.sql.gz", "2026-02-02.sql.gz" })
  expect_left("/tmp/t/dumps", ran(call("/tmp/t/dumps")), { "2026-02-10.sql.gz", "2026-02-11.sql.gz", "2026-03-01.sql.gz" }, {})
end)

check("names", 2, "Blanks and dashes in names do no harm", { hint = "Every variable in quotation marks, and no output of `ls` that is split at blanks." }, function()
  folder("/tmp/t/two words", { "-rf x.sql.gz", "2026-02-01  shop.sql.gz", "2026-02-02 the * shop.sql.gz", "2026-02-03.sql.gz", "2026-02-04 a.sql.gz" })
  expect_left("/tmp/t/two words", ran(call("/tmp/t/two words")), { "2026-02-02 the * shop.sql.gz", "2026-02-03.sql.gz", "2026-02-04 a.sql.gz" },
    { "-rf x.sql.gz", "2026-02-01  shop.sql.gz" })
end)

check("others", 2, "What is no dump is neither touched nor counted", function()
  folder("/tmp/t/dumps", { "1.sql.gz", "2.sql.gz", "3.sql.gz", "4.sql.gz" })
  run{ "sh", "-c", "cd /tmp/t/dumps && mkdir 0.sql.gz sub && touch 0.sql.gz/x sub/0.sql.gz README .0.sql.gz 9.sql && ln -s 1.sql.gz 5.sql.gz" }
  expect_left("/tmp/t/dumps", ran(call("/tmp/t/dumps")),
    { ".0.sql.gz", "0.sql.gz", "0.sql.gz/x", "2.sql.gz", "3.sql.gz", "4.sql.gz", "5.sql.gz", "9.sql", "README", "sub", "sub/0.sql.gz" }, { "1.sql.gz" })
end)

check("dry-run", 1, "With -n it only prints", function()
  local names = { "1.sql.gz", "2.sql.gz", "3.sql.gz", "4.sql.gz", "5.sql.gz" }
  folder("/tmp/t/dumps", names)
  expect_left("/tmp/t/dumps", ran(call("-n", "/tmp/t/dumps")), names, { "1.sql.gz", "2.sql.gz" })
end)

check("count", 2, "-k says how many are kept", function()
  folder("/tmp/t/dumps", { "1.sql.gz", "2.sql.gz", "3.sql.gz", "4.sql.gz" })
  expect_left("/tmp/t/dumps", ran(call("-n", "-k", "2", "/tmp/t/dumps")), { "1.sql.gz", "2.sql.gz", "3.sql.gz", "4.sql.gz" }, { "1.sql.gz", "2.sql.gz" })
  expect_left("/tmp/t/dumps", ran(call("-k", "12", "/tmp/t/dumps")), { "1.sql.gz", "2.sql.gz", "3.sql.gz", "4.sql.gz" }, {})
  expect_left("/tmp/t/dumps", ran(call("-k", "1", "/tmp/t/dumps")), { "4.sql.gz" }, { "1.sql.gz", "2.sql.gz", "3.sql.gz" })
  expect_left("/tmp/t/dumps", ran(call("-k", "0", "/tmp/t/dumps")), {}, { "4.sql.gz" })
end)

check("no-folder", 2, "A folder that does not exist harms nothing", { hint = "What happens after a `cd` that fails?" }, function()
  folder("/tmp/t/dumps", {})
  local result = ran(call("/tmp/t/absent"))
  cwd_untouched()
  expect(result.status == 1, "Its exit status is " .. result.status .. ", not 1")
  expect(text.trim(result.err) ~= "", "There is no message on standard error")
  expect(text.trim(result.out) == "", "It prints " .. result.out)
  judge.write("/tmp/t/a file", "x")
  result = ran(call("-k", "1", "/tmp/t/a file"))
  cwd_untouched()
  expect(result.status == 1, "For a file in place of a folder its exit status is " .. result.status .. ", not 1")
end)

check("wrong-call", 2, "A wrong call is refused", { hint = "Count the arguments, and look at what `getopts` says about an unknown option." }, function()
  local names = { "1.sql.gz", "2.sql.gz", "3.sql.gz", "4.sql.gz" }
  folder("/tmp/t/dumps", names)
  for _, arguments in ipairs{ {}, { "-x", "/tmp/t/dumps" }, { "-k", "two", "/tmp/t/dumps" }, { "-k", "-1", "/tmp/t/dumps" }, { "-k", "1.5", "/tmp/t/dumps" },
    { "-k" }, { "/tmp/t/dumps", "/tmp/t/cwd" } } do
    local result = ran(call(table.unpack(arguments)))
    local shown = "prune-dumps " .. table.concat(arguments, " ")
    cwd_untouched()
    expect(equal(left("/tmp/t/dumps"), names), shown .. " deletes dumps")
    expect(result.status == 2, "The exit status of " .. shown .. " is " .. result.status .. ", not 2")
    expect(text.trim(result.err) ~= "", shown .. " says nothing on standard error")
  end
end)
