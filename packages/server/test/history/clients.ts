import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVault, type Store } from '@mapseal/core'
import { createToken, revokeToken } from '../../src/tokens/tokens.ts'
import { makeBundle, uploadBundle } from '../bundle.ts'
import type { History, Outcome } from './history.ts'

/** What clients do at any of several servers. */
export interface Setting {
  /** One of the servers, at random. */
  anyUrl(): string
  adminToken: string
  /** The servers' own, for what commands and builds write past them. */
  store: Store
  next(): number
}

export const absent = 'absent'
const org = '/api/0/organizations/acme'

async function call(url: string, token: string, init: { method?: string; body?: object } = {}) {
  const { method = 'GET', body } = init
  const headers = { Authorization: `Bearer ${token}` }
  const signal = AbortSignal.timeout(60_000)
  const answer = await fetch(url, { method, headers, signal, ...(body && { body: JSON.stringify(body) }) }).catch(
    () => undefined,
  )
  const text = await answer?.text().catch(() => undefined)
  return text === undefined ? undefined : { status: answer?.status ?? 0, text }
}

const bodyOf = (text: string) => JSON.parse(text) as { url?: string; sourcesContent?: string[] }

/** Creates, changes, deletes and reads releases: a release holds the last URL that it was given. */
export async function changeReleases(history: History, setting: Setting, client: string, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    const version = `r${Math.floor(setting.next() * 3)}`
    const choice = setting.next()
    if (choice < 0.5) await readRelease(history, setting, setting.anyUrl(), version)
    else await history.take(version, () => changeRelease(setting, version, choice, `https://${client}.example/${turn}`))
  }
}

export async function readRelease(history: History, { adminToken }: Setting, server: string, version: string) {
  return history.take(version, async () => {
    const answer = await call(`${server}${org}/releases/${version}/`, adminToken)
    if (answer?.status === 404) return { found: absent }
    return answer?.status === 200 ? { found: bodyOf(answer.text).url ?? 'no URL' } : undefined
  })
}

async function changeRelease(setting: Setting, version: string, choice: number, url: string): Promise<Outcome> {
  const { adminToken, anyUrl } = setting
  const one = `${org}/releases/${version}/`
  const dateReleased = '2026-11-21T10:15:00.000Z'
  const [method, path, body] =
    choice < 0.7
      ? (['POST', `${org}/releases/`, { version, projects: ['web'], url }] as const)
      : choice < 0.85
        ? (['PUT', one, { url, dateReleased }] as const)
        : (['DELETE', one, undefined] as const)
  const answer = await call(anyUrl() + path, adminToken, { method, ...(body && { body }) })
  if (answer?.status === 404) return { found: absent }
  return { wrote: body ? url : absent, isSure: answer !== undefined && answer.status < 300 }
}

/** A script that is unique to this test. */
export function scriptOf(name: string): { debugId: string; source: string } {
  const hash = createHash('sha256').update(name).digest('hex')
  return {
    debugId: hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5'),
    source: `throw new Error('${name}')`,
  }
}

/** Uploads bundles the way Sentry's clients do; another client with the same names uploads the same ones. */
export async function upload(
  history: History,
  { anyUrl, adminToken }: Setting,
  project: string,
  names: string[],
): Promise<void> {
  for (const name of names) {
    const { debugId, source } = scriptOf(name)
    const headers = { 'debug-id': debugId }
    const manifest = {
      org: 'acme',
      files: {
        'files/_/_/app.js': {
          type: 'minified_source',
          url: `~/${name}.js`,
          headers: { ...headers, sourcemap: 'app.js.map' },
        },
        'files/_/_/app.js.map': { type: 'source_map', url: `~/${name}.js.map`, headers },
      },
    }
    const bundle = makeBundle({ source, manifest })
    for (let tries = 3; tries > 0; tries--) {
      const outcome = await history.take(debugId, async () => {
        const options = { projects: [project], token: adminToken }
        const { state } = await uploadBundle(anyUrl(), bundle, options).catch(() => ({ state: undefined }))
        return { wrote: name, isSure: state === 'ok' }
      })
      if (outcome && 'isSure' in outcome && outcome.isSure) break
    }
  }
}

