local repo = "/home/candidate/tides"

local function wanted()
  -- The history is the same for everybody with these parameters: the newest commit that is not changed tells all others.
  expect(git.count(repo, "main") == 60, "main is not as it was: it had 60 commits")
  return expect(git.resolve(repo, "main~" .. (60 - params.bad)), "main is not as it was")
end

check("tag", 3, "first-bad is on the first wrong commit", function()
  local bad = wanted()
  local tag = expect(git.resolve(repo, "refs/tags/first-bad^{commit}"), "There is no tag first-bad")
  expect(tag == bad, "The tag is on another commit")
end)

check("answer", 2, "~/answer.txt has its full id", function()
  local text = expect(file.read("/home/candidate/answer.txt"), "There is no ~/answer.txt")
  local id = text:match("^%s*(%x+)%s*$")
  expect(id and #id == 40, "~/answer.txt should hold one id of 40 characters and nothing else")
  expect(id:lower() == wanted(), "The id is that of another commit")
end)

check("back", 1, "The repository is left as it was found", { needs = "tag" }, function()
  expect(git.head(repo).branch == "main", "main is not checked out")
  expect(not file.exists(repo .. "/.git/BISECT_LOG"), "A bisection is still going on")
  for _, entry in ipairs(git.status(repo)) do expect(entry.index == "?", entry.path .. " is changed") end
end)
