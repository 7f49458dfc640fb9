local repo = "/home/candidate/handbook"
local draft = "# In an emergency\n\n1. Ring 112.\n2. Leave by the north stairs.\n3. Meet at the oak.\n"

local function main_is_unchanged()
  expect(git.count(repo, "main") == 3, "main has another history than before")
  local log = git.log(repo, { range = "main" })
  expect(log[1] and log[1].subject == "Visitors get a badge", "The last commit of main is another one than before")
end

check("branch", 2, "release-notes exists again, with its work", function()
  main_is_unchanged()
  expect(git.resolve(repo, "refs/heads/release-notes"), "There is no branch release-notes")
  local text = git.show(repo, "release-notes:notes.md") or ""
  expect(contains(text, "Upgrade: change the codes first"), "The last change of the branch is missing")
end)

check("tip", 1, "release-notes points to the last commit it ever had", { needs = "branch" }, function()
  local log = git.log(repo, { range = "main..release-notes" })
  expect(#log == 3, "The branch should have three commits of its own, and has " .. #log)
  expect(log[1].subject == "Describe the upgrade", "Its last commit is '" .. log[1].subject .. "': there was a later one")
  expect(log[1].author == "Ada Kern" and log[1].time and #log[1].parents == 1, "The commits were made anew instead of found")
  expect(git.resolve(repo, "release-notes~2^{commit}") == log[3].id, "The commits were made anew instead of found")
end)

check("rescued", 3, "emergency.md is committed on rescued, as it was in the stash", function()
  main_is_unchanged()
  expect(git.resolve(repo, "refs/heads/rescued"), "There is no branch rescued")
  local text = expect(git.show(repo, "rescued:emergency.md"), "rescued has no emergency.md")
  expect(text == draft, "emergency.md is not what was in the stash")
end)

check("only", 1, "rescued is main and one commit, which changes nothing else", { needs = "rescued" }, function()
  expect(git.ancestor(repo, "main", "rescued"), "rescued does not start at main")
  expect(git.count(repo, "main..rescued") == 1, "rescued should be one commit ahead of main, and is " .. git.count(repo, "main..rescued"))
  local changed = git.diff(repo, "main", "rescued").changed
  expect(#changed == 1 and changed[1].path == "emergency.md", "The commit changes more than emergency.md")
end)
