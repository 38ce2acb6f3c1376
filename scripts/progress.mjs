// Runs a slow command and shows that it is alive: one line that is rewritten on a terminal, a line every ten seconds elsewhere.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const TERMINAL_INTERVAL = 200
const LOG_INTERVAL = 10_000
const CLEAR_LINE = '\r\u001B[K'

/**
 * Runs `command` to its end and hides its output, which the error holds in full if the command fails.
 *
 * @param label what is being done: `Installing dependencies (npm install)`
 * @throws Error when the command cannot start or its exit code is not 0
 */
export async function runStep(label, command, args, { cwd, env = process.env, output = process.stdout, interval }) {
  const child = spawn(command, args, {
    cwd,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = []
  let step
  const follow = async stream => {
    for await (const line of createInterface({ input: stream })) {
      const current = stepOf(line)
      if (current) step = current
      if (!isTransfer(line)) log.push(line)
    }
  }
  const progress = showProgress(label, () => step, output, interval)
  try {
    const [[code, signal]] = await Promise.all([once(child, 'close'), follow(child.stdout), follow(child.stderr)])
    if (code !== 0) throw new Error(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`)
    progress.end(true)
  } catch (cause) {
    progress.end(false)
    const text = [...log, `\`${[command, ...args].join(' ')}\`: ${cause.message}.`].join('\n')
    throw new Error(text, { cause })
  }
}

function showProgress(label, currentStep, output, interval) {
  const isLive = output.isTTY === true
  const start = performance.now()
  const status = () => {
    const parts = [label, `${Math.floor((performance.now() - start) / 1000)} s`, currentStep()]
    return parts.filter(Boolean).join(' · ')
  }
  const show = () => {
    const text = status()
    output.write(isLive ? `${CLEAR_LINE}${text.slice(0, (output.columns ?? 80) - 1)}` : `${text}\n`)
  }
  if (isLive) show()
  else output.write(`${label}\n`)
  const timer = setInterval(show, interval ?? (isLive ? TERMINAL_INTERVAL : LOG_INTERVAL))
  return {
    end(isDone) {
      clearInterval(timer)
      const seconds = Math.floor((performance.now() - start) / 1000)
      output.write(`${isLive ? CLEAR_LINE : ''}${label} · ${isDone ? 'done' : 'failed'} after ${seconds} s\n`)
    },
  }
}

/** What to show of a line of output: the package that npm fetched last, else the line itself. */
export function stepOf(line) {
  const [, url, cached] = /^npm http (?:fetch \S+ \d+ (\S+)|cache (\S+?)@?https?:)/.exec(line) ?? []
  if (cached) return cached
  if (!url) return line.trim() || undefined
  const path = url.replace(/[?#].*/, '').replace(/%2f/gi, '/')
  return /(?:@[^/]+\/)?[^/]+$/.exec(path.replace(/[^/]+\/-\//, '').replace(/\.tgz$/, ''))?.[0]
}

/** Whether a line only says what npm fetched, which is of no use after a failure. */
function isTransfer(line) {
  return /^npm http (?:fetch \S+ 2\d\d |cache )/.test(line)
}
