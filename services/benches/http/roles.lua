-- Gives users a directory role, and takes it again the next time round, each time under an idempotency key
-- of its own, so that each is a durable command: wrk -s roles.lua URL -- TOKEN FILE ROLE THREADS, where FILE has
-- a user's path in each line. Each thread has users of its own, many more than connections: what is given
-- is there before it is taken.

local threads = 0
local turn = -1
local users = {}
-- Where the key of a request will stand.
local KEY = "@key@"

-- What comes before the key of a request, and what comes after it: put together once, so that what is
-- measured is the server.
local function parts(method, path, body)
  local whole = wrk.format(method, path, nil, body)
  local first, last = whole:find(KEY, 1, true)
  return { whole:sub(1, first - 1), whole:sub(last + 1) }
end

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["MS-RequestId"] = KEY
  local line = 0
  for path in io.lines(arguments[2]) do
    line = line + 1
    if line % arguments[4] == number - 1 then
      local customer, user = path:match("^(.*)/users/(.*)$")
      local members = customer .. "/directoryroles/" .. arguments[3] .. "/usermembers"
      users[#users + 1] = {
        given = parts("POST", members, '{"id":"' .. user .. '"}'),
        taken = parts("DELETE", members .. "/" .. user),
      }
    end
  end
  math.randomseed(os.time() * 10 + number)
  run = math.random(0, 0xffffff)
end

function request()
  if turn < 0 then
    -- The first one wrk may only look at, and not send.
    turn = 0
    return wrk.format("GET", "/health/live")
  end
  local user = users[turn % #users + 1]
  local request = math.floor(turn / #users) % 2 == 0 and user.given or user.taken
  turn = turn + 1
  local key = string.format("%08x-%04x-4%03x-8000-%012x", run, number, turn % 0xfff, turn)
  return request[1] .. key .. request[2]
end
