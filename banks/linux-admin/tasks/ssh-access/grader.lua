local fingerprint = "SHA256:N3ZCk5/wgfPnT+ZIoOzOvOrvPoRBmf4tSlwD+J6wlu0"
local keys = {
  ana = "AAAAC3NzaC1lZDI1NTE5AAAAIDXG9pf5F3fqwq8RXajdgf9FXbxfUwVsYsUnXOsA7s4t",
  bo = "AAAAB3NzaC1yc2EAAAADAQABAAABgQCnos0IV/PG1FXsNBXgqitmpUH0zSE96dJVnQIepQJeF5YXDHiMuOZMM3b5qRqiMbxOZjwF39D2VIIVfKjLh9HtHet4C66jPJzEw7dkXXkcNbJgqM0HfS6YAM8YDVRWyQTM5DmckDM9vib61hmLsL2vWkp/pj5b1FPZjmPonnBjjiRdJ0d7UJu5n2WG4J+KtDjccJI3pc7sD8zOIKdnIalEkgT1l0Ftj8mZb3GTm/YY0GJ6r5UDkoBOigNqGFzupoMGKJWtRxVjnUDACh5SxteMBV8WPPenvxL/2U9YabEN7nm8ft9Wa1uZ6l6yEXRibYK+y/1u4Ia1IEJaAYm6BbXW8ohgK6+bbbtYdnqR4/MDoDmwdDjjtgnwWug52lzchRWxzMZbFhidMPGTX76WXpTzHlCMHPcjn3RkEcLfU/q/h15UuKK+z+jSGxSAC5oLeTh5WTE/JVf3/MVSr7DUtmdZ7hdwjBpib7cx1kjiIYpkzlJMezy3lnEU2imOSYjU8as=",
  tomas = "AAAAC3NzaC1lZDI1NTE5AAAAIDf549txvHmhvZqPakWInkYSSGDnC0qDAvqt3MpmOA9D",
  monitor = "AAAAC3NzaC1lZDI1NTE5AAAAIIa0SlnJjsa6HaFdgU/XJnjWttaVvum2y87I/DfR0bME",
}
local ssh = "/root/.ssh/"

check("key", 2, "The key pair", function()
  expect(file.exists(ssh .. "id_vault"), "There is no " .. ssh .. "id_vault")
  expect(file.exists(ssh .. "id_vault.pub"), "There is no " .. ssh .. "id_vault.pub")
  run{ "install", "-m", "600", subject(ssh .. "id_vault"), "/tmp/id_vault" }
  local public = run{ "ssh-keygen", "-y", "-P", "", "-f", "/tmp/id_vault" }
  expect(public.status == 0, "ssh-keygen cannot read the private key without a passphrase")
  local kind, key = public.out:match("^(%S+) (%S+)")
  expect(kind == "ssh-ed25519", "The key is of the type " .. kind)
  local pub = file.read(ssh .. "id_vault.pub") or ""
  expect(pub:find("ssh-ed25519 " .. key, 1, true), "id_vault.pub does not belong to id_vault")
  expect(matches(pub, "%sbackup@harbour%s*$"), "The comment of the key is not backup@harbour")
end)

-- What ssh would use for a host: {keyword = {values}}, from a copy of the candidate's folder in the judge's box
local function settings(host)
  expect(file.exists(ssh .. "config"), "There is no " .. ssh .. "config")
  for _, f in ipairs(file.find("/root/.ssh", { type = "file" })) do
    local content = f.size < 65536 and file.read(f.path) or ""
    for line in content:gmatch("[^\n]+") do
      expect(not matches(line:lower(), "^%s*match%s.*exec"), "Match exec is not needed, and is not graded")
    end
  end
  run{ "sh", "-c", "rm -rf /root/.ssh && cp -r " .. subject() .. "/root/.ssh /root/.ssh && chmod -R go= /root/.ssh" }
  local out = run{ "ssh", "-G", host, env = { HOME = "/root" } }
  expect(out.status == 0, "ssh does not understand the configuration: " .. text.trim(out.err))
  local got = {}
  for _, line in ipairs(out:lines()) do
    local keyword, value = line:match("^(%S+) (.*)$")
    if keyword then
      got[keyword] = got[keyword] or {}
      table.insert(got[keyword], value)
    end
  end
  return got
