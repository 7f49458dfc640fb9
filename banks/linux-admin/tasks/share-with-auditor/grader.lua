local root, reports = "/srv/atlas", "/srv/atlas/reports"
local members, guest = { "ana", "bo" }, "cleo"

local function paths(kind)
  local list = kind == "folder" and { { path = root, type = "folder" } } or {}
  for _, f in ipairs(file.find(root)) do
    if f.type == kind then list[#list + 1] = f end
  end
  return list
end

local function in_reports(path) return path == reports or text.starts(path, reports .. "/") end

-- What a user may do with something that a member with the umask 022 creates in a folder: "file" or "folder". By acl(5): a default ACL takes the
-- place of the umask, and the mode that the program asks for bounds the owner, the mask (or the group), and others.
local function later(folder, kind, creator, name)
  local st, user = file.stat(folder), users.get(name)
  local group = tonumber(st.mode, 8) & 1024 ~= 0 and st.group or users.get(creator).group
  local asked = kind == "file" and 6 or 7
  local bits = { r = 4, w = 2, x = 1 }
  local entries, mask = {}, nil
  for _, entry in ipairs(perms.acl(folder) or {}) do
    if entry.default then
      local n = 0
      for letter in entry.perms:gmatch("[rwx]") do n = n | bits[letter] end
      entries[#entries + 1] = { tag = entry.tag, name = entry.name, bits = n }
      if entry.tag == "mask" then mask = n & asked end
    end
  end
  if #entries == 0 then
    entries = { { tag = "user", bits = 6 }, { tag = "group", bits = 4 | asked & 1 }, { tag = "other", bits = 4 | asked & 1 } }
  end
  if name == creator then return asked end
  local limit = mask or 7
  for _, entry in ipairs(entries) do
    if entry.tag == "user" and entry.name == name then return entry.bits & limit end
  end
  local matched, granted = false, 0
  for _, entry in ipairs(entries) do
    if entry.tag == "group" and contains(user.groups, entry.name or group) then
      matched, granted = true, granted | entry.bits & (mask or asked)
    end
  end
  if matched then return granted end
  for _, entry in ipairs(entries) do
    if entry.tag == "other" then return entry.bits & asked end
  end
  return 0
end

check("group", 1, "Everything belongs to the group, and will", { hint = "Folders pass their group on when they have the set-group-ID bit." }, function()
  for _, f in ipairs(paths("folder")) do
    local st = file.stat(f.path)
    expect(st.group == "atlas", f.path .. " belongs to the group " .. st.group)
    expect(tonumber(st.mode, 8) & 1024 ~= 0, "What is created in " .. f.path .. " will not belong to the group atlas")
  end
  for _, f in ipairs(paths("file")) do expect(f.group == "atlas", f.path .. " belongs to the group " .. f.group) end
end)

check("members-now", 2, "Members can work with what is there", function()
  for _, name in ipairs(members) do
    expect(users.member(name, "atlas"), name .. " is not in the group atlas any more")
    for _, f in ipairs(paths("folder")) do expect(perms.can(name, "rwx", f.path), name .. " cannot list " .. f.path .. ", or create files in it") end
    for _, f in ipairs(paths("file")) do expect(perms.can(name, "rw", f.path), name .. " cannot read and write " .. f.path) end
  end
end)

check("members-later", 2, "Members can work with what others of them will create", { hint = "The umask takes `w` from the group. What takes the place of the umask?" }, function()
  for _, f in ipairs(paths("folder")) do
    expect(later(f.path, "file", "ana", "bo") & 6 == 6 and later(f.path, "file", "bo", "ana") & 6 == 6,
      "A file that a member creates in " .. f.path .. " cannot be read and written by the others")
    expect(later(f.path, "folder", "ana", "bo") == 7, "In a folder that a member creates in " .. f.path .. " the others cannot work")
  end
end)

check("others", 1, "Nobody else comes in", function()
  for _, what in ipairs{ "r", "w", "x" } do
    expect(not perms.can("nobody", what, root), "Others have rights on " .. root)
  end
  for _, f in ipairs(paths("file")) do
    expect(not perms.can("nobody", "r", f.path), "Others can read " .. f.path)
  end
end)

check("auditor-now", 2, "The auditor can read the reports that are there", function()
  for _, f in ipairs(paths("folder")) do
    if in_reports(f.path) then expect(perms.can(guest, "rx", f.path), "Cleo cannot list " .. f.path) end
  end
  for _, f in ipairs(paths("file")) do
    if in_reports(f.path) then expect(perms.can(guest, "r", f.path), "Cleo cannot read " .. f.path) end
  end
end)

check("auditor-later", 2, "The auditor can read the reports to come", { hint = "Entries for what is created later are default entries, and only folders have them." }, function()
  for _, f in ipairs(paths("folder")) do
    if in_reports(f.path) then
      expect(perms.can(guest, "x", f.path) and later(f.path, "file", "ana", guest) & 4 == 4, "Cleo cannot read a file that a member creates in " .. f.path)
      expect(later(f.path, "folder", "ana", guest) & 5 == 5, "Cleo cannot list a folder that a member creates in " .. f.path)
    end
  end
end)

check("auditor-bounds", 2, "The auditor can do no more than that", { hint = "`x` on a folder lets somebody pass, `r` lets them list it. What may others read that is created in `/srv/atlas` itself?" }, function()
  expect(not users.member(guest, "atlas"), "Cleo is in the group atlas")
  expect(not perms.can(guest, "r", root), "Cleo can list " .. root)
  for _, kind in ipairs{ "folder", "file" } do
    for _, f in ipairs(paths(kind)) do
      expect(not perms.can(guest, "w", f.path), "Cleo can write to " .. f.path)
      expect(in_reports(f.path) or not perms.can(guest, "r", f.path), "Cleo can read " .. f.path)
    end
  end
  for _, f in ipairs(paths("folder")) do
    if perms.can(guest, "x", f.path) then
      expect(later(f.path, "file", "ana", guest) & 2 == 0 and later(f.path, "folder", "ana", guest) & 2 == 0, "Cleo could write to what is created in " .. f.path)
      expect(in_reports(f.path) or later(f.path, "file", "ana", guest) & 4 == 0, "Cleo could read a file that a member creates in " .. f.path)
    end
  end
end)

check("drop", 1, "In drop only one's own files can be removed", { hint = "There is a mode bit for this, and the owner of the folder is exempt from it." }, function()
  local st = file.stat(root .. "/drop")
  expect(st and st.type == "folder", "There is no folder " .. root .. "/drop")
  expect(tonumber(st.mode, 8) & 512 ~= 0, "In " .. root .. "/drop everybody who may write can remove the files of others")
  expect(not contains(members, st.user), st.user .. " owns " .. root .. "/drop and can still remove the files of others")
end)
