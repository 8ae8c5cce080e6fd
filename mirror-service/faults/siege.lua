-- Asks for the paths in a file, one after the other, and prints what became of it as one line of JSON.
--     wrk -s siege.lua URL -- PATHS counted|uncounted [BODY]
-- Uncounted, only failures are told apart: to look at each answer costs the load a good part of its rate.

local threads, requests, at = {}, {}, 0
found, unmodified, absent, refused, hasty, other = 0, 0, 0, 0, 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  if args[3] then
    wrk.method, wrk.body = "POST", args[3]
  end
  for path in io.lines(args[1]) do
    table.insert(requests, wrk.format(nil, path))
  end
  if args[2] == "uncounted" then
    response = nil
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function response(status, headers)
  if status == 200 or status == 202 then
    found = found + 1
  elseif status == 304 then
    unmodified = unmodified + 1
  elseif status == 404 then
    absent = absent + 1
  elseif status == 503 then
    refused = refused + 1
    if not headers["Retry-After"] and not headers["retry-after"] then
      hasty = hasty + 1
    end
  else
    other = other + 1
  end
end

function done(summary, latency)
  local sums = {}
  for _, name in ipairs({"found", "unmodified", "absent", "refused", "hasty", "other"}) do
    local sum = 0
    for _, thread in ipairs(threads) do
      sum = sum + thread:get(name)
    end
    table.insert(sums, string.format('"%s": %d', name, sum))
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{%s, "all": %d, "seconds": %f, "failed": %d, "late": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    table.concat(sums, ", "), summary.requests, summary.duration / 1e6, errors.status, errors.timeout,
    errors.connect + errors.read + errors.write, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
