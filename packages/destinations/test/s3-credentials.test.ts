import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { s3 } from '../src/s3.ts'

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
  for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) vi.stubEnv(name, '/dev/null')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
})
afterEach(() => vi.unstubAllEnvs())

const destination = () => s3({ bucket: 'maps', region: 'eu-west-1' })

test('lacks credentials where the SDK finds none', async () => {
  expect(await destination().lacks?.()).toMatch(/^No AWS credentials\. Set AWS_ACCESS_KEY_ID/)
})

test('lacks nothing where the SDK finds some', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  expect(await destination().lacks?.()).toBeUndefined()
})
