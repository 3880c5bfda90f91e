-- Gives users a directory role, and takes it again the next time round, each time under an idempotency key
-- of its own, so that each is a durable command: wrk -s roles.lua URL -- TOKEN FILE ROLE THREADS, where FILE has
-- a user's path in each line. Each thread has users of its own, many more than connections: what is given
-- is there before it is taken.

local threads = 0
local turn = -1
local users = {}

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  local line = 0
  for path in io.lines(arguments[2]) do
    line = line + 1
    if line % arguments[4] == number - 1 then
      local customer, user = path:match("^(.*)/users/(.*)$")
      users[#users + 1] = { customer .. "/directoryroles/" .. arguments[3] .. "/usermembers", user }
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
  local place = turn % #users + 1
  local given = math.floor(turn / #users) % 2 == 1
  turn = turn + 1
  local members, user = users[place][1], users[place][2]
  wrk.headers["MS-RequestId"] =
    string.format("%08x-%04x-4%03x-8000-%012x", run, number, turn % 0xfff, turn)
  if given then
    return wrk.format("DELETE", members .. "/" .. user)
  end
  return wrk.format("POST", members, nil, '{"id":"' .. user .. '"}')
end
