import { inspect } from 'node:util'
import type { Destination } from '@mapseal/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { delivery, dryRun, mapText, type Settings } from './delivery.ts'
import { type Front, startFront } from './front.ts'
import { echoes, leaks, secret } from './secrets.ts'

/** What the contract has to know of a destination. */
export interface Subject {
  /** Starts what receives the maps, empty. */
  start(): Promise<Receiver>
  /** Statuses by which the server says that it has a file already. @default [] */
  duplicates?: number[]
  /** Cases that mean nothing to this destination, each with the reason. */
  without?: Partial<Record<Case, string>>
}

export interface Receiver {
  /** The server's origin, on loopback; absent for a destination that sends no requests. */
  origin?: string
  /** The destination with its server at `origin`; `secret` replaces its token, where it has one. */
  create(options: { origin: string; secret?: string }): Destination
  /** The texts of the maps that it holds now, each once. */
  maps(): Promise<string[]>
  stop(): Promise<void>
}

export type Case =
  | 'success'
  | 'empty'
  | '401'
  | '413'
  | '429 with Retry-After'
  | '500 then success'
  | 'timeout'
  | 'reset'
  | 'abort'
  | 'large map'
  | 'non-ASCII path'
  | 'duplicate'
  | 'partial failure then resume'
  | 'dry run'
  | 'no secret in any message'

/** What every destination promises, whatever it delivers to. */
export function destinationContract(name: string, { start, without = {}, duplicates = [] }: Subject): void {
  describe(`the ${name} destination`, () => {
    let receiver: Receiver
    let front: Front
    beforeEach(async () => {
      receiver = await start()
      front = await startFront(receiver.origin ?? 'http://127.0.0.1:1')
    })
    afterEach(async () => {
      await front.close()
      await receiver.stop()
    })

    const it = (name: Case, run: () => Promise<void>) =>
      without[name] === undefined ? test(name, run) : test.skip(`${name}: does not apply, ${without[name]}`)
    const deliver = (files: Record<string, string>, options: Settings = {}) =>
      delivery(receiver.create({ origin: front.origin, ...options }), files, options)
    const files = { 'app.js': mapText('app'), 'assets/page.js': mapText('page') }

    it('success', async () => {
      const { report } = await deliver(files)
      expect(report.artifacts).toBe(2)
      expect(await receiver.maps()).toEqual(Object.values(files).sort())
    })

    it('empty', async () => {
      const { report } = await deliver({})
      expect(report.artifacts).toBe(0)
      expect(await receiver.maps()).toEqual([])
    })

    it('401', async () => {
      front.fail({ status: 401 }, 'all')
      await expect(deliver(files)).rejects.toThrow('401')
      expect(await receiver.maps()).toEqual([])
    })

    it('413', async () => {
      front.fail({ status: 413 }, 'all')
      await expect(deliver(files)).rejects.toThrow('413')
      expect(await receiver.maps()).toEqual([])
    })

    it('429 with Retry-After', () => getsOver({ status: 429, headers: { 'retry-after': '0' } }))
    it('500 then success', () => getsOver({ status: 500 }))
    it('reset', () => getsOver('reset'))

    async function getsOver(fault: Parameters<Front['fail']>[0]): Promise<void> {
      front.fail(fault, 'first of each')
      expect((await deliver(files)).report.artifacts).toBe(2)
      expect(await receiver.maps()).toEqual(Object.values(files).sort())
      expect(new Set(front.requests).size).toBeLessThan(front.requests.length)
    }

    it('timeout', async () => {
      front.fail('hang', 'all')
      const timeouts = { headers: 150, exchange: 400 }
      await expect(deliver(files, { timeouts })).rejects.toThrow(/timed out|no answer/)
    })

    it('abort', async () => {
      const controller = new AbortController()
      const abort = () => controller.abort(new Error('Interrupted by the test'))
      front.fail('hang', 'all')
      if (receiver.origin) front.onRequest(abort)
      else abort()
      await expect(deliver(files, { signal: controller.signal })).rejects.toThrow(/interrupted/i)
      expect(await receiver.maps()).toEqual([])
    })

    it('large map', async () => {
      const large = mapText('large', 20_000_000)
      expect((await deliver({ 'large.js': large })).report.artifacts).toBe(1)
      expect((await receiver.maps()).map(text => text === large)).toEqual([true])
    })

    it('non-ASCII path', async () => {
      const odd = { 'größe/日本 [id].js': mapText('odd') }
      expect((await deliver(odd)).report.artifacts).toBe(1)
      expect(await receiver.maps()).toEqual(Object.values(odd))
    })

    it('duplicate', async () => {
      await deliver(files)
      expect((await deliver(files)).report.artifacts).toBe(2)
      expect(await receiver.maps()).toEqual(Object.values(files).sort())
    })

    it('partial failure then resume', async () => {
      const held: string[] = []
      front.fail({ status: 422, body: 'it is refused' }, 'once')
      await expect(deliver(files, { held })).rejects.toThrow(/\.js: .*422/)
      expect(held).toHaveLength(1)
      const rest = Object.entries(files).filter(([path]) => !held.includes(path))
      expect((await deliver(Object.fromEntries(rest))).report.artifacts).toBe(1)
      expect(await receiver.maps()).toEqual(Object.values(files).sort())
    })

    it('dry run', async () => {
      const destination = receiver.create({ origin: front.origin, ...(receiver.origin && { secret }) })
      const lines: string[] = []
      await dryRun(destination, files, lines)
      const shown = lines.join('\n')
      expect(shown).toMatch(/\] (?:POST|PUT|write) /)
      for (const leak of leaks(secret)) expect(shown).not.toContain(leak)
      expect(front.requests).toEqual([])
      expect(await receiver.maps()).toEqual([])
    })

    it('no secret in any message', async () => {
      for (const status of [302, 400, 401, 403, 404, 409, 413, 500].filter(each => !duplicates.includes(each))) {
        const echo = JSON.stringify({ detail: echoes(secret).join(' '), seen: echoes(secret) })
        front.fail({ status, headers: { 'content-type': 'application/json' }, body: echo }, 'all')
        const lines: string[] = []
        const error = await deliver(files, { secret, lines }).then(
          () => expect.unreachable(`${status} is a failure`),
          (cause: unknown) => cause,
        )
        const shown = [inspect(error, { depth: 9, showHidden: true }), String(error), ...lines].join('\n')
        expect(shown).toContain(`${status}`)
        for (const leak of leaks(secret)) expect(shown).not.toContain(leak)
      }
    })
  })
}
