-- Sends the requests of a file, each line one, from a place in it on.
-- Arguments: kind, file, place (0 to 1), number of the run, path of posts, headers as name=value.
-- Kinds: get (a line is a path), post (a line is a body, with @@ for what is new in
-- each, and @w for a word that is hardly ever the same), post-once (with an Idempotency-Key besides), post-in:FILE (a line goes into
-- the body that FILE has, at @@).
local threads = 0
function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

local syllables = {"ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo"}
local function word()
	return syllables[math.random(#syllables)] .. syllables[math.random(#syllables)] .. syllables[math.random(#syllables)] .. "n"
end

local lines, at, run, kind, path, sent, frame = {}, 0, 0, "get", "/", 0, nil

function init(args)
	kind, run, path = args[1], args[4], args[5]
	for i = 6, #args do
		local name, value = args[i]:match("^([^=]+)=(.*)$")
		wrk.headers[name] = value
	end
	local file = kind:match("^post%-in:(.*)$")
	if file then
		kind, frame = "post-in", io.open(file):read("*a")
	end
	for line in io.lines(args[2]) do
		if kind == "get" then line = wrk.format("GET", line) end
		lines[#lines + 1] = line
	end
	math.randomseed(tonumber(run) * 2 + number)
	at = math.floor(#lines * (tonumber(args[3]) + number / 2)) % #lines
end

function request()
	at = at % #lines + 1
	if kind == "get" then return lines[at] end
	if kind == "post-in" then return wrk.format("POST", path, nil, (frame:gsub("@@", lines[at]))) end
	sent = sent + 1
	local unique = string.format("%s%d%07d", run, number, sent) -- 12 digits of the run and these
	if kind == "post-once" then wrk.headers["Idempotency-Key"] = unique end
	return wrk.format("POST", path, nil, (lines[at]:gsub("@@", unique):gsub("@w", word)))
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%f,"p99":%f}\n',
		summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
