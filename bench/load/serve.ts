import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Serve {
  url: string
  /** The memory of its process, in MB; available on Linux only. */
  memory(): Promise<{ now: string; peak: string }>
  stop(): Promise<void>
}

/** `mapseal serve` as a process of its own. @param profile a folder for a CPU profile of it */
export async function startServe(vault: string, profile?: string): Promise<Serve> {
  const bin = join(import.meta.dirname, '../../packages/mapseal/bin/mapseal.js')
  const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile]
  const loader = [...profiling, '-C', 'mapseal-source', '--import', 'tsx']
  const args = [...loader, bin, 'serve', '--port', '0', '--json', '--vault', vault]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.on('data', part => {
    for (const line of String(part).split('\n')) if (/"level":"(warn|error)"/.test(line)) console.error(line)
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return {
    url: JSON.parse(String(line)).url,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      const of = (name: string) =>
        (Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024).toFixed(0)
      return { now: of('VmRSS'), peak: of('VmHWM') }
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
