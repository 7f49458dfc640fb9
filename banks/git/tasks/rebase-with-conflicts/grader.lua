local repo = "/home/candidate/recipes"

check("main", 1, "The branch main is as it was", function()
  -- Also the tag, which a second clone of the history would still have.
  expect(git.resolve(repo, "main") == git.resolve(repo, "handed-out^{commit}"), "main is no longer what it was")
  expect(git.count(repo, "main") == 3, "main has another history than before")
  expect(git.resolve(repo, "main") ~= git.resolve(repo, "metric"), "metric has no commits of its own any more")
  expect(git.ancestor(repo, "main", "metric"), "metric does not contain main")
end)

check("line", 2, "metric is a straight line of three commits on top of main", { needs = "main" }, function()
  local log = git.log(repo, { range = "main..metric" })
  for _, c in ipairs(log) do expect(#c.parents == 1, "There is a merge commit: " .. c.subject) end
  expect(#log == 3, "There are " .. #log .. " commits on top of main, not three")
  local wanted = { "Say which units are used", "Metric amounts for soup", "Metric amounts for bread" }
  for i, c in ipairs(log) do expect(c.subject == wanted[i], "The commits or their messages are not what they were: " .. c.subject) end
end)

check("bread", 2, "bread.txt: metric, rye, and it rests", { needs = "main" }, function()
  local text = expect(git.show(repo, "metric:bread.txt"), "metric has no bread.txt")
  expect(not text:find("[<=>][<=>][<=>][<=>][<=>]"), "bread.txt still has conflict markers")
  expect(matches(text, "flour: 500 g rye\n"), "The flour should be 500 g rye")
  expect(matches(text, "water: 330 ml\n") and text:find("220 C", 1, true), "Water or temperature is not metric")
  expect(contains(text, "Let it rest for 12 hours."), "main's new line about resting is lost")
  expect(not text:find("oz", 1, true) and not text:find(" F.", 1, true), "An old unit is left")
end)

check("soup", 2, "soup.txt: metric, for six, seasoned", { needs = "main" }, function()
  local text = expect(git.show(repo, "metric:soup.txt"), "metric has no soup.txt")
  expect(not text:find("[<=>][<=>][<=>][<=>][<=>]"), "soup.txt still has conflict markers")
  expect(contains(text, "Carrot soup for six"), "The soup should be for six")
  expect(matches(text, "water: 2 ?l[%s\n]"), "The water for six is 2 l")
  expect(matches(text, "carrots: 400 g\n"), "The carrots are 400 g")
  expect(contains(text, "Season at the end."), "main's sentence about seasoning is lost")
end)

check("finished", 1, "The work is finished: no rebase is open, nothing is left uncommitted", { needs = "line" }, function()
  expect(not file.exists(repo .. "/.git/rebase-merge") and not file.exists(repo .. "/.git/rebase-apply"), "A rebase is still open")
  expect(git.head(repo).branch == "metric" or git.head(repo).branch == "main", "HEAD is on no branch")
  expect(git.clean(repo), "There are uncommitted changes")
end)
