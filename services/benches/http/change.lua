-- Changes users' display names, each time under an idempotency key of its own, so that each is a
-- durable command: wrk -s change.lua URL -- TOKEN FILE, where FILE has a user's path in each line.

local threads = 0
local turn = 0
local users = {}
-- Where the key of a request and the new name will stand; the name has always as many characters.
local KEY = "@key@"
local NAME = "Nora 00-000000000"

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["MS-RequestId"] = KEY
  -- Requests are put together once, so that what is measured is the server.
  for path in io.lines(arguments[2]) do
    local whole = wrk.format("PATCH", path, nil, '{"displayName":"' .. NAME .. '"}')
    local key_first, key_last = whole:find(KEY, 1, true)
    local name_first, name_last = whole:find(NAME, 1, true)
    users[#users + 1] = {
      whole:sub(1, key_first - 1),
      whole:sub(key_last + 1, name_first - 1),
      whole:sub(name_last + 1),
    }
  end
  math.randomseed(os.time() * 10 + number)
  run = math.random(0, 0xffffff)
end

function request()
  turn = turn + 1
  local user = users[math.random(#users)]
  local key = string.format("%08x-%04x-4%03x-8000-%012x", run, number, turn % 0xfff, turn)
  return user[1] .. key .. user[2] .. string.format("Nora %02d-%09d", number, turn) .. user[3]
end
