import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

// Sources by default. FM_TEST_DIST=1 runs the same tests on what users get: `dist`, through the packages' exports.
const conditions = process.env.FM_TEST_DIST === '1' ? [] : ['@fm/source']

const config: ViteUserConfig = {
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    // Some tests start a redis-server: it is installed where that is possible. Where it is not, those tests fail.
    globalSetup: [fileURLToPath(new URL('scripts/ensure-redis.ts', import.meta.url))],
    pool: 'forks',
    testTimeout: 30_000,
    execArgv: conditions.map((condition) => `--conditions=${condition}`),
    // `.ci/run` counts the tests from this file.
    ...(process.env.FM_TEST_JSON === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: process.env.FM_TEST_JSON } }),
  },
}
export default config
