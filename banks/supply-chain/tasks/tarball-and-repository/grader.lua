local function findings()
  local there = {}
  for _, line in ipairs(expect(file.lines("/home/candidate/findings.txt"), "There is no ~/findings.txt")) do
    line = text.trim(line):gsub("^%./", ""):gsub("^widget%-1%.4%.0/", "")
    if line ~= "" then there[#there + 1] = line end
  end
  return there
end

check("added", 2, "Files that were added are found", function()
  local f = findings()
  expect(contains(f, "build-aux/compat.sh"), "A script that is in the archive alone is not listed")
  expect(contains(f, "tests/data/large.bin"), "A data file that is in the archive alone is not listed")
end)

check("changed", 1, "A file of the tag that differs is found", function()
  expect(contains(findings(), "build-aux/host.sh"), "A file that differs from the tag is not listed")
end)

check("generated", 1, "A generated file that is not what is generated is found", function()
  expect(contains(findings(), "configure"), "A generated file that differs from what autogen.sh writes is not listed")
end)

check("no-other", 1, "No other file is accused", { needs = { "added", "changed" } }, function()
  local allowed = { ["build-aux/compat.sh"] = true, ["tests/data/large.bin"] = true, ["build-aux/host.sh"] = true, configure = true }
  for _, path in ipairs(findings()) do expect(allowed[path], path .. " is as it should be") end
end)

check("clean", 2, "The clean archive holds the files of the tag", function()
  local path = "/home/candidate/widget-1.4.0-clean.tar.gz"
  expect(file.exists(path), "There is no ~/widget-1.4.0-clean.tar.gz")
  local wanted, n = {}, 0
  for _, name in ipairs(git.files("/home/candidate/widget", "v1.4.0")) do wanted["widget-1.4.0/" .. name] = name end
  for _, entry in ipairs(archive.list(path)) do
    if entry.type ~= "folder" then
      local name = wanted[(entry.name:gsub("^%./", ""))]
      expect(name, entry.name .. " is not a file of the tag")
      expect(archive.read(path, entry.name) == git.show("/home/candidate/widget", "v1.4.0:" .. name), entry.name .. " is not as in the tag")
      n = n + 1
    end
  end
  expect(n == #git.files("/home/candidate/widget", "v1.4.0"), "A file of the tag is missing")
end)
