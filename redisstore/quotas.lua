-- Charges a key for a request, or not: see limit.Store.
--
-- KEYS[1]    the hash of the key
-- ARGV[1]    the cost in units
-- ARGV[2]    what the caller knows of the server: 'new', 'known' or 'durable'
-- ARGV[3,4]  if known: the run and the time of the first answer that it got
-- ARGV[5..]  for each policy: name, interval of a unit, time of the whole quota
--
-- The hash holds 'at', when it was written; 'run', by which run of the server;
-- and 'p:' .. name for each policy, the debt at that time. Debts, intervals and
-- wholes are in nanoseconds, times in microseconds; all are whole numbers that a
-- double holds exactly.

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local cost = tonumber(ARGV[1])
local policies = (#ARGV - 4) / 3

-- The run of the server and the end of the second in which it began. Its uptime is
-- the difference of two times in whole seconds, the later of which is
-- server_time_usec where the server tells it. A server that never forgets need not
-- say; of one that may not say (by its ACL) the run stays ''.
local run, begun = '', 0
local info = ARGV[2] ~= 'durable' and redis.pcall('INFO', 'server')
if type(info) == 'string' then
  run = string.sub(string.match(info, 'run_id:(%w+)') or '', 1, 12)
  local uptime = tonumber(string.match(info, 'uptime_in_seconds:(%d+)'))
  if uptime then
    local asked = tonumber(string.match(info, 'server_time_usec:(%d+)') or now)
    begun = (math.floor(asked / 1000000) - uptime + 1) * 1000000
  end
end

local names = {'at', 'run'}
for i = 1, policies do
  names[2 + i] = 'p:' .. ARGV[2 + 3 * i]
end
local state = redis.call('HMGET', KEYS[1], unpack(names))
local elapsed = 0
if state[1] then
  elapsed = math.max(0, now - state[1]) * 1000
end

-- Whether something may have been forgotten when the server began.
local forgotten = false
if ARGV[2] ~= 'durable' then
  if state[1] then
    forgotten = state[2] ~= run
  else
    forgotten = ARGV[2] == 'known' and ARGV[3] ~= run and begun > tonumber(ARGV[4])
  end
end

local taken = 1
local before, after = {}, {}
for i = 1, policies do
  local interval, whole = tonumber(ARGV[3 + 3 * i]), tonumber(ARGV[4 + 3 * i])
  before[i] = math.min(math.max(tonumber(state[2 + i] or 0) - elapsed, 0), whole)
  if forgotten then -- more than the whole within that first second
    before[i] = math.max(before[i], whole - (now - begun) * 1000)
  end
  after[i] = before[i] + cost * interval
  if after[i] > whole then
    taken = 0
  end
end

if taken == 0 or cost == 0 then
  return {taken, run, now, unpack(before)}
end

local last = 0
local fields = {'at', string.format('%.0f', now), 'run', run}
for i = 1, policies do
  fields[#fields + 1] = names[2 + i]
  fields[#fields + 1] = string.format('%.0f', after[i])
  last = math.max(last, after[i])
end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(last / 1000000)))
return {taken, run, now, unpack(after)}
