-- Creates customers, each in a domain of its own: wrk -s customers.lua URL -- TOKEN COUNT
-- Once a thread has asked for COUNT of them it only knocks.

local threads = 0
local turn = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  count = tonumber(arguments[2])
  math.randomseed(os.time() * 10 + number)
  run = math.random(0, 0xffffff)
end

function request()
  turn = turn + 1
  if turn > count then
    return wrk.format("GET", "/health/live")
  end
  local domain = string.format("c%x-%x-%x.example", run, number, turn)
  local body = string.format(
    '{"companyProfile":{"domain":"%s"},"billingProfile":{"email":"office@%s","culture":"en-US",'
      .. '"language":"en","companyName":"Company %x %x","defaultAddress":{"country":"US",'
      .. '"city":"Redmond","state":"WA","addressLine1":"One Harbour Way","postalCode":"98052",'
      .. '"firstName":"Kim","lastName":"Abercrombie"}}}',
    domain, domain, run * turn % 0xffffff, turn)
  return wrk.format("POST", "/v1/customers", nil, body)
end
