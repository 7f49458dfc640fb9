local repo = "/home/candidate/weather"
local sh = "#!/bin/sh\n# Prints the weather of a station: tenths of degrees in, degrees out.\ntenths=$(cat station.txt)\n"
local rounded = sh .. "t=$(((tenths + 5) / 10))\necho \"temperature: $t\"\n"
local final = rounded .. ". ./wind.sh\n"
local wanted = { "Document the station's file", "Show wind", "Fix rounding", "Read the station's file" }

-- The new commits, newest first, once there are four in the right order.
local function commits()
  local log = git.log(repo, { range = "base..main" })
  expect(#log == 4, "There should be four commits since base, and there are " .. #log)
  for i, c in ipairs(log) do
    expect(#c.parents == 1, "'" .. c.subject .. "' is a merge")
    expect(c.subject == wanted[i], "'" .. c.subject .. "' stands where '" .. wanted[i] .. "' should")
  end
  return log
end

check("order", 1, "Four commits, in the right order", commits)

check("rounding", 2, "Fix rounding holds just the rounding", { needs = "order" }, function()
  local c = commits()[3]
  expect(git.show(repo, c.id .. ":weather.sh") == rounded, "weather.sh in this commit should round and not yet show wind")
  expect(git.show(repo, c.id .. ":CHANGES") == "Changes\n\n- Temperatures are rounded, not cut off\n", "CHANGES in this commit should speak of rounding alone")
  expect(not git.show(repo, c.id .. ":wind.sh"), "wind.sh comes too early")
end)

check("wind", 2, "Show wind holds the rest", { needs = "order" }, function()
  local c = commits()[2]
  expect(git.show(repo, c.id .. ":weather.sh") == final, "weather.sh in this commit should be complete")
  expect(git.show(repo, c.id .. ":wind.sh"), "wind.sh is missing")
  expect(contains(git.show(repo, c.id .. ":CHANGES") or "", "The wind is shown"), "CHANGES does not speak of wind")
  expect(not git.show(repo, c.id .. ":README"), "README belongs to the next commit")
end)

check("same", 1, "The files are what they were, and nothing is left over", { needs = "order" }, function()
  expect(git.show(repo, "main:weather.sh") == final and git.show(repo, "main:README") and git.show(repo, "main:station.txt") == "215\n"
    and git.show(repo, "main:CHANGES") == "Changes\n\n- Temperatures are rounded, not cut off\n- The wind is shown\n"
    and git.show(repo, "main:wind.sh") == "#!/bin/sh\necho \"wind: $(tail -n 1 station.txt)\"\n", "The files of main differ from what they were")
  expect(git.head(repo).branch == "main", "main is not checked out")
  expect(git.clean(repo), "Something is left uncommitted")
  expect(not file.exists(repo .. "/.git/rebase-merge"), "A rebase is still open")
end)
