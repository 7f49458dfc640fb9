local bad = { "birch.pkl", "delta.bin", "glade.pt" }
local good = { "anchor.pkl", "cedar.pkl", "ember.json", "fjord.safetensors", "heron.pt" }
local home = "/home/candidate"

local function words(path)
  local out = {}
  for _, line in ipairs(expect(file.lines(path), "There is no " .. path:gsub(home, "~"))) do
    if text.trim(line) ~= "" then out[#out + 1] = text.squeeze(text.trim(line)) end
  end
  return out
end

check("found", 2, "Every file that breaks the rule is named", function()
  local said = words(home .. "/dangerous.txt")
  for _, name in ipairs(bad) do expect(contains(said, name), "A file that would look up a name against the rule is not named") end
end)

check("no-other", 1, "No other file is named", { needs = "found" }, function()
  for _, name in ipairs(words(home .. "/dangerous.txt")) do
    expect(contains(bad, name), name .. " keeps to the rule, or is no pickle")
  end
end)

check("moved", 2, "They are in quarantine, unchanged and not to be executed or written", function()
  expect(equal(file.list(home .. "/quarantine") or {}, bad), "~/quarantine should hold just the files that break the rule")
  expect(equal(file.list(home .. "/models") or {}, good), "~/models should hold just the others")
  expect(contains(file.read(home .. "/quarantine/birch.pkl") or "", "cposix\nsystem\n") and contains(file.read(home .. "/quarantine/delta.bin") or "", "builtins")
    and file.stat(home .. "/quarantine/glade.pt").size > 1000, "A file in quarantine is not what it was")
  for _, name in ipairs(bad) do
    local mode = perms.mode(home .. "/quarantine/" .. name)
    expect(mode == "0400" or mode == "0444", name .. " has the mode " .. tostring(mode))
  end
end)

check("why", 2, "Module and function are named for each", function()
  expect(equal(words(home .. "/why.txt"), { "birch.pkl posix system", "delta.bin builtins exec", "glade.pt runpy _run_code" }),
    "~/why.txt does not name, for each file, just the module and function that break the rule")
end)
