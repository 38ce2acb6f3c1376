import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

/** `mapseal serve` as a process of its own, for what must survive its death. */
export interface ServeProcess {
  url: string
  child: ChildProcess
  /** Resolves with the exit code, or the signal that ended it. */
  ended: Promise<number | string>
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const bin = join(import.meta.dirname, '../../mapseal/bin/mapseal.js')

export async function serveProcess(
  vault: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ServeProcess> {
  const command = ['-C', 'mapseal-source', '--import', loader, bin, 'serve', '--port', '0', '--json', '--vault', vault]
  const child = spawn(process.execPath, [...command, '--org', 'acme', '--project', 'web', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  let log = ''
  child.stderr.on('data', part => {
    log += part
  })
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(code => Promise.reject(new Error(`serve ended with ${code}: ${log}`))),
  ])
  return { url: JSON.parse(String(line)).url, child, ended }
}
