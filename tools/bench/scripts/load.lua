-- Sends the requests of a file, each line one, from a place in it on.
-- Arguments: kind (get or post), file, place (0 to 1), number of the run, headers as name=value.
local threads = 0
function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

local lines, at, run, kind, sent = {}, 0, 0, "get", 0

function init(args)
	kind, run = args[1], args[4]
	for i = 5, #args do
		local name, value = args[i]:match("^([^=]+)=(.*)$")
		wrk.headers[name] = value
	end
	for line in io.lines(args[2]) do
		if kind == "get" then line = wrk.format("GET", line) end
		lines[#lines + 1] = line
	end
	at = math.floor(#lines * (tonumber(args[3]) + number / 2)) % #lines
end

function request()
	at = at % #lines + 1
	if kind == "get" then return lines[at] end
	sent = sent + 1
	local unique = run .. "x" .. number .. "x" .. sent
	if kind == "post-once" then wrk.headers["Idempotency-Key"] = unique end
	return wrk.format("POST", "/v1/incidents", nil, (lines[at]:gsub("@@", unique)))
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%f,"p99":%f}\n',
		summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
