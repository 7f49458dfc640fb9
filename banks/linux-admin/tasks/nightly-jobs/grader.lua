local weekdays = { sun = 0, mon = 1, tue = 2, wed = 3, thu = 4, fri = 5, sat = 6 }

-- "1-5", "*/10", "mon,wed" … as a sorted text such as "1 2 3 4 5"; nil when it is no field of cron's
local function field(s, first, last, names)
  local set = {}
  for part in s:lower():gmatch("[^,]+") do
    local range, step = part:match("^([^/]+)/?(%d*)$")
    if not range then return nil end
    local from, to = range:match("^(%w+)%-(%w+)$")
    if range == "*" then from, to = first, last elseif not from then from, to = range, step ~= "" and last or range end
    from, to = tonumber((names or {})[from] or from), tonumber((names or {})[to] or to)
    if names and to == 0 and from and from > 0 then to = 7 end
    if not from or not to or from < first or to > last or from > to then return nil end
    for n = from, to, math.max(tonumber(step) or 1, 1) do set[names and n % 7 or n] = true end
  end
  local list = {}
  for n = first, last do
    if set[n] then list[#list + 1] = n end
  end
  return table.concat(list, " ")
end

local every = { day = field("*", 1, 31), month = field("*", 1, 12), weekday = "0 1 2 3 4 5 6" }

-- Whether cron reads a file of /etc/cron.d
local function read_by_cron(path)
  expect(matches(path, "^/etc/cron%.d/[%w_-]+$"), "cron does not read a file with the name " .. path)
  local st = file.stat(path)
  expect(st and st.type == "file", path .. " is not a file")
  expect(st.user == "root", path .. " does not belong to root, so cron does not read it")
  expect(matches(st.mode, "[0145][0145]$"), path .. " can be written by others than root, so cron does not read it")
  expect(text.ends(file.read(path) or "", "\n"), "The last line of " .. path .. " does not end in a newline, so cron does not read it")
end

-- The lines of /etc/cron.d that run a program, each as {minute, hour, days = weekdays, user, command, file}
local function jobs(program)
  local list = {}
  for _, path in ipairs(file.glob("/etc/cron.d/*")) do
    local env = {}
    for _, line in ipairs(file.lines(path) or {}) do
      line = text.trim(line)
      local name, value = line:match("^([%a_][%w_]*)%s*=%s*(.*)$")
      if name and name ~= "PATH" then
        env[name] = value:gsub('^"(.*)"$', "%1"):gsub("^'(.*)'$", "%1")
      elseif not text.starts(line, "#") and line:find(program, 1, true) then
        local minute, hour, day, month, weekday, user, command = line:match("^(%S+)%s+(%S+)%s+(%S+)%s+(%S+)%s+(%S+)%s+(%S+)%s+(.+)$")
        local job = { file = path, user = user, command = command, env = env }
        if minute then
          job.minute, job.hour = field(minute, 0, 59), field(hour, 0, 23)
          job.daily = field(day, 1, 31) == every.day and field(month, 1, 12) == every.month
          job.days = field(weekday, 0, 7, weekdays)
        end
        expect(job.days and job.minute and job.hour and command, "cron does not understand this line of " .. path .. ": " .. line)
        expect(users.get(user), "The user of this line of " .. path .. " does not exist: " .. line)
        list[#list + 1] = job
      end
    end
  end
  return list
end

-- The weekdays on which jobs run, all of them at that time
local function days_at(list, minute, hour)
  local set, days = {}, {}
  for _, job in ipairs(list) do
    expect(job.minute == minute and job.hour == hour, "A job runs at another time: " .. job.command)
    expect(job.daily, "A job is bound to days or months: " .. job.command)
    for d in job.days:gmatch("%d") do set[d] = true end
  end
  for d = 0, 6 do
    if set[tostring(d)] then days[#days + 1] = d end
  end
  return table.concat(days, " ")
end

check("inventory", 2, "The inventory at 02:30 from Monday to Friday", { hint = "Lines in `/etc/cron.d` have a field more than those of a user's crontab." }, function()
  local list = {}
  expect(file.exists("/etc/cron.d/inventory"), "There is no /etc/cron.d/inventory")
  read_by_cron("/etc/cron.d/inventory")
  for _, job in ipairs(jobs("/opt/jobs/inventory")) do
    if job.file == "/etc/cron.d/inventory" then list[#list + 1] = job end
  end
  expect(#list > 0, "No line of the file runs /opt/jobs/inventory")
  for _, job in ipairs(list) do
    expect(job.user == "backup", "The inventory runs as " .. job.user)
    expect(matches(job.command .. " ", "/opt/jobs/inventory%s+%-%-all[%s;>&|]"), "The program does not get --all: " .. job.command)
  end
  expect(days_at(list, "30", "2") == "1 2 3 4 5", "The days are not Monday to Friday")
end)

-- What a command of cron's hands to dump-db: run in the judge's box with a program in its place that writes its arguments down
local function argument(job)
  local command = job.command:gsub("\\%%", "\1")
  expect(not command:find("%", 1, true), "cron cuts the command at a bare %: " .. job.command)
  command = command:gsub("\1", "%%"):gsub("/opt/jobs/dump%-db", "/tmp/dump-db")
  judge.write("/tmp/dump-db", '#!/bin/sh\nprintf "%s\\n" "$@" >>/tmp/dumped\n')
  run{ "sh", "-c", "chmod 755 /tmp/dump-db && rm -f /tmp/dumped" }
  local before = run{ "date", "+%F %Y%m%d" }.out
  run{ "bash", "-c", command, cwd = "/tmp", env = job.env }
  local after = run{ "date", "+%F %Y%m%d" }.out
  local lines = run{ "sh", "-c", "cat /tmp/dumped 2>/dev/null" }:lines()
  expect(#lines == 1, "dump-db gets " .. #lines .. " arguments, not one")
  for _, when in ipairs(text.fields(before .. " " .. after)) do
    if lines[1]:find(when, 1, true) then return lines[1] end
  end
  fail("The path has not the day of the run in it: " .. lines[1])
end

check("dumps", 3, "A dump every day, named after the day", { hint = "There are three mistakes: in the name of the file, in the fields, and in the command." }, function()
  expect(not file.exists("/etc/cron.d/dumps.cron"), "/etc/cron.d/dumps.cron, which cron does not read, is still there")
  local list = jobs("/opt/jobs/dump-db")
  expect(#list > 0, "No line below /etc/cron.d runs /opt/jobs/dump-db")
  for _, job in ipairs(list) do
    read_by_cron(job.file)
    expect(job.user == "root", "The job runs as " .. job.user)
  end
  expect(days_at(list, "10", "4") == every.weekday, "The job does not run every day")
  for _, job in ipairs(list) do
    local path = argument(job)
    expect(matches(path, "^/srv/dumps/[^/]+%.sql$"), "The path is not like the one in the task: " .. path)
  end
end)

local function unit(name)
  expect(file.exists("/etc/systemd/system/" .. name), "There is no /etc/systemd/system/" .. name)
  return expect(service.unit(name), "systemd does not find " .. name)
end

check("service", 2, "The service is a oneshot for the user backup", function()
  local u = unit("stock-report.service")
  expect((u:get("Service", "Type") or "simple") == "oneshot", "Its type is not oneshot")
  local user = u:get("Service", "User") or "root"
  expect(user == "backup" or user == tostring(users.get("backup").uid), "It runs as " .. user)
  local start = u.sections.Service and u.sections.Service.ExecStart or {}
  expect(#start == 1, "It has " .. #start .. " commands to start")
  expect(matches(text.squeeze(start[1]), "^%-?/opt/jobs/stock%-report %-%-daily$"), "It starts " .. start[1])
end)

-- Whether a calendar expression of systemd.time(7), of up to three words: weekdays, date, time, is every day at that time
local function daily_at(expression, hour, minute)
  local time
  for _, word in ipairs(text.fields(expression)) do
    word = word:gsub("%.%.", "-")
    if word:find(":", 1, true) then
      local parts = text.split(word, ":")
      time = #parts <= 3 and field(parts[1], 0, 23) == hour and field(parts[2], 0, 59) == minute and field(parts[3] or "0", 0, 59) == "0"
    elseif matches(word, "^%a%a%a") then
      local short = word:gsub("(%a%a%a)%a*", "%1")
      if word ~= "UTC" and field(short, 0, 7, weekdays) ~= every.weekday then return false end
    else
      local month, day = word:match("^%*%-([^-]+)%-([^-]+)$")
      if not month or field(month, 1, 12) ~= every.month or field(day, 1, 31) ~= every.day then return false end
    end
  end
  return time
end

check("calendar", 2, "The timer fires every day at 06:15", { hint = "`systemd-analyze calendar EXPRESSION`, where there is one, prints the next times." }, function()
  local u = unit("stock-report.timer")
  local timer = u.sections.Timer or {}
  expect(timer.OnCalendar and #timer.OnCalendar > 0, "It has no OnCalendar=")
  for _, key in ipairs{ "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec" } do
    expect(not timer[key], "It also fires because of " .. key .. "=")
  end
  local started = u:get("Timer", "Unit")
  expect(not started or started == "stock-report.service", "It starts " .. tostring(started))
  for _, expression in ipairs(timer.OnCalendar) do
    expect(daily_at(expression, "6", "15"), "OnCalendar=" .. expression .. " is not every day at 06:15")
  end
end)

-- Seconds of a time span such as "10min" or "1h 30s"
local function span(s)
  local unit_seconds = { [""] = 1, s = 1, sec = 1, second = 1, seconds = 1, m = 60, min = 60, minute = 60, minutes = 60, h = 3600, hr = 3600, hour = 3600, hours = 3600 }
  local total = 0
  for number, name in (s or ""):gmatch("([%d.]+)%s*(%a*)") do
    total = total + (tonumber(number) or 0) * (unit_seconds[name] or 0)
  end
  return total
end

check("missed", 1, "What was missed is made up for, and the start is spread", function()
  local u = unit("stock-report.timer")
  expect(contains({ "1", "yes", "y", "true", "t", "on" }, (u:get("Timer", "Persistent") or "no"):lower()), "A report that was missed is not made up for")
  expect(span(u:get("Timer", "RandomizedDelaySec")) == 600, "The random delay is not up to ten minutes")
end)

check("enabled", 1, "The timer starts at boot, the service does not", { hint = "What would `systemctl enable` make, and of which of the two units?" }, function()
  unit("stock-report.timer")
  local started = false
  for _, target in ipairs(service.wanted_by("stock-report.timer")) do
    if contains({ "timers.target", "multi-user.target", "default.target", "graphical.target", "basic.target", "sysinit.target" }, target) then started = true end
  end
  expect(started, "Nothing starts the timer at boot")
  expect(#service.wanted_by("stock-report.service") == 0, "The service itself is started at boot")
end)
