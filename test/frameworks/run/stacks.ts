import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { openPage } from '../../support/browser.ts'
import { freePort } from '../../support/ports.ts'
import type { App } from '../app.ts'
import { quiet, runIn } from './build.ts'
import { errorOf, type Row, type Side } from './row.ts'
import { type Site, serveFolder } from './serve-folder.ts'

interface Thrown {
  /** Generated positions and all. */
  stacks: Partial<Record<Side, string>>
  /** Of the page. */
  release?: string
}

/** Runs what was built and has it throw. */
export async function throwErrors(app: App, { run }: Row): Promise<Thrown> {
  if (run.kind === 'program') {
    const { stdout, stderr } = await started(app, run.start).finished
    return { stacks: { server: stdout + stderr } }
  }
  const site = run.kind === 'static' ? await serveFolder(join(app.dir, run.dir)) : await serve(app, run)
  try {
    const stacks: Thrown['stacks'] = {}
    if (run.kind === 'server' && run.hasApi) stacks.server = await (await fetch(`${site.url}/api/boom`)).text()
    if (run.kind === 'server' && run.hasEdge) stacks.edge = await (await fetch(`${site.url}/api/edge`)).text()
    if (run.kind === 'server' && !run.hasPage) return { stacks }
    const { stack, release } = await clickBoom(`${site.url}/${run.kind === 'static' ? (run.page ?? '') : ''}`)
    return { stacks: { ...stacks, client: stack }, release }
  } finally {
    await site.stop()
  }
}

async function clickBoom(url: string): Promise<{ stack: string; release: string }> {
  const { page, problems, close } = await openPage(url)
  try {
    await page.waitForLoadState('networkidle')
    for (let tries = 0; tries < 20 && !problems.some(text => text.includes(errorOf.client)); tries++) {
      await page.click('#boom')
      await setTimeout(250)
    }
    const stack = problems.find(text => text.includes(errorOf.client) && text.includes('\n')) ?? problems.join('\n')
    const release = await page.evaluate(() => (globalThis as { SENTRY_RELEASE?: { id: string } }).SENTRY_RELEASE?.id)
    return { stack, release: release ?? '' }
  } finally {
    await close()
  }
}

function started({ dir, node }: App, [file = '', ...args]: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(node, [file, ...args], {
    cwd: dir,
    env: { ...process.env, ...quiet, ...env },
  })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  return { child, finished: output.then(([stdout, stderr]) => ({ stdout, stderr })) }
}

async function serve(app: App, { start, env }: Extract<Row['run'], { kind: 'server' }>): Promise<Site> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { child, finished } = started(
    app,
    start.map(word => word.replace('<port>', String(port))),
    { PORT: String(port), HOST: '127.0.0.1', HOSTNAME: '127.0.0.1', ...env },
  )
  const stop = async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'close')
  }
  for (let tries = 0; tries < 240; tries++) {
    if (child.exitCode !== null) break
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, stop }
    await setTimeout(250)
  }
  await stop()
  const { stdout, stderr } = await finished
  throw new Error(`${start.join(' ')} does not listen: ${stdout}${stderr}`)
}

/** Reads a stack by the vault. @param project whose paths the sources have. @returns `file:line` and the line of source where that is the one that throws, else what was read */
export async function readStack(app: App, side: Side, stack: string, project: string): Promise<string> {
  const wanted = await findThrow(project, side)
  const { stdout, stderr } = await runSymbolicate(app, stack)
  const at = new RegExp(`\\b${wanted.file.replaceAll(/[.+[\]$()]/g, '\\$&')}:${wanted.line}:\\d+`)
  const isSourceShown = stdout.includes(wanted.text)
  if (at.test(stdout) && isSourceShown) return `${wanted.file}:${wanted.line}`
  return `not read: ${(stdout + stderr).slice(0, 2000)}`
}

function runSymbolicate({ dir, node }: App, stdin: string) {
  return runIn({ dir, node }, ['mapseal', 'symbolicate'], {}, stdin)
}

/** Where an app's source throws the error of a side. */
async function findThrow(dir: string, side: Side): Promise<{ file: string; line: number; text: string }> {
  const folders = [dir]
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && sourceFolders.test(entry.name)) folders.push(path)
      if (!entry.isFile() || !/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(entry.name)) continue
      const lines = (await readFile(path, 'utf8')).split('\n')
      const index = lines.findIndex(line => line.includes(`'${errorOf[side]}'`))
      if (index >= 0) return { file: relative(dir, path), line: index + 1, text: (lines[index] as string).trim() }
    }
  }
  throw new Error(`No source below ${dir} throws "${errorOf[side]}".`)
}

const sourceFolders =
  /^(?:src|shop|app|apps|packages|pages|server|lib|routes|api|web|\[.*\]|components|boom|main|renderer|utils)$/
