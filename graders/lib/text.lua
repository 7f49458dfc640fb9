-- Texts: lines, fields, and the shapes that configuration files have.
local host = ...
text = {}

function text.trim(s)
  return (s:gsub("^%s+", ""):gsub("%s+$", ""))
end

function text.lines(s)
  local lines = {}
  if s:sub(-1) ~= "\n" and s ~= "" then
    s = s .. "\n"
  end
  for line in s:gmatch("([^\n]*)\n") do
    lines[#lines + 1] = (line:gsub("\r$", ""))
  end
  return lines
end