end

local function first(got, keyword) return got[keyword] and got[keyword][1] or "" end

check("host-key", 2, "The genuine key of the host is known", { hint = "`ssh-keygen -lf FILE` prints the fingerprints. Under which name does ssh look for a host with a port of its own?" }, function()
  expect(file.exists(ssh .. "known_hosts"), "There is no " .. ssh .. "known_hosts")
  local name = "[vault.harbour.test]:2022"
  if file.exists(ssh .. "config") then
    local alias = first(settings("vault"), "hostkeyalias")
    if alias ~= "" and alias ~= "none" then name = alias end
  end
  run{ "cp", subject(ssh .. "known_hosts"), "/tmp/known_hosts" }
  local found = run{ "ssh-keygen", "-F", name, "-f", "/tmp/known_hosts" }
  local lines = {}
  for _, line in ipairs(found:lines()) do
    if line ~= "" and not text.starts(line, "#") then lines[#lines + 1] = line end
  end
  expect(#lines > 0, "known_hosts has no key for the host under the name by which ssh looks for it")
  for _, line in ipairs(lines) do
    expect(not text.starts(line, "@"), "The key has a mark: " .. line:match("^%S+"))
    judge.write("/tmp/one", line .. "\n")
    expect(run{ "ssh-keygen", "-lf", "/tmp/one" }.out:find(fingerprint, 1, true), "A key is in there whose fingerprint is another than the one that was read out")
  end
end)

check("client", 3, "ssh vault does what it should", { hint = "`ssh -G vault` prints what would be used. The first value wins, but identity files add up." }, function()
  local got = settings("vault")
  expect(first(got, "hostname"):lower() == "vault.harbour.test", "With ssh vault the host is " .. first(got, "hostname"))
  expect(first(got, "port") == "2022", "With ssh vault the port is " .. first(got, "port"))
  expect(first(got, "user") == "backup", "With ssh vault the user is " .. first(got, "user"))
  local jump, command = first(got, "proxyjump"), " " .. first(got, "proxycommand") .. " "
  local by_command = command:find(" -W ", 1, true) and (command:find(" jump@gate.harbour.test ", 1, true)
    or (command:find(" gate.harbour.test ", 1, true) and matches(command, "%-l ?jump ")))
  expect(contains({ "jump@gate.harbour.test", "ssh://jump@gate.harbour.test", "ssh://jump@gate.harbour.test:22", "jump@gate.harbour.test:22" }, jump) or by_command,
    "ssh vault does not go through gate.harbour.test as the user jump")
  local files = {}
  for _, f in ipairs(got.identityfile or {}) do
    f = f:gsub("^~/", "/root/"):gsub("^%%d/", "/root/")
    if not contains(files, f) then files[#files + 1] = f end
  end
  expect(contains(files, ssh .. "id_vault"), "ssh vault does not use the new key")
  expect(first(got, "identitiesonly") == "yes", "ssh vault offers what an agent holds as well")
  expect(#files == 1, "ssh vault also offers " .. (files[1] == ssh .. "id_vault" and files[2] or files[1] or ""))
  expect(contains({ "ask", "true", "yes" }, first(got, "stricthostkeychecking")), "ssh vault connects to a host whose key is unknown or has changed without asking")
  expect(not contains(got.userknownhostsfile or {}, "/dev/null"), "ssh vault forgets the keys of hosts")
end)

check("others", 1, "Other hosts are as before", { needs = "client" }, function()
  local web, lab = settings("web.harbour.test"), settings("db.lab.harbour.test")
  for _, got in ipairs{ web, lab } do
    expect(first(got, "user") == "admin" and first(got, "serveraliveinterval") == "30", "User or keep-alive of other hosts have changed")
    expect(#(got.identityfile or {}) >= 1 and matches(first(got, "identityfile"), "id_admin$"), "Other hosts do not get the key id_admin any more")
    expect(not matches(table.concat(got.identityfile, " "), "id_vault"), "The new key is offered to other hosts too")
    expect(first(got, "proxyjump") == "", "Other hosts are reached through the jump host too")
  end
  expect(first(web, "port") == "22" and first(lab, "port") == "2200", "The port of other hosts has changed")
  expect(first(lab, "stricthostkeychecking") == "false" and first(web, "stricthostkeychecking") ~= "false", "How the keys of other hosts are checked has changed")
end)

-- The entries of authorized_keys: {options = {name = value or true}, key, line}
local function entries()
  local list = {}
  for _, line in ipairs(file.lines(ssh .. "authorized_keys") or fail("There is no " .. ssh .. "authorized_keys")) do
    local rest, options = text.trim(line), {}
    if rest ~= "" and not text.starts(rest, "#") then
      if not matches(rest, "^ssh%-%w") and not matches(rest, "^ecdsa%-") and not matches(rest, "^sk%-") then
        local at, quoted, name = 1, false, ""
        while at <= #rest do
          local c = rest:sub(at, at)
          if c == '"' and rest:sub(at - 1, at - 1) ~= "\\" then quoted = not quoted end
          if not quoted and (c == "," or c == " " or c == "\t") then
            local k, v = name:match('^([%w-]+)="(.*)"$')
            options[(k or name):lower()] = v or true
            name = ""
            if c ~= "," then break end
          else
            name = name .. c
          end
          at = at + 1
        end
        rest = text.trim(rest:sub(at))
      end
      list[#list + 1] = { options = options, key = rest:match("^%S+%s+(%S+)"), line = line }
    end
  end
  return list
end

check("monitor", 3, "The monitoring system may do this and nothing else", { hint = "Look for `restrict` in sshd(8)." }, function()
  local found = 0
  for _, entry in ipairs(entries()) do
    if entry.key == keys.monitor then
      found = found + 1
      local o = entry.options
      expect(o.command and text.trim(o.command == true and "" or o.command) == "/opt/monitor/health", "The key is not bound to the command /opt/monitor/health")
      expect(o.from == "192.0.2.10" or o.from == "192.0.2.10/32", "The key is not bound to the address 192.0.2.10")
      for _, what in ipairs{ "pty", "port-forwarding", "agent-forwarding", "X11-forwarding" } do
        local off = (o.restrict or o["no-" .. what:lower()]) and not o[what:lower()]
        expect(off, "The key allows something that it should not: " .. what)
      end
    end
  end
  expect(found > 0, "The key of the monitoring system is not in authorized_keys")
  expect(found == 1, "The key of the monitoring system is in authorized_keys more than once")
end)

check("leaver", 2, "Tomas cannot come in, the others can", { hint = "Compare the keys, not their comments." }, function()
  local seen = {}
  for _, entry in ipairs(entries()) do
    expect(entry.key ~= keys.tomas, "A key of Tomas is still in authorized_keys")
    seen[entry.key or ""] = entry
  end
  expect(seen[keys.ana] and equal(seen[keys.ana].options, {}), "Ana's key is gone or bound")
  expect(seen[keys.bo] and equal(seen[keys.bo].options, { from = "192.0.2.0/24", ["no-pty"] = true }), "Bo's key is gone, or its bounds have changed")
end)

check("permissions", 1, "Only root may write the files, and read the private key", function()
  local function closed(path, pattern, what)
    local st = file.stat(path)
    expect(st, "There is no " .. path)
    expect(st.user == "root", path .. " belongs to " .. st.user)
    expect(matches(st.mode, pattern), path .. " has the permissions " .. st.mode .. ": others may " .. what)
  end
  closed("/root/.ssh", "[0145][0145]$", "write")
  for _, name in ipairs{ "authorized_keys", "config", "known_hosts" } do
    if file.exists(ssh .. name) then closed(ssh .. name, "[0145][0145]$", "write") end
  end
  closed(ssh .. "id_vault", "00$", "read it")
end)
