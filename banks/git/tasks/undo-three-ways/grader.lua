local repo = "/home/candidate/kiosk"
local origin = "/srv/git/kiosk.git"

local function subjects()
  local out = {}
  for _, c in ipairs(git.log(repo, { range = "main" })) do out[#out + 1] = c.subject end
  return out
end

check("published", 2, "On top of everything that was published lies one new commit", function()
  local there = expect(git.resolve(origin, "main"), "The branch main is missing in /srv/git/kiosk.git")
  expect(git.count(origin, "main") == 4, "origin has another history than before: nothing was to be pushed")
  expect(git.ancestor(repo, there, "main"), "main does not contain all published commits any more: your colleagues would have to repair their clones")
  local ahead = git.count(repo, there .. "..main")
  expect(ahead == 1, "main should be one commit ahead of origin/main, and is " .. ahead)
  expect(subjects()[1] ~= "WIP trace every call", "The commit on top is still the early one")
end)

check("reverted", 2, "Fares are no longer rounded in main, and nothing else is undone", function()
  local fare = expect(git.show(repo, "main:fare.sh"), "main has no fare.sh")
  expect(fare == git.show(origin, "main~3:fare.sh"), "fare.sh in main is not what it was before the mistake")
  expect(contains(git.show(repo, "main:printer.sh") or "", "valid for 90 minutes"), "Another change was undone, too: tickets must say how long they are valid")
end)

check("wip", 1, "The early commit is not in main", function()
  expect(not contains(subjects(), "WIP trace every call"), "WIP trace every call is still in main")
  expect(not (git.show(repo, "main:printer.sh") or ""):find("set -x", 1, true), "main still has the traced calls")
end)

check("work", 1, "The work in printer.sh is uncommitted", { needs = "wip" }, function()
  local text = expect(file.read(repo .. "/printer.sh"), "printer.sh is not on the disk")
  expect(text:find("set -x", 1, true), "The work in printer.sh is lost")
end)

check("token", 1, "token.env is on the disk, not staged, not committed", function()
  expect(file.read(repo .. "/token.env") == "KIOSK_TOKEN=2f6d-not-for-anyone\n", "token.env is not on the disk as it was")
  expect(not git.show(repo, "main:token.env"), "token.env has been committed")
  expect(git.run(repo, { "ls-files", "--", "token.env" }).out == "", "token.env is still staged")
end)
