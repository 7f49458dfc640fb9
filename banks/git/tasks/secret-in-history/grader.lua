local repo = "/home/candidate/payroll"
local path = "deploy/credentials.env"

-- Subjects from the oldest on.
local function subjects(rev)
  local out = {}
  for _, c in ipairs(git.log(repo, { range = rev })) do table.insert(out, 1, c.subject) end
  return table.concat(out, "; ")
end

local function has_file(rev)
  return git.run(repo, { "log", "--format=%h", rev, "--", path }).out ~= ""
end

check("main", 2, "No commit of main has the file", function()
  expect(git.resolve(repo, "refs/heads/main"), "There is no branch main")
  expect(not has_file("refs/heads/main"), "The history of main still has " .. path)
end)

check("others", 2, "No commit of any other branch or tag has it", function()
  expect(git.resolve(repo, "refs/heads/beta"), "There is no branch beta")
  expect(git.resolve(repo, "refs/tags/v1.0"), "There is no tag v1.0")
  expect(not has_file("refs/heads/beta"), "The history of beta still has " .. path)
  expect(not has_file("refs/tags/v1.0"), "The history of v1.0 still has " .. path)
  expect(not has_file("--all"), "Some other name still leads to commits with " .. path)
end)

check("kept", 2, "Branches, tag, messages and other files are what they were", { needs = "main" }, function()
  local begin = "Compute the net pay; Describe the site; Deploy with credentials; Release 1.0"
  local main = subjects("main")
  expect(main == begin .. "; Remove the credentials; Say how to deploy" or main == begin .. "; Say how to deploy",
    "The commits of main are not what they were: " .. main)
  expect(subjects("beta") == begin .. "; Let the rate be given", "The commits of beta are not what they were: " .. subjects("beta"))
  local tag = expect(git.tags(repo)["v1.0"], "There is no tag v1.0")
  expect(tag.annotated, "v1.0 is no annotated tag any more")
  expect(subjects("v1.0^{commit}") == begin, "v1.0 is not on the commit Release 1.0")
  expect(git.ancestor(repo, "v1.0^{commit}", "main") and git.ancestor(repo, "v1.0^{commit}", "beta"), "main and beta no longer share the history up to v1.0")
  expect(git.show(repo, "v1.0^{commit}~1:deploy/site.yml") == "host: payroll.example\nport: 5432\n", "deploy/site.yml was changed or lost on the way")
  expect(git.show(repo, "beta:net.sh") == "gross=$1\nrate=${2:-71}\necho $((gross * rate / 100))\n", "net.sh of beta is not what it was")
  expect(git.show(repo, "main:README") == "How to deploy: read deploy/site.yml.\n", "README is not what it was")
end)

check("objects", 3, "The password is in no object of the repository", { needs = { "main", "others" } }, function()
  local secret = "DB_USER=payroll\nDB_PASSWORD=heron-4471-quartz\n"
  local id = text.trim(run{ "git", "hash-object", "-t", "blob", "--stdin", stdin = secret }.out)
  expect(git.run(repo, { "cat-file", "-e", id }).status ~= 0, "The object with the password is still there: git cat-file -p " .. id:sub(1, 10))
  for _, f in ipairs(file.find(repo, { type = "file" })) do
    local content = file.read(f.path, { max = 4194304 })
    expect(not (content and content:find("heron-4471-quartz", 1, true)), f.path .. " holds the password")
  end
end)
