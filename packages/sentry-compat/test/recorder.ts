import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import { removeProjects, startRecorder } from './build.ts'

/** Records what a file's tests upload, from {@link useRecorder} on. */
export let server: SentryServer

/** Starts the server for the tests of a file, and empties it after each; the tests build in processes of their own. */
export function useRecorder(): void {
  vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })
  beforeAll(async () => {
    server = await startRecorder()
  })
  afterEach(removeProjects)
  afterEach(() => {
    server.clear()
    server.bundles.clear()
    server.forgetStates()
  })
  afterAll(() => server.close())
}
