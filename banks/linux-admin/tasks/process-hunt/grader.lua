check("port-holder", 1, "The program that held the port", function()
  local report = "/root/report/port-holder"
  expect(file.exists(report), "There is no " .. report)
  local path = text.trim(file.read(report) or "")
  expect(path == "/opt/metrics/metricsd-" .. params.version, "That is not the path of the program that held port 9400")
end)

check("service", 2, "The new service answers", { hint = "A process may ignore signal 15. Look at the port before you start the new one." }, function()
  local reply = live.http("http://127.0.0.1:9400/")
  expect(reply.status == 200 and reply.body == "metricsd 2.1: up\n", "The process at port 9400 answers: " .. text.trim(reply.body or ""))
end)

-- The command lines of all processes, a process a line
local function processes()
  local out = live.run{ "sh", "-c", [[for d in /proc/[0-9]*; do tr '\0\n' '  ' <$d/cmdline 2>/dev/null && echo; done]] }
  return out:lines()
end

check("syncer", 2, "syncer is gone and stays gone", { hint = "Who is the parent of the process?" }, function()
  for _, line in ipairs(processes()) do
    expect(not text.starts(line, "syncer"), "A process called syncer is running")
    expect(not line:find("session-helper", 1, true), "What starts syncer again and again is still there")
  end
end)

-- The number of a process that setup started, if it is still the same one: its start time is written down beside it. {pid, nice}
local function same_process(name)
  local pid, started = (file.read("/var/lib/processes/" .. name) or ""):match("^(%d+) (%d+)")
  expect(pid, "/var/lib/processes/" .. name .. ", which names the process, is gone; put the box back")
  local stat = live.run{ "cat", "/proc/" .. pid .. "/stat" }
  local fields = text.fields((stat.out:gsub("^%d+ %(.*%)", "- -")))
  expect(stat.status == 0 and fields[22] == started, name .. " is not running any more as the process that it was")
  expect(fields[3] ~= "T" and fields[3] ~= "Z", name .. " is stopped")
  return pid, tonumber(fields[19])
end

check("space", 3, "ledger runs on, and the space is free", { hint = "`ls -l /proc/PID/fd`" }, function()
  local pid = same_process("ledger")
  local files = live.run{ "sh", "-c", "for f in /proc/" .. pid .. "/fd/*; do stat -L -c '%F|%b' $f; done" }
  local blocks = 0
  for _, line in ipairs(files:lines()) do blocks = blocks + (tonumber(line:match("^regular.*|(%d+)$")) or 0) end
  expect(blocks < 1024, "The deleted log still takes " .. blocks // 2048 .. " MiB of the disk")
end)

check("nice", 1, "nightly-report runs on with a nice value of 10", { hint = "See renice(1): the value is set, not added." }, function()
  local _, nice = same_process("nightly-report")
  expect(nice == 10, "Its nice value is " .. nice)
end)
