local fingerprint = "32527866019313816EC88BD4C71655BBB7E50A0F"
local release = "8b2cef0b6a0a7f7e8ec6fa6659a4fd1a85963253b6f1b5776d9a9c0d00daf22d" -- of InRelease: only what is signed is graded
local mirror = "/srv/mirror/harbour"

-- The sources that apt would read: list of {address, suites, components, key, trusted, file}
local function sources()
  local list = {}
  local files = file.glob("/etc/apt/sources.list.d/*")
  if file.exists("/etc/apt/sources.list") then table.insert(files, 1, "/etc/apt/sources.list") end
  for _, path in ipairs(files) do
    local content = file.read(path) or ""
    if path:match("/sources%.list$") or path:match("/[%w_.-]+%.list$") then
      for line in content:gmatch("[^\n]+") do
        local options, rest = line:gsub("#.*", ""):match("^%s*deb%s+(%b[])%s+(.+)$")
        rest = rest or line:gsub("#.*", ""):match("^%s*deb%s+(.+)$")
        if rest then
          local words = text.fields(rest)
          list[#list + 1] = { address = words[1], suites = words[2] or "", components = table.concat(words, " ", 3), file = path,
            key = (options or ""):lower():match("signed%-by=([^%s%]]+)") and options:match("=(/[^%s%]]+)") or "",
            trusted = (options or ""):lower():match("trusted=(%w+)") or "no" }
        end
      end
    elseif path:match("/[%w_.-]+%.sources$") then
      for stanza in (content:gsub("\n#[^\n]*", ""):gsub("^#[^\n]*\n", "") .. "\n\n"):gmatch("(.-)\n%s*\n") do
        local fields = {}
        for name, value in (stanza:gsub("\n[ \t]+", " ") .. "\n"):gmatch("([%w-]+):[ \t]*([^\n]*)\n") do fields[name:lower()] = text.trim(value) end
        if (fields.types or ""):find("deb", 1, true) and (fields.enabled or "yes"):lower() ~= "no" then
          for address in (fields.uris or ""):gmatch("%S+") do
            list[#list + 1] = { address = address, suites = fields.suites or "", components = fields.components or "", file = path,
              key = fields["signed-by"] or "", trusted = (fields.trusted or "no"):lower() }
          end
        end
      end
    end
  end
  return list
end

-- The one source of the new repository
local function source()
  local found
  for _, s in ipairs(sources()) do
    if (s.address:gsub("^file:/*", "/"):gsub("/+$", "")) == mirror then
      expect(not found, "The repository is configured more than once")
      found = s
    end
  end
  return expect(found, "No source that apt reads has the address of the repository")
end

local function keyring(s)
  expect(text.starts(s.key, "/"), "The source does not name the keyring that counts for it")
  expect(file.exists(s.key), "The keyring that the source names does not exist: " .. s.key)
  return s.key
end

