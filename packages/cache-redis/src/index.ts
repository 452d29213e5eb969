export { redisCache, type RedisCacheOptions, type RedisSource } from './redis-cache.ts'
