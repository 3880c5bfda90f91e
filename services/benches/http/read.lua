-- Reads one path again and again: wrk -s read.lua URL -- TOKEN PATH [PATH ...]
-- With several paths, each connection goes round them.

local paths = {}
local turn = 0

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Accept"] = "application/json"
  for place = 2, #arguments do
    paths[#paths + 1] = arguments[place]
  end
end

function request()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn])
end
