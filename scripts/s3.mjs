// A real S3-compatible object store on loopback, for tests and for trying things out: OpenStack Swift with its S3 API, from
// Debian's packages. `node scripts/s3.mjs` runs one until its standard input ends (Ctrl-D, Ctrl-C).
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePorts } from './free-ports.mjs'

export const s3Packages = ['swift-proxy', 'swift-account', 'swift-container', 'swift-object']

const SERVICES = ['account', 'container', 'object']
const STARTS_WITHIN_MS = 60_000

/** Whether its packages are installed. */
export function hasS3() {
  return s3Packages.every(name => existsSync(`/usr/bin/${name}-server`))
}

/**
 * Starts a store in its own folder, on free ports. It ends with this process, even if that is killed.
 * Like many stores other than Amazon's, it answers 501 to conditional writes and cannot take flexible checksums.
 *
 * @returns {Promise<{ endpoint: string, env: Record<string, string>, dir: string, stop(): Promise<void> }>}
 *   `env` is what the AWS SDK and tools read; `stop` deletes the folder too
 */
export async function startS3() {
  if (!hasS3()) throw new Error(`There is no object store. As root on Debian: apt-get install ${s3Packages.join(' ')}`)
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-s3-'))
  const [port, ...ports] = await freePorts(1 + SERVICES.length)
  await layOut(dir, port, ports)
  const processes = await run(dir)
  const stop = async () => {
    processes.stdin.end()
    if (processes.exitCode === null) await once(processes, 'close')
  }
  const endpoint = `http://127.0.0.1:${port}`
  if (!(await answer([port, ...ports]))) {
    const log = await readFile(join(dir, 'log'), 'utf8')
    await stop()
    throw new Error(`The object store did not answer at ${endpoint}:\n${log}`)
  }
  return { endpoint, env: environment(endpoint), dir, stop }
}

function environment(endpoint) {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: 'test:tester',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
  }
}

async function layOut(dir, port, ports) {
  for (const folder of ['devices/d1', 'cache']) await mkdir(join(dir, folder), { recursive: true })
  const common = ['bind_ip = 127.0.0.1', 'workers = 0', `user = ${userInfo().username}`, `swift_dir = ${dir}`]
  const shared = [...common, 'log_level = WARNING', `devices = ${dir}/devices`, 'mount_check = false']
  await writeFile(join(dir, 'swift.conf'), sections({ 'swift-hash': ['swift_hash_path_suffix = mapseal'] }))
  for (const [index, name] of SERVICES.entries()) {
    const text = sections({
      DEFAULT: [...shared, `bind_port = ${ports[index]}`],
      'pipeline:main': [`pipeline = ${name}-server`],
      [`app:${name}-server`]: [`use = egg:swift#${name}`],
      [`${name}-replicator`]: [`recon_cache_path = ${dir}/cache`],
    })
    await writeFile(join(dir, `${name}.conf`), text)
  }
  const filters = [
    'catch_errors',
    'gatekeeper',
    'healthcheck',
    'cache',
    'listing_formats',
    'bulk',
    's3api',
    'tempauth',
    'slo',
  ]
  const settings = {
    // There is no memcached. Swift works without one, but not without the filter.
    cache: ['memcache_servers = 127.0.0.1:1'],
    s3api: ['s3_acl = false'],
    tempauth: ['user_test_tester = testing .admin'],
  }
  const names = { cache: 'memcache' }
  const filterSections = filters.map(name => [
    `filter:${name}`,
    [`use = egg:swift#${names[name] ?? name}`, ...(settings[name] ?? [])],
  ])
  const proxy = sections({
    DEFAULT: [...common, 'log_level = WARNING', `bind_port = ${port}`],
    'pipeline:main': [`pipeline = ${filters.join(' ')} proxy-server`],
    'app:proxy-server': ['use = egg:swift#proxy', 'account_autocreate = true'],
    ...Object.fromEntries(filterSections),
  })
  await writeFile(join(dir, 'proxy.conf'), proxy)
  makeRings(dir, ports)
}

function sections(content) {
  return Object.entries(content)
    .map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`)
    .join('\n')
}

/** Writes the rings, which say which server holds what: here, one of each. Swift's own tool would take nine processes. */
function makeRings(dir, ports) {
  const script = `
import sys
from swift.common.ring import RingBuilder
for name, port in zip(${JSON.stringify(SERVICES)}, ${JSON.stringify(ports)}):
    builder = RingBuilder(4, 1, 1)
    builder.add_dev(dict(region=1, zone=1, ip='127.0.0.1', port=port, replication_ip='127.0.0.1', replication_port=port, device='d1', weight=1.0))
    builder.rebalance()
    builder.get_ring().save(sys.argv[1] + '/' + name + '.ring.gz')`
  const { status, stderr } = spawnSync('/usr/bin/python3', ['-c', script, dir], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The object store's rings could not be made:\n${stderr}`)
}

/** Runs all services below one shell, which cleans up at the end of its input: that comes even if this process is killed. */
async function run(dir) {
  const services = ['proxy', ...SERVICES].map(name => `swift-${name}-server "$1/${name}.conf" & pids="$pids $!"`)
  const script = `exec 3<&0 </dev/null >"$1/log" 2>&1\n${services.join('\n')}\ncat <&3\nkill -9 $pids\nwait\nrm -rf "$1"`
  const shell = spawn('sh', ['-c', script, 'sh', dir], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  await once(shell, 'spawn')
  return shell
}

/** Waits for every service: the proxy is not the last to be ready, and until then answers with errors. */
async function answer(ports) {
  const end = Date.now() + STARTS_WITHIN_MS
  for (const port of ports) {
    while (!(await listens(port))) {
      if (Date.now() > end) return false
      await sleep(50)
    }
  }
  return true
}

function listens(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const store = await startS3()
  for (const [name, value] of Object.entries(store.env)) console.log(`export ${name}=${value}`)
  process.on('SIGINT', () => process.stdin.destroy())
  process.stdin.resume()
  await once(process.stdin, 'close')
  await store.stop()
}
