// Starts a server, says which, and waits to be killed.
import { startRedis } from '../../src/index.ts'

const redis = await startRedis()
const pid = /^process_id:(\d+)/m.exec(await redis.command('info', 'server'))?.[1]
const folder = (await redis.command('config', 'get', 'dir')).split('\n')[1]
process.stdout.write(JSON.stringify({ pid: Number(pid), folder }))
setInterval(() => {}, 1_000)
