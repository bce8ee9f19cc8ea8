-- One request after the other from a file of values, and a count of the answers that are right.
-- Arguments: method, path, authorization, body, values file, once or again, proof, wanted patterns ...
-- "{}" in authorization, body and proof (the header DPoP) stands for the value. With "once" no value is sent twice: when
-- all are spent the measurement ends.
local threads = {}
function setup(thread) table.insert(threads, thread) end

local method, path, authorization, body, once, proof
local values, wanted, position = {}, {}, 0
good = 0

function init(args)
  method, path, authorization, body = args[1], args[2], args[3], args[4]
  for line in io.lines(args[5]) do values[#values + 1] = line end
  once = args[6] == "once"
  proof = args[7]
  for number = 8, #args do wanted[#wanted + 1] = args[number] end
end

local function filled(text, value)
  return (text:gsub("{}", value))
end

function request()
  position = position + 1
  if position > #values then
    if once then wrk.thread:stop() end
    position = 1
  end
  local value = values[position]
  local headers = {}
  if authorization ~= "" then headers.Authorization = filled(authorization, value) end
  if proof ~= "" then headers.DPoP = filled(proof, value) end
  if method == "GET" then return wrk.format(method, path, headers) end
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  return wrk.format(method, path, headers, filled(body, value))
end

function response(status, _, text)
  if status ~= 200 then return end
  for _, pattern in ipairs(wanted) do
    if not text:find(pattern) then return end
  end
  good = good + 1
end

function done(summary, latency, _)
  local right = 0
  for _, thread in ipairs(threads) do right = right + thread:get("good") end
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"good":%d,"p99_ms":%f,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, right, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout))
end
