local dir = "/etc/ssl/harbour/"
local old_key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPrG7ij+y5IXXvvKX+UNGYO9B2LCbNK2RoDmfGufn/W0d1J65AqDUgBCJ2yOGE6FAm8qmxcHZaXpwAlR7sNlm8g=="
local originals = { -- of /srv/pki: who changes them could make any certificate fit
  { "root.crt", "bd53af742586590605c1510746672cc0970696a1c4b63b816be8fc392e3806b0" },
  { "issuing.crt", "dfe01220e3b316eadc8f0b155ce6c05601f09153be6b251d32c671503f17d174" },
}

local function openssl(args, stdin)
  local command = { "openssl", table.unpack(args) }
  command.stdin = stdin
  return run(command)
end

local function public_key(pem) return (pem:gsub("%-%-%-%-%-[^-]+%-%-%-%-%-", ""):gsub("%s", "")) end

-- The certificates of a PEM file
local function certificates(name)
  local path, list = dir .. name, {}
  expect(file.exists(path), "There is no " .. path)
  for pem in (file.read(path) or ""):gmatch("%-%-%-%-%-BEGIN CERTIFICATE%-%-%-%-%-.-%-%-%-%-%-END CERTIFICATE%-%-%-%-%-") do
    list[#list + 1] = pem .. "\n"
  end
  expect(#list > 0, "There is no certificate in " .. path)
  return list
end

-- The one certificate in shop.crt; that of the old key does not count as the new one
local function leaf()
  local list = certificates("shop.crt")
  expect(#list == 1, "There is more than one certificate in " .. dir .. "shop.crt")
  local key = openssl({ "x509", "-noout", "-pubkey" }, list[1])
  expect(key.status == 0, "openssl cannot read " .. dir .. "shop.crt")
  local serial = openssl({ "x509", "-noout", "-serial" }, list[1]).out
  expect(not serial:find("=51A7", 1, true), dir .. "shop.crt is still the old certificate")
  return list[1], public_key(key.out)
end

local function field(pem, ...) return openssl({ "x509", "-noout", ... }, pem).out end

check("key", 2, "The private key is new, strong enough and private", { hint = "A file that is written over keeps its permissions. `openssl pkey -in FILE -noout -text` shows what kind of key it is." }, function()
  local path = dir .. "shop.key"
  expect(file.exists(path), "There is no " .. path)
  local key = openssl({ "pkey", "-in", subject(path), "-noout", "-text", "-passin", "pass:" })
  expect(key.status == 0, "openssl cannot read a private key without a passphrase from " .. path)
  local bits = tonumber(key.out:match("%((%d+) bit"))
  local curve = key.out:match("ASN1 OID: (%S+)")
  local strong = curve == "prime256v1" or curve == "secp384r1" or (key.out:find("prime1:", 1, true) and bits and bits >= 3072)
  expect(strong, "The key is neither RSA with 3072 bits or more nor on the curve P-256 or P-384")
  expect(public_key(openssl({ "pkey", "-in", subject(path), "-pubout", "-passin", "pass:" }).out):sub(1, #old_key) ~= old_key, "It is the old key")
  perms.expect(path, { user = "root" })
  local st = file.stat(path)
  expect(st.mode == "0600" or st.mode == "0400", "Its permissions are " .. st.mode)
end)

check("signed", 2, "The certificate belongs to the key and is signed by the issuing authority", { hint = "Compare `openssl x509 -noout -pubkey` with `openssl pkey -pubout`, and run `openssl verify`." }, function()
  for _, original in ipairs(originals) do
    local name, sum = table.unpack(original)
    expect(file.sha256("/srv/pki/" .. name) == sum, "/srv/pki/" .. name .. " is not what it was")
  end
  local pem, key = leaf()
  expect(key:sub(1, #old_key) ~= old_key, "The certificate is one for the old key")
  local own = openssl({ "pkey", "-in", subject(dir .. "shop.key"), "-pubout", "-passin", "pass:" })
  expect(own.status == 0 and public_key(own.out) == key, "Certificate and private key do not belong together")
  judge.write("/tmp/leaf.pem", pem)
  local verify = openssl{ "verify", "-no_check_time", "-CAfile", subject "/srv/pki/root.crt", "-untrusted", subject "/srv/pki/issuing.crt", "/tmp/leaf.pem" }
  expect(verify.status == 0, "The certificate does not lead to the root by way of the issuing authority")
  local hash = field(pem, "-text"):match("Signature Algorithm: (%S+)")
  expect(hash and hash:lower():find("sha[235][851][642]"), "Its signature uses " .. (hash or "an unknown hash"))
end)

check("names", 2, "It is good for the two names", { hint = "`openssl x509 -noout -ext subjectAltName` prints the names. A request's names are not taken over on their own." }, function()
  local pem = leaf()
  local names = {}
  for name in field(pem, "-ext", "subjectAltName"):gmatch("%f[%w][%w ]+:([^%s,]+)") do
    names[#names + 1] = name:lower()
  end
  table.sort(names)
  expect(#names > 0, "There are no names in its extensions")
  expect(equal(names, { "shop.harbour.test", "www.shop.harbour.test" }), "It is for " .. table.concat(names, ", "))
end)

check("usage", 1, "It is for a TLS server and not for an authority", function()
  local pem = leaf()
  local usage = field(pem, "-ext", "extendedKeyUsage")
  expect(usage:find("TLS Web Server Authentication", 1, true), "Its extended key usage does not name servers")
  expect(not field(pem, "-ext", "basicConstraints"):find("CA:TRUE", 1, true), "It is the certificate of an authority")
  judge.write("/tmp/usage.pem", pem)
  local server = field(pem, "-purpose"):match("SSL server : (%a+)")
  expect(server == "Yes", "openssl does not accept it for a TLS server")
end)

-- Days since 1970 of a date in the proleptic Gregorian calendar
local function days(y, m, d)
  y = m <= 2 and y - 1 or y
  local era = y // 400
  local yoe = y - era * 400
  local doy = (153 * (m + (m > 2 and -3 or 9)) + 2) // 5 + d - 1
  return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468
end

local function seconds(pem, which)
  local y, mo, d, h, mi, s = field(pem, "-dateopt", "iso_8601", which):match("=(%d+)-(%d+)-(%d+) (%d+):(%d+):(%d+)")
  return days(tonumber(y), tonumber(mo), tonumber(d)) * 86400 + tonumber(h) * 3600 + tonumber(mi) * 60 + tonumber(s)
end

check("validity", 1, "It is valid for 90 days from now", function()
  local pem = leaf()
  local from, to = seconds(pem, "-startdate"), seconds(pem, "-enddate")
  local written = file.stat(dir .. "shop.crt").mtime
  local length = (to - from) / 86400
  expect(length > 88.9 and length < 91.1, "It is valid for " .. math.floor(length + 0.5) .. " days")
  expect(math.abs(written - from) < 2 * 86400, "It does not begin now")
end)

check("chain", 2, "The server's file has the certificate and that of the issuing authority", { hint = "The order is from the server's certificate upwards, and the root stays out." }, function()
  local pem = leaf()
  local list = certificates("shop-fullchain.pem")
  local function same(a, b) return field(a, "-fingerprint", "-sha256") == field(b, "-fingerprint", "-sha256") end
  local issuing = file.read("/srv/pki/issuing.crt")
  expect(issuing, "/srv/pki/issuing.crt is gone")
  expect(same(list[1], pem), "It does not begin with the new certificate")
  expect(list[2] and same(list[2], issuing), "The new certificate is not followed by that of the issuing authority")
  expect(#list == 2, "There are " .. #list .. " certificates in it")
end)

check("record", 1, "The old certificate is kept", function()
  local list = certificates("shop.crt.old")
  expect(#list == 1 and public_key(field(list[1], "-pubkey")):sub(1, #old_key) == old_key, "shop.crt.old is not the old certificate")
  expect(field(list[1], "-serial"):find("=51A7", 1, true), "shop.crt.old is not the old certificate")
end)
