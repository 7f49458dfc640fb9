local function get(host, path) return live.http("http://127.0.0.1:80" .. path, { host = host }) end

local function page(reply, path)
  expect(reply.status == 200, "The answer has the status " .. reply.status)
  expect(reply.body == file.read(path), "The answer is not the page in " .. path)
end

check("configuration", 1, "nginx -t finds no mistake", { hint = "Run `nginx -t` and read the line that it names, and the one above." }, function()
  local test = live.run{ "nginx", "-t" }
  expect(test.status == 0, "nginx -t says: " .. text.trim(test.err))
end)

check("shop", 2, "The shop is served and logged", function()
  page(get("shop.harbour.test", "/"), "/srv/www/shop/public/index.html")
  page(get("shop.harbour.test", "/robots.txt"), "/srv/www/shop/public/robots.txt")
  expect(get("shop.harbour.test", "/missing").status == 404, "A page that does not exist has the status " .. get("shop.harbour.test", "/missing").status)
  local log = live.run{ "cat", "/var/log/nginx/shop/access.log" }
  expect(log.status == 0, "There is no /var/log/nginx/shop/access.log")
  expect(log.out:find("GET /robots.txt ", 1, true), "Requests to the shop are not in /var/log/nginx/shop/access.log")
end)

check("backend", 2, "The backend is reached below /api/", { hint = "What is left of the path when `proxy_pass` ends in a slash?" }, function()
  local reply = get("shop.harbour.test", "/api/status")
  expect(reply.status == 200 and reply.body == "backend: ready\n", "/api/status: status " .. reply.status .. ", " .. text.trim(reply.body or ""))
  reply = get("shop.harbour.test", "/api/stock?sku=B-12")
  expect(reply.body == "backend: stock for B-12\n", "/api/stock?sku=B-12: status " .. reply.status .. ", " .. text.trim(reply.body or ""))
  expect(get("shop.harbour.test", "/status").status == 404, "The backend is also reached without /api/")
end)

check("hidden", 1, "Hidden files of the shop are not served", { needs = "shop" }, function()
  for _, path in ipairs{ "/.git/config", "/.git/", "/.env", "/img/.htpasswd" } do
    local reply = get("shop.harbour.test", path)
    expect(reply.status == 404, path .. " has the status " .. reply.status)
    expect(not (reply.body or ""):find("secret", 1, true), path .. " is served")
  end
  expect(file.exists("/srv/www/shop/public/.git/config"), "/srv/www/shop/public/.git/config is gone; it was to be hidden, not deleted")
end)

check("blog", 2, "The blog is served", { hint = "Which user do the processes that answer run as, and may it enter the folder?" }, function()
  page(get("blog.harbour.test", "/"), "/srv/www/blog/index.html")
  page(get("blog.harbour.test", "/tides.html"), "/srv/www/blog/tides.html")
end)

check("other-name", 1, "The blog's other name leads to it", function()
  for _, path in ipairs{ "/", "/tides.html?from=mail&x=1" } do
    local reply = get("www.blog.harbour.test", path)
    expect(reply.status == 301, path .. " has the status " .. reply.status)
    expect(reply.headers.location == "http://blog.harbour.test" .. path, path .. " leads to " .. (reply.headers.location or "nowhere"))
  end
end)

check("others", 1, "Other names get a 404", { hint = "Which server answers for a name that none has?" }, function()
  for _, host in ipairs{ "www.harbour.test", "shop.harbour.test.example", "127.0.0.1" } do
    local reply = get(host, "/")
    expect(reply.status == 404, host .. " is answered with the status " .. reply.status)
  end
end)

check("files", 1, "Nobody but root may write to the files of the sites", { needs = { "shop", "blog" } }, function()
  for _, f in ipairs(file.find("/srv/www")) do
    if f.type ~= "link" then
      expect(f.user == "root", f.path .. " belongs to " .. f.user)
      expect(matches(f.mode, "[0145][0145]$"), f.path .. " has the permissions " .. f.mode)
    end
  end
end)
