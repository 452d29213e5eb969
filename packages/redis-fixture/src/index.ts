export { startFaultyProxy, type Faults, type FaultyProxy } from './faulty-proxy.ts'
export { startRedisCluster, type RedisCluster } from './redis-cluster.ts'
export { startRedisSentinel, type RedisSentinel } from './redis-sentinel.ts'
export { startRedis, type RedisServer, type RedisServerOptions } from './redis-server.ts'
