// Both scripts name one key, in KEYS alone, so that Redis Cluster knows where to run them. The text is sent each time: a
// few hundred bytes, once a minute, and no NOSCRIPT after a fail-over. ARGV[1] is the number of the call, which comes
// back at the end of the reply; redis-cache.ts says why.

/**
 * Value and time to live in one step: between a GET and a PTTL sent one after the other the value can be renewed, and an
 * old value with a fresh time to live looks younger than it is.
 */
export const GET = `
local value = redis.call('GET', KEYS[1])
return { value, value and redis.call('PTTL', KEYS[1]) or 0, ARGV[1] }`

/**
 * One step on the server: between a GET and a SET sent from here another process can store a newer record under the same
 * key, and the SET would sign out everybody who uses it.
 *
 * ARGV[2] 'absent' or 'present', ARGV[3] the expected value; ARGV[4] 'store', 'renew' or 'delete', ARGV[5] the next value;
 * ARGV[6] its time to live in milliseconds.
 */
export const COMPARE_AND_SET = `
local value = redis.call('GET', KEYS[1])
if ARGV[2] == 'absent' and value or ARGV[2] == 'present' and value ~= ARGV[3] then return { 0, ARGV[1] } end
if ARGV[4] == 'delete' then redis.call('DEL', KEYS[1])
elseif ARGV[4] == 'renew' then redis.call('PEXPIRE', KEYS[1], ARGV[6])
else redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[6]) end
return { 1, ARGV[1] }`
