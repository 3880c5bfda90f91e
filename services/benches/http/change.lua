-- Changes users' display names, each time under an idempotency key of its own, so that each is a
-- durable command: wrk -s change.lua URL -- TOKEN FILE, where FILE has a user's path in each line.

local threads = 0
local turn = 0
local paths = {}

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  for path in io.lines(arguments[2]) do
    paths[#paths + 1] = path
  end
  math.randomseed(os.time() * 10 + number)
  run = math.random(0, 0xffffff)
end

function request()
  turn = turn + 1
  local path = paths[math.random(#paths)]
  wrk.headers["MS-RequestId"] =
    string.format("%08x-%04x-4%03x-8000-%012x", run, number, turn % 0xfff, turn)
  return wrk.format("PATCH", path, nil, string.format('{"displayName":"Nora %d-%d"}', number, turn))
end
