-- Git repositories. Git never sees the repository's own configuration, which could make it run commands (hooks, filters, textconv, fsmonitor,
-- gpg.program, aliases …): it works on a folder of ours, whose HEAD and config are written here, and whose objects, refs, index and logs are
-- links into the candidate's. Of the configuration only what cannot run anything is taken over.
local host = ...
local opened, count = {}, 0
git = {}

local LINKS = { "objects", "refs", "packed-refs", "info", "shallow", "worktrees" } -- of the common folder
local OWN = { "index", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "FETCH_HEAD", "MERGE_MSG", "rebase-merge", "rebase-apply" }
local HARMLESS = { "^core%.bare$", "^core%.filemode$", "^core%.symlinks$", "^core%.ignorecase$", "^core%.autocrlf$", "^core%.eol$",
  "^core%.repositoryformatversion$", "^core%.sparsecheckout$", "^core%.sparsecheckoutcone$", "^extensions%.objectformat$",
  "^branch%..*%.remote$", "^branch%..*%.merge$", "^remote%..*%.fetch$", "^remote%..*%.url$" }
local SETTINGS = { ["core.hooksPath"] = "/dev/null", ["core.fsmonitor"] = "false", ["core.attributesFile"] = "/dev/null",
  ["core.excludesFile"] = "/dev/null", ["core.quotePath"] = "false", ["protocol.allow"] = "never", ["diff.ignoreSubmodules"] = "all",
  ["submodule.recurse"] = "false", ["gc.auto"] = "0", ["maintenance.auto"] = "false", ["color.ui"] = "false", ["safe.directory"] = "*",
  ["log.showSignature"] = "false" }

local function environment()
  local env = { GIT_CONFIG_NOSYSTEM = "1", GIT_CONFIG_GLOBAL = "/dev/null", GIT_ATTR_NOSYSTEM = "1", GIT_TERMINAL_PROMPT = "0",
    GIT_OPTIONAL_LOCKS = "0", GIT_PAGER = "cat", HOME = "/nonexistent", TZ = "UTC", LC_ALL = "C.UTF-8" }
  local n = 0
  for key, value in pairs(SETTINGS) do
    env["GIT_CONFIG_KEY_" .. n], env["GIT_CONFIG_VALUE_" .. n] = key, value
    n = n + 1
  end
  env.GIT_CONFIG_COUNT = tostring(n)
  return env
end

-- "a/../b" and "./b", from a folder; links are resolved when it is looked at.
local function joined(folder, path)
  path = path:sub(1, 1) == "/" and path or folder .. "/" .. path
  local parts = {}
  for part in path:gmatch("[^/]+") do
    if part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  return "/" .. table.concat(parts, "/")
end

local function first_line(path)
  local content = file.read(path, { max = 65536 })
  return content and text.lines(content)[1] or nil
end

-- The folder of Git's own files, and whether there is a work tree around it.
local function find_folder(path)
  local st = file.stat(path .. "/.git")
  if st and st.type == "folder" then
    return path .. "/.git", true
  end
  local pointer = st and st.type == "file" and (first_line(path .. "/.git") or ""):match("^gitdir: (.+)$")
  if pointer then
    return joined(path, pointer), true
  end
  if not st and file.exists(path .. "/HEAD") and file.exists(path .. "/objects") and file.exists(path .. "/refs") then
    return path, false
  end
end

