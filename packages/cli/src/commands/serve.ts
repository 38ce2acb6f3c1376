import { shellWord } from '@mapseal/core'
import type { Command, CommandInput } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { loadServer } from '../server.ts'
import { manageKeys } from '../server-keys.ts'
import { manageTokens, refuseStray, tokenOptions } from '../server-tokens.ts'
import { findLocation, vaultOptions } from '../vault.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'Serve the vault: uploads, events and symbolication over HTTP',
  operand: { name: 'token|key create|list|revoke', isRequired: false, isMany: true },
  options: {
    port: { value: 'PORT', description: 'the port to listen on (default: 4700; 0 for any free one)' },
    host: {
      value: 'HOST',
      description: 'the address to listen on (default: 127.0.0.1); any but loopback requires tokens',
    },
    ...vaultOptions,
    org: { value: 'SLUG', description: "the organization in clients' settings (default: mapseal)" },
    project: { value: 'SLUG', description: 'a project that clients may use; may be repeated (default: app)' },
    url: {
      value: 'ORIGIN',
      description: "the server's public URL, if clients reach it through a proxy; requires tokens",
    },
    'trusted-proxy': {
      value: 'ADDRESS',
      description: 'a proxy, or a network of them, whose X-Forwarded-For names the client; may be repeated',
    },
    'allow-origin': {
      value: 'ORIGIN',
      description: 'a site whose pages may send events; may be repeated (default: all, or on loopback only its own)',
    },
    'map-origin': { value: 'ORIGIN', description: 'an origin whose pages may read source maps; may be repeated' },
    retain: { value: 'NUMBER', description: 'keep this many builds (default: all of them)' },
    events: { value: 'NUMBER', description: 'keep this many events per project (default: 5000)' },
    'events-days': { value: 'DAYS', description: 'delete events after this many days (default: 30)' },
    access: { value: 'ACCESS', description: 'for token create: read, write or admin' },
    name: { value: 'NAME', description: 'for token create: what the token is for' },
  },
  examples: [
    'mapseal serve',
    'mapseal serve token create --access write --name CI',
    'mapseal serve key create --project shop',
  ],

  async run(input, io) {
    const [subject, ...words] = input.operands
    if (subject === 'token') return manageTokens(words, input, io)
    if (subject === 'key') return manageKeys(words, input, io)
    if (subject !== undefined) throw new UsageError(`There is no sub-command "${subject}". Try "mapseal serve --help".`)
    const ofServer = Object.keys(serve.options).filter(name => !tokenOptions.includes(name))
    refuseStray(input, ofServer, 'serve')
    return runServer(input, io)
  },
}

async function runServer(input: CommandInput, io: Io): Promise<number> {
  const { createLog, createServer } = await loadServer(io.cwd)
  const { port, host, org, project, url, retain, events, 'events-days': days } = input.values
  const { 'trusted-proxy': trustedProxies, 'allow-origin': allowedOrigins, 'map-origin': mapOrigins } = input.values
  const vault = await findLocation(input, io)
  const adminToken = io.env.MAPSEAL_SERVER_TOKEN
  const server = await createServer({
    root: io.cwd,
    ...(vault !== undefined && { vault }),
    ...(port && { port: toNumber('port', port[0], 0, 65535) }),
    ...(host?.[0] && { host: host[0] }),
    ...(org?.[0] && { org: org[0] }),
    ...(project && { projects: project }),
    ...(url?.[0] && { url: url[0] }),
    ...(trustedProxies && { trustedProxies }),
    ...(allowedOrigins && { allowedOrigins }),
    ...(mapOrigins && { mapOrigins }),
    ...(retain && { retain: toNumber('retain', retain[0]) }),
    events: {
      ...(events && { perProject: toNumber('events', events[0]) }),
      ...(days && { days: toNumber('events-days', days[0]) }),
    },
    ...(adminToken && { adminToken }),
    log: createLog(line => void io.stderr.write(line), input.isJson ? 'json' : 'text'),
  })
  const { close, ...facts } = server
  io.stdout.write(input.isJson ? `${JSON.stringify(facts)}\n` : describe(facts, input.values.vault?.[0]))
  await io.untilStopped()
  await close()
  return 0
}

interface Facts {
  url: string
  vault: string
  org: string
  projects: { slug: string; dsn: string }[]
  needsTokens: boolean
}

function describe({ url, vault, org, projects, needsTokens }: Facts, named: string | undefined): string {
  const [first] = projects
  const token = needsTokens
    ? `a token of "mapseal serve token create --access write${named === undefined ? '' : ` --vault ${shellWord(named)}`}"`
    : 'any token: this server requires none'
  return [
    `${vault} is served at ${url}`,
    ...projects.map(({ slug, dsn }) => `  DSN of ${slug}: ${dsn}`),
    `  Uploads: SENTRY_URL=${url} SENTRY_ORG=${org} SENTRY_PROJECT=${first?.slug}, and in SENTRY_AUTH_TOKEN ${token}`,
    ...(isEveryAddress(url)
      ? ['  Clients cannot use this address: name the one they reach the server by with --url https://…']
      : []),
    '',
  ].join('\n')
}

/** An address to listen on, but not to connect to. */
function isEveryAddress(url: string): boolean {
  return ['0.0.0.0', '[::]'].includes(new URL(url).hostname)
}

function toNumber(option: string, text: string | undefined, least = 1, most = 999_999): number {
  if (/^\d{1,6}$/.test(text ?? '') && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new UsageError(`--${option} takes a number from ${least} to ${most}, not "${text}".`)
}
