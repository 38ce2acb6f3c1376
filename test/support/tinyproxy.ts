import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installProblem } from './debian.ts'
import { answers, freePort } from './ports.ts'

const command = 'tinyproxy'

/** Why there is no tinyproxy here, after trying to install it; undefined when there is. */
export const tinyproxyProblem = (): Promise<string | undefined> => installProblem(command, 'tinyproxy')

export interface Tinyproxy {
  /** `127.0.0.1:port`. */
  host: string
  /** What it wrote so far. */
  log(): Promise<string>
  close(): Promise<void>
}

/** On a free loopback port, with its own configuration; `lines` are added to it. */
export async function tinyproxy(...lines: string[]): Promise<Tinyproxy> {
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-proxy-'))
  const port = await freePort()
  const logFile = join(dir, 'log')
  const config = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 20', 'MaxClients 20', `LogFile "${logFile}"`, ...lines]
  await writeFile(join(dir, 'conf'), `${[...config, 'LogLevel Info', `PidFile "${join(dir, 'pid')}"`].join('\n')}\n`)
  const child = spawn(command, ['-d', '-c', join(dir, 'conf')], { stdio: 'ignore' })
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error('tinyproxy did not start')
    await sleep(50)
  }
  return {
    host: `127.0.0.1:${port}`,
    log: () => readFile(logFile, 'utf8'),
    async close() {
      const end = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGKILL')) await end
      await rm(dir, { recursive: true })
    },
  }
}