local function fingerprints(path)
  local keys, primary = {}, false
  local out = run{ "gpg", "--batch", "--no-autostart", "--show-keys", "--with-colons", subject(path), env = { GNUPGHOME = "/tmp" } }
  for _, line in ipairs(out:lines()) do
    if text.starts(line, "pub:") then primary = true end
    local fpr = line:match("^fpr:+(%x+):")
    if fpr and primary then
      keys[#keys + 1] = fpr
      primary = false
    end
  end
  return keys
end

check("key", 2, "The right key counts, for this repository alone", { hint = "`gpg --show-keys` on every file that counts, also in `trusted.gpg.d`." }, function()
  local path = keyring(source())
  expect(text.starts(path, "/etc/apt/keyrings/"), "The keyring is not in /etc/apt/keyrings")
  local keys = fingerprints(path)
  expect(#keys > 0, "gpg finds no key in " .. path)
  for _, key in ipairs(keys) do expect(key == fingerprint, "A key in " .. path .. " has another fingerprint: " .. key) end
  for _, other in ipairs(file.glob("/etc/apt/trusted.gpg.d/*")) do
    expect(not contains(fingerprints(other), fingerprint), "The key also counts for all repositories, by " .. other)
  end
  expect(not file.exists("/etc/apt/trusted.gpg"), "A key also counts for all repositories, by /etc/apt/trusted.gpg")
end)

-- Runs apt in the judge's box with folders of its own below /tmp/apt, made anew by a script
local function apt(prepare, arguments)
  local made = run{ "sh", "-c", "set -e; rm -rf /tmp/apt; mkdir -p /tmp/apt/etc/preferences.d /tmp/apt/etc/sources.list.d /tmp/apt/lists/partial"
    .. " /tmp/apt/cache/archives/partial; : >/tmp/apt/status; cd /tmp/apt; arch=$(dpkg --print-architecture)\n" .. prepare, "sh", table.unpack(arguments) }
  if made.status ~= 0 then error("the judge's apt was not set up: " .. made.err) end
  judge.write("/tmp/apt/conf", 'Dir::Etc "/tmp/apt/etc"; Dir::State::lists "/tmp/apt/lists"; Dir::State::status "/tmp/apt/status"; Dir::Cache "/tmp/apt/cache";\n')
end

local function apt_run(...)
  local command = { ... }
  command.env = { APT_CONFIG = "/tmp/apt/conf" }
  return run(command)
end

local function repository()
  expect(file.sha256(mirror .. "/dists/bookworm/InRelease") == release, "The repository in " .. mirror .. " is not what it was")
  return subject(mirror)
end

check("source", 2, "The source is configured, and verified with that key", { hint = "`apt-get update` says what it thinks of the signature. The end of a keyring's name matters." }, function()
  local s = source()
  expect(equal(text.fields(s.suites), { "bookworm" }), "The distribution of the source is " .. s.suites)
  expect(equal(text.fields(s.components), { "main" }), "The component of the source is " .. s.components)
  expect(contains({ "no", "false", "0", "off" }, s.trusted), "The source is trusted without a check")
  local key = keyring(s)
  local name = key:match("[^/]+$")
  apt([[cp -r "$1" harbour; cp "$2" "./$3"
printf 'Types: deb\nURIs: file:/tmp/apt/harbour\nSuites: bookworm\nComponents: main\nSigned-By: /tmp/apt/%s\n' "$3" >etc/sources.list.d/a.sources]],
    { repository(), subject(key), name })
  local update = apt_run("apt-get", "update")
  local complaint = (update.out .. update.err):match("[^\n]*NO_PUBKEY[^\n]*") or (update.err):match("[^\n]*harbour[^\n]*")
  expect(update.status == 0 and not complaint, "apt-get update does not accept the signature: " .. (complaint or update.err))
end)

check("old", 2, "The old source and its key are gone, the distribution's stays", function()
  local debian = false
  for _, s in ipairs(sources()) do
    expect(not s.address:find("packages.harbour.test", 1, true), "The old source is still in " .. s.file)
    if s.address:gsub("/$", "") == "http://deb.debian.org/debian" and s.suites == "bookworm bookworm-updates" then debian = true end
  end
  for _, path in ipairs(file.glob("/etc/apt/trusted.gpg.d/*")) do
    expect(#fingerprints(path) == 0, "A key that counts for all repositories is still in " .. path)
  end
  expect(debian, "The source of the distribution is gone or changed")
end)

-- {candidate, versions = {version = priority}} by apt-cache policy
local function policy(package)
  local result, version = { versions = {} }, nil
  for _, line in ipairs(apt_run("apt-cache", "policy", package):lines()) do
    result.candidate = result.candidate or line:match("^  Candidate: (%S+)")
    local v, priority = line:match("^ [ *][ *][ *] (%S+) (%-?%d+)$")
    if v then result.versions[v] = tonumber(priority) end
  end
  return result
end

check("priorities", 3, "Priorities are as described", { hint = "`apt-cache policy PACKAGE`. A stanza for a package by name goes before one for all. Does apt read the file?" }, function()
  -- the lists as they would be after an update, also those of the distribution, and the candidate's preferences
  apt([[for f in preferences preferences.d; do [ ! -e /subject/etc/apt/$f ] || cp -r /subject/etc/apt/$f etc/; done
printf 'deb [arch=%s trusted=yes] %s bookworm main\n' $arch file:///srv/mirror/harbour $arch http://deb.debian.org/debian >etc/sources.list
list=lists/_srv_mirror_harbour_dists_bookworm
cp "$1/dists/bookworm/InRelease" ${list}_InRelease
cp "$1/dists/bookworm/main/binary-all/Packages" ${list}_main_binary-${arch}_Packages
list=lists/deb.debian.org_debian_dists_bookworm
printf 'Origin: Debian\nLabel: Debian\nSuite: oldstable\nCodename: bookworm\nDate: Fri, 01 Mar 2024 08:00:00 UTC\nArchitectures: %s\nComponents: main\n' $arch >${list}_Release
printf 'Package: curl\nVersion: 7.88-1\nArchitecture: all\nFilename: x\nSize: 1\nSHA256: %064d\nDescription: x\n\n' 0 >${list}_main_binary-${arch}_Packages]],
    { repository() })
  local function expect_priority(package, version, want)
    local got = policy(package).versions[version]
    expect(got == want, package .. " " .. version .. " has the priority " .. tostring(got) .. ", not " .. want)
  end
  expect_priority("curl", "99.0-1harbour", 100)
  expect_priority("harbour-motd", "1.1-1", 100)
  expect_priority("harbour-agent", "2.4-1", 990)
  expect_priority("harbour-agent", "2.3-2", 990)
  expect_priority("harbour-agent", "3.0-1", 100)
  local got = policy("curl").versions["7.88-1"]
  expect(got == 500, "The priority of other repositories has changed to " .. tostring(got))
  expect(policy("harbour-agent").candidate == "2.4-1", "apt would take harbour-agent " .. tostring(policy("harbour-agent").candidate))
end)

check("recommends", 1, "Recommended packages are not installed on their own", function()
  judge.write("/tmp/apt.conf", 'Dir::Etc "/subject/etc/apt";\n')
  local out = run{ "apt-config", "dump", "APT::Install-Recommends", env = { APT_CONFIG = "/tmp/apt.conf" } }.out
  local value = out:match('"(.-)"') or ""
  expect(contains({ "0", "false", "no", "without", "off", "disable" }, value:lower()), "apt still installs recommended packages")
end)