local function settings_of(common)
  local values = {}
  if not file.exists(common .. "/config") then
    return values
  end
  local listed = run{ "git", "config", "--file", subject(common .. "/config"), "--no-includes", "--null", "--list", env = environment() }
  for entry in listed.out:gmatch("([^%z]*)%z") do
    local key, value = entry:match("^([^\n]*)\n(.*)$")
    values[#values + 1] = { key = key or entry, value = value or "true" }
  end
  return values
end

local function config_text(values, bare)
  local lines = {}
  for _, setting in ipairs(values) do
    for _, pattern in ipairs(HARMLESS) do
      if setting.key:find(pattern) then
        local section, middle, name = setting.key:match("^([^.]+)%.(.*)%.([^.]+)$")
        if not section then
          section, name = setting.key:match("^([^.]+)%.([^.]+)$")
        end
        local escape = function(s) return (s:gsub('[\\"]', "\\%0"):gsub("\n", "\\n")) end
        if not (middle or ""):find("\n") then
          lines[#lines + 1] = "[" .. section .. (middle and ' "' .. escape(middle) .. '"' or "") .. "]\n" .. name .. ' = "' .. escape(setting.value) .. '"\n'
        end
        break
      end
    end
  end
  return table.concat(lines) .. "[core]\nbare = " .. tostring(bare) .. "\n"
end

-- Links in the folder `to` to those of the names that are there; one command for nearly all.
local function link_all(to, lists)
  local argv = { "/bin/sh", "-c", 'mkdir "$1" && exec ln -s -t "$@"', "sh", to }
  local others = {}
  for _, list in ipairs(lists) do
    for _, name in ipairs(list.names) do
      if file.exists(list.from .. "/" .. name) then
        local target = subject(list.from .. "/" .. name)
        if target:match("[^/]+$") == name then
          argv[#argv + 1] = target
        else
          others[#others + 1] = { "ln", "-s", target, to .. "/" .. name }
        end
      end
    end
  end
  run(argv)
  for _, command in ipairs(others) do
    run(command)
  end
end

-- A pipe or a link to a device among them would hold Git up, or fill its memory.
local function check_files(folder)
  for _, entry in ipairs(file.find(folder) or {}) do
    if entry.type ~= "file" and entry.type ~= "folder" then
      fail(entry.path .. " is a " .. entry.type .. ", not a file")
    end
  end
end

local function open(path)
  host.path_of(path, "git")
  if opened[path] then
    return opened[path]
  end
  local top = subject(path)
  local folder, tree = find_folder(top:sub(#"/subject" + 1))
  local head = folder and first_line(folder .. "/HEAD")
  if not head then
    fail(path .. " is not a Git repository")
  end
  local pointer = first_line(folder .. "/commondir")
  local common = pointer and joined(folder, pointer) or folder
  check_files(common .. "/refs")
  check_files(common .. "/objects")
  count = count + 1
  local repo = { dir = "/tmp/.git-" .. count, tree = tree and top or nil, settings = settings_of(common), head = head }
  local lists = { { from = common, names = LINKS }, { from = folder, names = OWN } }
  if common == folder then
    lists[3] = { from = common, names = { "logs" } }
  end
  link_all(repo.dir, lists)
  if common ~= folder then
    link_all(repo.dir .. "/logs", { { from = common .. "/logs", names = { "refs" } }, { from = folder .. "/logs", names = { "HEAD" } } })
  end
  judge.write(repo.dir .. "/HEAD", head .. "\n")
  judge.write(repo.dir .. "/config", config_text(repo.settings, not tree))
  opened[path] = repo
  return repo
end

function git.run(path, args)
  local repo = open(path)
  local command = { "git", env = environment(), cwd = repo.tree or "/", stdin = args.stdin, time = args.time }
  for i, arg in ipairs(args) do
    command[i + 1] = arg
  end
  command.env.GIT_DIR = repo.dir
  command.env.GIT_WORK_TREE = repo.tree
  return run(command)
end

local function revision(rev)
  if type(rev) ~= "string" or rev == "" or rev:sub(1, 1) == "-" then
    error("git: '" .. tostring(rev) .. "' is not a revision", 3)
  end
  return rev
end

-- The output of a command that must work; when it does not, the work is not as it should be.
local function output(path, args)
  local result = git.run(path, args)
  if result.status ~= 0 then
    fail(path .. ": " .. (text.lines(result.err)[1] or "git " .. args[1] .. " ended with " .. result.status):gsub("^fatal: ", ""), result.err)
  end
  return result.out
end

local function zeros(s)
  local parts = text.split(s, "\0")
  if parts[#parts] == "" then
    parts[#parts] = nil
  end
  return parts
end

function git.resolve(path, rev)
  local result = git.run(path, { "rev-parse", "--verify", "--quiet", revision(rev) })
  return result.status == 0 and text.trim(result.out) or nil
end

function git.head(path)
  local repo = open(path)
  return { branch = repo.head:match("^ref: refs/heads/(.+)$"), id = git.resolve(path, "HEAD") }
end

local LOG = { "id", "parents", "author", "email", "committer", "committer_email", "time", "tree", "message" }

function git.log(path, opts)
  opts = opts or {}
  if not opts.range and not git.resolve(path, "HEAD") then
    return {} -- nothing is committed yet
  end
  local args = { "log", "-z", "--topo-order", "--format=%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%at%x00%T%x00%B", "--max-count=" .. (opts.max or 1000),
    revision(opts.range or "HEAD"), "--", opts.path }
  local values, commits = text.split(output(path, args), "\0"), {}
  for at = 1, #values - #LOG + 1, #LOG do
    local commit = {}
    for i, name in ipairs(LOG) do
      commit[name] = values[at + i - 1]
    end
    commit.parents, commit.time = text.fields(commit.parents), math.tointeger(tonumber(commit.time))
    commit.message = commit.message:gsub("\n+$", "")
    commit.subject, commit.body = commit.message:match("^([^\n]*)\n*(.*)$")
    commits[#commits + 1] = commit
  end
  return commits
end

function git.branches(path)
  local found = {}
  for _, line in ipairs(text.lines(output(path, { "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads" }))) do
    local id, name = line:match("^(%x+) (.*)$")
    found[name] = id
  end
  return found
end

function git.tags(path)
  local format = "%(refname:lstrip=2)%00%(objectname)%00%(*objectname)%00%(objecttype)%00%(taggername)%00%(contents)%00"
  local values, found = text.split(output(path, { "for-each-ref", "--format=" .. format, "refs/tags" }), "\0"), {}
  for at = 1, #values - 6, 6 do
    local name, annotated = values[at]:gsub("^\n", ""), values[at + 3] == "tag"
    found[name] = { id = values[at + 1], commit = annotated and values[at + 2] or values[at + 1], annotated = annotated,
      tagger = annotated and values[at + 4] or nil, message = annotated and values[at + 5]:gsub("\n+$", "") or nil }
  end
  return found
end

function git.show(path, rev)
  local result = git.run(path, { "cat-file", "blob", revision(rev) })
  return result.status == 0 and result.out or nil
end

function git.files(path, rev)
  return zeros(output(path, { "ls-tree", "-r", "-z", "--name-only", "--full-tree", revision(rev or "HEAD") }))
end

local function pairs_of(values)
  local changed, at = {}, 1
  while values[at] do
    local status = values[at]:sub(1, 1)
    if status == "R" or status == "C" then
      changed[#changed + 1] = { status = status, from = values[at + 1], path = values[at + 2] }
      at = at + 3
    else
      changed[#changed + 1] = { status = status, path = values[at + 1] }
      at = at + 2
    end
  end
  return changed
end

-- From a to b; without b, from a to the work tree.
function git.diff(path, a, b)
  local base = { "diff", "--no-ext-diff", "--no-textconv", "--find-renames" }
  local function with(...)
    local args = table.move(base, 1, #base, 1, {})
    for _, value in ipairs({ ... }) do
      args[#args + 1] = value
    end
    args[#args + 1], args[#args + 2] = revision(a), b and revision(b) or nil
    args[#args + 1] = "--"
    return args
  end
  return { changed = pairs_of(zeros(output(path, with("--name-status", "-z")))), patch = output(path, with()) }
end

function git.status(path)
  local values, found, at = zeros(output(path, { "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=all" })), {}, 1
  while values[at] do
    local index, worktree, name = values[at]:match("^(.)(.) (.*)$")
    local entry = { index = index, worktree = worktree, path = name }
    if index == "R" or index == "C" then
      at = at + 1
      entry.from = values[at]
    end
    found[#found + 1] = entry
    at = at + 1
  end
  return found
end

function git.clean(path)
  return #git.status(path) == 0
end

-- The last value in the repository's own config file.
function git.config(path, key)
  local section, rest = key:match("^([^.]+)%.(.+)$")
  local middle, name = (rest or ""):match("^(.*%.)([^.]+)$")
  local wanted = section and section:lower() .. "." .. (middle or "") .. (name or rest):lower() or key
  local found
  for _, setting in ipairs(open(path).settings) do
    if setting.key == wanted then
      found = setting.value
    end
  end
  return found
end

function git.remotes(path)
  local found = {}
  for _, setting in ipairs(open(path).settings) do
    local name = setting.key:match("^remote%.(.*)%.url$")
    if name then
      found[name] = found[name] or setting.value
    end
  end
  return found
end

local function yes_or_no(path, args)
  local result = git.run(path, args)
  if result.status > 1 then
    fail(path .. ": " .. (text.lines(result.err)[1] or "git " .. args[1]):gsub("^fatal: ", ""), result.err)
  end
  return result.status == 0
end

function git.ancestor(path, a, b)
  return yes_or_no(path, { "merge-base", "--is-ancestor", revision(a), revision(b) })
end

function git.ignored(path, name)
  return yes_or_no(path, { "check-ignore", "--quiet", "--", name })
end

function git.attr(path, name, of)
  return zeros(output(path, { "check-attr", "-z", name, "--", of }))[3]
end

function git.count(path, range)
  return math.tointeger(tonumber(text.trim(output(path, { "rev-list", "--count", revision(range), "--" }))))
end

function git.reflog(path, ref)
  local result = git.run(path, { "log", "--walk-reflogs", "-z", "--format=%H%x00%gs", revision(ref or "HEAD"), "--" })
  local values, found = result.status == 0 and text.split(result.out, "\0") or {}, {}
  for at = 1, #values - 1, 2 do
    found[#found + 1] = { id = values[at], message = values[at + 1] }
  end
  return found
end

function git.stash(path)
  local messages = {}
  for i, entry in ipairs(git.resolve(path, "refs/stash") and git.reflog(path, "refs/stash") or {}) do
    messages[i] = entry.message
  end
  return messages
end

function git.fsck(path)
  local result = git.run(path, { "fsck", "--no-progress", "--no-dangling" })
  return result.status == 0, text.trim(result.out .. result.err)
end