/** Adds builds to the store as a plugin does. */
export async function build(history: History, { store }: Setting, names: string[]): Promise<void> {
  for (const name of names) {
    const { debugId, source } = scriptOf(name)
    await history.take(debugId, async () => {
      const isSure = await storeBuild(store, name, debugId, source).then(
        () => true,
        () => false,
      )
      return { wrote: name, isSure }
    })
    // It reports what failed, and never throws.
    await createVault(store).prune(1000)
  }
}

async function storeBuild(store: Store, name: string, debugId: string, source: string): Promise<void> {
  const vault = createVault(store)
  const map = { version: 3, sources: ['a.ts'], sourcesContent: [source], names: [], mappings: 'AAAA' }
  const pack = vault.newPack()
  const path = `${name}.js`
  const blobs = await pack.put({ path, debugId, code: Buffer.from(source), map: Buffer.from(JSON.stringify(map)) })
  await pack.commit()
  const createdAt = new Date().toISOString()
  const id = `${createdAt.replace(/[-:.]/g, '')}-${debugId.slice(0, 8)}`
  const record = {
    id,
    version: 1 as const,
    createdAt,
    files: [{ path, outDir: 'dist', debugId, ...blobs }],
    deliveries: {},
  }
  await vault.record({ ...record, state: 'open' })
  await vault.amend(id, () => record)
}

/** Reads maps while `isOver` does not hold. */
export async function readMaps(
  history: History,
  setting: Setting,
  names: string[],
  isOver: () => boolean,
): Promise<void> {
  for (let left = 2000; left > 0 && !isOver(); left--) {
    await readMap(history, setting, setting.anyUrl(), names[Math.floor(setting.next() * names.length)] as string)
    await sleep(10)
  }
}

export async function readMap(history: History, { adminToken }: Setting, server: string, name: string) {
  const { debugId, source } = scriptOf(name)
  return history.take(debugId, async () => {
    const answer = await call(`${server}/api/maps/${debugId}`, adminToken)
    if (answer?.status === 404) return { found: absent }
    if (answer?.status !== 200) return undefined
    return { found: bodyOf(answer.text).sourcesContent?.[0] === source ? name : 'another source' }
  })
}

const accepted = 'accepted'
export const refused = 'refused'

/** Creates and revokes tokens as the command does, and uses them. @returns all of them */
export async function changeTokens(history: History, setting: Setting, count: number): Promise<string[]> {
  const { store, next, anyUrl } = setting
  const tokens: string[] = []
  for (let turn = 0; turn < count; turn++) {
    const choice = next()
    const token = tokens[Math.floor(next() * tokens.length)]
    if (token === undefined || choice < 0.15) {
      const start = performance.now()
      // Whoever gets no answer never learns the token.
      const created = await createToken(store, 'write').catch(() => undefined)
      if (!created) continue
      tokens.push(created.token)
      const end = performance.now()
      history.operations.push({ key: created.token, kind: 'write', value: accepted, start, end })
    } else if (choice < 0.25) {
      await history.take(token, () =>
        revokeToken(store, token.split('_')[1] as string).then(
          () => ({ wrote: refused, isSure: true }),
          () => ({ wrote: refused, isSure: false }),
        ),
      )
    } else await useToken(history, anyUrl(), token)
  }
  return tokens
}

export async function useToken(history: History, server: string, token: string) {
  return history.take(token, async () => {
    const answer = await call(`${server}/api/0/`, token)
    if (answer?.status === 401 || answer?.status === 429) return { found: refused }
    return answer?.status === 200 ? { found: accepted } : undefined
  })
}
