local truth = { ["2.0"] = "good", ["2.1"] = "forged", ["2.2"] = "good", ["2.3"] = "forged", ["2.4"] = "forged" }

local function verdicts()
  local said, order = {}, {}
  for _, line in ipairs(expect(file.lines("/home/candidate/verdict.txt"), "There is no ~/verdict.txt")) do
    if text.trim(line) ~= "" then
      local version, word = line:match("^%s*(%d%.%d)%s+(%a+)%s*$")
      expect(version and truth[version], "A line of ~/verdict.txt is not like '2.0 good': " .. line:sub(1, 60))
      expect(word == "good" or word == "forged", "The verdict on " .. version .. " should be good or forged")
      expect(not said[version], "There are two verdicts on " .. version)
      said[version], order[#order + 1] = word, version
    end
  end
  expect(#order == 5, "There should be five verdicts, and there are " .. #order)
  expect(equal(order, { "2.0", "2.1", "2.2", "2.3", "2.4" }), "The verdicts should stand in the order of the versions")
  return said
end

check("good", 2, "The good releases are called good", function()
  local said = verdicts()
  expect(said["2.0"] == "good" and said["2.2"] == "good", "A release that is signed and whole is called forged")
end)

check("stranger", 1, "A signature by a key that is not allowed is not taken", function()
  expect(verdicts()["2.1"] == "forged", "A release is called good whose signature is by a key that nobody has named")
end)

check("exchanged", 1, "An archive that is not the signed one is not taken", function()
  expect(verdicts()["2.3"] == "forged", "A release is called good whose archive is not the one in the signed list")
end)

check("purpose", 1, "A signature for another purpose is not taken", function()
  expect(verdicts()["2.4"] == "forged", "A release is called good whose signature was not made for releases")
end)

check("installed", 3, "The newest good archive is in ~/install, alone", function()
  local names = expect(file.list("/home/candidate/install"), "There is no folder ~/install")
  expect(equal(names, { "relay-2.2.tar.gz" }), "~/install should hold just the archive of the newest good release")
  expect(file.same("/home/candidate/install/relay-2.2.tar.gz", "/home/candidate/mirror/2.2/relay-2.2.tar.gz"), "The archive in ~/install is not the one of the mirror")
  expect(archive.read("/home/candidate/install/relay-2.2.tar.gz", "relay-2.2.txt") == "relay 2.2\n", "The archive in ~/install is not the release")
end)
