local archive_path, sums_path, root = "/root/handover.tar.gz", "/root/handover.sha256", "/srv/projects"
local chosen = { "web/site.conf", "web/error pages.conf", "web/cache-policy/rules.ini", "billing/db.ini",
  "billing/old invoices/layout 2026.ini", "billing/sub/deep/er/still/here.conf", "tools/-rf.conf", "tools/.hidden.ini" }
local dumps = { "web/core.4711", "billing/sub/core.20", "billing/old invoices/core.31337", "tools/cache/core.9" }
local others = { "web/tls.conf", "web/site.conf.bak", "web/cache/render.conf", "web/static/img/readme.txt", "billing/ledger.ini",
  "billing/.git/hooks.conf", "billing/sub/.git/modules/x/conf.ini", "tools/UPPER.CONF", "tools/confetti.config", "tools/app.ini",
  "tools/core.md", "tools/notes/core.1", "sensors/probe.conf/readme.txt", "sensors/link.conf", "sensors/hosts.ini", "sensors/billing",
  "sensors/core.77", "sensors/core.dump", "sensors/score.12", "sensors/core.12.gz" }

local function plain(name) return (name:gsub("^%./", "")) end

-- The names of all members that are no folders
local function members()
  expect(file.exists(archive_path), "There is no " .. archive_path)
  local names = {}
  for _, m in ipairs(archive.list(archive_path)) do
    if m.type ~= "folder" then names[#names + 1] = plain(m.name) end
  end
  return names
end

check("format", 1, "The archive is a tar archive compressed with gzip", function()
  expect(file.exists(archive_path), "There is no " .. archive_path)
  expect(run{ "gzip", "-t", subject(archive_path) }.status == 0, "It is not compressed with gzip")
  expect(run{ "tar", "-tzf", subject(archive_path) }.status == 0, "tar cannot read it")
end)

check("files", 3, "It holds the files that were asked for and no others", { hint = "Compare `tar -tzf` with what `find` prints. Blanks, dashes, links, and a file from the first second of the year are the traps." }, function()
  local names = members()
  for _, name in ipairs(names) do
    expect(name:sub(1, 1) ~= "/" and not text.starts(name, "srv/"), "The path of " .. name .. " is not relative to " .. root)
    expect(contains(chosen, name), "It holds " .. name .. ", which does not belong into it")
  end
  local missing = 0
  for _, name in ipairs(chosen) do
    if not contains(names, name) then missing = missing + 1 end
  end
  expect(missing == 0, missing .. " of the files that were asked for " .. (missing == 1 and "is" or "are") .. " not in it")
  expect(#names == #chosen, "A file is in it more than once")
  for _, m in ipairs(archive.list(archive_path)) do
    if m.type ~= "folder" then expect(m.type == "file", m.name .. " is in it as a " .. m.type) end
  end
end)

check("kept", 1, "Content, times and permissions are kept", function()
  expect(file.exists(archive_path), "There is no " .. archive_path)
  run{ "rm", "-rf", "/tmp/kept" }
  run{ "mkdir", "/tmp/kept" }
  run{ "tar", "-xpf", subject(archive_path), "-C", "/tmp/kept", "--no-same-owner" }
  local seen = 0
  for _, name in ipairs(chosen) do
    local out = run{ "stat", "-c", "%a %Y", "/tmp/kept/" .. name }
    if out.status == 0 then
      seen = seen + 1
      expect(out.out == run{ "stat", "-c", "%a %Y", subject(root .. "/" .. name) }.out, "Time or permissions of " .. name .. " are not those of the original")
      expect(run{ "cmp", "-s", "/tmp/kept/" .. name, subject(root .. "/" .. name) }.status == 0, name .. " in the archive is not the original")
    end
  end
  expect(seen >= #chosen / 2, "Too few of the files are in it, at their paths relative to " .. root)
end)

check("checksums", 2, "The checksums fit what is unpacked", { hint = "Unpack the archive into an empty folder and run `sha256sum -c` there." }, function()
  expect(file.exists(archive_path), "There is no " .. archive_path)
  expect(file.exists(sums_path), "There is no " .. sums_path)
  run{ "rm", "-rf", "/tmp/unpacked" }
  run{ "mkdir", "/tmp/unpacked" }
  run{ "tar", "-xf", subject(archive_path), "-C", "/tmp/unpacked", "--no-same-owner" }
  local sums = run{ "sha256sum", "--check", "--strict", subject(sums_path), cwd = "/tmp/unpacked" }
  local names, listed = members(), {}
  expect(#names >= #chosen / 2, "There are too few files in the archive")
  for _, line in ipairs(sums:lines()) do
    local name = line:match("^(.*): OK$")
    if name then listed[#listed + 1] = plain(name) end
  end
  expect(sums.status == 0, "sha256sum -c, run where the archive is unpacked, is not content:\n" .. sums.err)
  for _, name in ipairs(names) do expect(contains(listed, name), "There is no checksum of " .. name) end
  expect(#listed == #names, "There are " .. #listed .. " checksums for " .. #names .. " files")
end)

check("sweep", 2, "The core dumps are gone, and nothing else", { hint = "`core.` must be followed by a number alone, and the size must be more than 1 MiB." }, function()
  for _, list in ipairs{ chosen, others } do
    for _, name in ipairs(list) do
      expect(file.stat(root .. "/" .. name, { follow = false }), root .. "/" .. name .. " has disappeared")
    end
  end
  -- every small file says in its third line when it was written
  for _, list in ipairs{ chosen, others } do
    for _, name in ipairs(list) do
      local st = file.stat(root .. "/" .. name, { follow = false })
      if st.type == "file" and st.size < 4096 then
        local when = (file.read(root .. "/" .. name) or ""):match("revision = (.-)\n$")
        local mtime = run{ "date", "-u", "-r", subject(root .. "/" .. name), "+%F %T" }.out
        expect(when and text.trim(mtime) == when, root .. "/" .. name .. " has been changed")
      end
    end
  end
  local left = 0
  for _, name in ipairs(dumps) do
    if file.stat(root .. "/" .. name, { follow = false }) then left = left + 1 end
  end
  expect(left == 0, left .. " core dump" .. (left == 1 and " is" or "s are") .. " still there")
end)
