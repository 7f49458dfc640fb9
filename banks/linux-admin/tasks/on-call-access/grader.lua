local wanted = { "/usr/bin/systemctl restart relay.service", "/usr/bin/systemctl status relay.service" }

check("joiner", 3, "Mira's account is as described", function()
  local user = expect(users.get("mira"), "There is no account mira")
  expect((user.comment:gsub(",*$", "")) == "Mira Osei", "Her full name is " .. user.comment)
  expect(user.shell == "/bin/bash", "Her shell is " .. user.shell)
  expect(user.uid >= 1000, "She has the id of a system account")
  expect(user.group == "mira", "Her primary group is " .. tostring(user.group))
  expect(contains(user.groups, "ops"), "She is not in the group ops")
  expect(user.home == "/home/mira", "Her home is " .. user.home)
  local home = file.stat("/home/mira")
  expect(home and home.type == "folder", "/home/mira does not exist")
  -- where a box has the ids of root alone, nothing can belong to anybody else, and useradd stops there
  if file.stat("/home/tomas") and file.stat("/home/tomas").uid == 0 then return end
  for _, name in ipairs(file.list("/etc/skel") or {}) do
    expect(file.exists("/home/mira/" .. name), name .. " of /etc/skel is not in her home")
  end
  expect(home.uid == user.uid, "Her home belongs to " .. home.user)
end)

check("first-login", 1, "Mira must change her password at the first login", { hint = "The date of the last change in `/etc/shadow` decides; see chage(1)." }, function()
  local user = expect(users.get("mira"), "There is no account mira")
  expect(user.last_change == 0, "She would not be asked for a new password")
end)

check("leaver", 3, "Tomas's account is closed and kept", { hint = "A lock on the password and an expiry date of the account are two things." }, function()
  local user = expect(users.get("tomas"), "The account tomas has been deleted")
  expect(user.uid == 1201, "The account tomas is another one")
  expect(file.exists("/home/tomas/rotation.txt"), "His files are gone")
  expect(user.password == "locked", "His password still works")
  local today = tonumber(run{ "date", "-u", "+%s" }.out) // 86400
  expect(user.expires and user.expires >= 0 and user.expires <= today, "The account has not expired")
  expect(not contains(user.groups, "ops"), "He is still in the group ops")
  expect(users.member("yara", "ops"), "Yara is not in the group ops any more")
end)

check("service", 2, "The system account of the service", function()
  local user = expect(users.get("relay"), "There is no account relay")
  expect(user.uid > 0 and user.uid < 1000, "Its id is " .. user.uid)
  expect(user.shell == "/usr/sbin/nologin" or user.shell == "/sbin/nologin", "Its shell is " .. user.shell)
  expect(user.home == "/" or not file.exists(user.home), "Its home exists: " .. user.home)
end)

-- The commands that a user may run as root: list of {command, file, password = has to be given}
local function root_commands(name)
  local list = {}
  for _, rule in ipairs(users.sudo(name)) do
    local runas = " " .. (rule.runas or "root"):gsub(":.*", ""):gsub("[%s,]+", " ") .. " "
    if runas:find(" root ", 1, true) or runas:find(" ALL ", 1, true) or runas:find(" #0 ", 1, true) then
      for _, command in ipairs(rule.commands) do
        list[#list + 1] = { command = text.squeeze(text.trim(command)), file = rule.file, password = not rule.tags.NOPASSWD, hosts = rule.hosts }
      end
    end
  end
  return list
end

-- Whether a rule's command lets somebody run a command line: "*" stands for anything, a program without arguments for any of them
local function covers(command, line)
  if command == "ALL" or command == line:match("^%S+") then return true end
  local pattern = command:gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0"):gsub("%*", ".*"):gsub("%?", ".")
  return matches(line, "^" .. pattern .. "$")
end

check("sudo-allows", 3, "The team may run the two commands", { hint = "Look at the rules for names of files in `/etc/sudoers.d`, in sudoers(5)." }, function()
  for _, line in ipairs(wanted) do
    local found
    for _, rule in ipairs(root_commands("yara")) do
      if covers(rule.command, line) and rule.file ~= "/etc/sudoers.d/yara-reports" and (not found or not rule.password) then found = rule end
    end
    expect(found, "By the files that sudo reads, a member of ops may not run " .. line)
    expect(not found.password, "A member of ops is asked for a password for " .. line)
    expect(found.hosts == "ALL", "The rule is for the host " .. found.hosts)
    expect(text.starts(found.file, "/etc/sudoers.d/"), "The rule is in " .. found.file)
    local st = file.stat(found.file)
    expect(st.user == "root", found.file .. " belongs to " .. st.user)
    expect(st.mode == "0440" or st.mode == "0400", found.file .. " has the permissions " .. st.mode)
  end
end)

check("sudo-bounds", 3, "Nobody may run more than that", { hint = "A command without arguments in a rule matches all arguments. And read all files in the folder." }, function()
  expect(file.exists("/etc/sudoers") and (file.read("/etc/sudoers") or ""):find("/etc/sudoers.d", 1, true), "/etc/sudoers does not read /etc/sudoers.d any more")
  for _, name in ipairs{ "yara", "mira", "tomas" } do
    for _, rule in ipairs(root_commands(name)) do
      expect(contains(wanted, rule.command), "By " .. rule.file .. ", " .. name .. " may also run as root: " .. rule.command)
      expect(name ~= "tomas", "By " .. rule.file .. ", Tomas may still run something as root")
    end
  end
  expect(not (file.read("/etc/sudoers.d/50-tomas") or ""):find("tomas%s"), "Tomas's rule is still there")
  local report = users.sudo("yara")
  local kept = false
  for _, rule in ipairs(report) do kept = kept or (rule.runas == "backup" and contains(rule.commands, "/usr/local/bin/report")) end
  expect(kept, "Yara's own rule, which has nothing to do with this, is gone")
end)
