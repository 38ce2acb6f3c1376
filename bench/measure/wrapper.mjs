/**
 * `node wrapper.mjs <file for the result> <program> <arguments…>` runs a program and says what it cost: the processor time of
 * the program and of all processes that it or they have started and waited for, as the kernel adds it up in this process's
 * record, which starts no others.
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
const [result = '', program = '', ...rest] = process.argv.slice(2)

const startedAt = process.hrtime.bigint()
const child = spawn(program, rest, { stdio: 'inherit' })
child.on('exit', (code, signal) => {
  const wallMs = Number(process.hrtime.bigint() - startedAt) / 1e6
  const leftBehind = processesOfSession()
  const unwaited = leftBehind.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
  const cpuMs = ticksToMs(statOf('self'), 15, 16) + unwaited
  writeFileSync(result, JSON.stringify({ code, signal, wallMs, cpuMs, leftBehind: leftBehind.map(({ name }) => name) }))
})

/** The runner makes this process the leader of a session: all other processes in it were started by the program. */
function processesOfSession() {
  const others = readdirSync('/proc').filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
  return others.flatMap(id => {
    const stat = statOf(id)
    if (Number(stat[5]) !== process.pid) return []
    return [{ name: String(stat[1]), cpuMs: ticksToMs(stat, 13, 14) + ticksToMs(stat, 15, 16) }]
  })
}

/** Fields of proc(5)'s stat from 0; the name, in parentheses, may hold spaces. */
function statOf(id) {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    const [open, close] = [text.indexOf('('), text.lastIndexOf(')')]
    return [text.slice(0, open).trim(), text.slice(open + 1, close), ...text.slice(close + 2).split(' ')]
  } catch {
    return []
  }
}

function ticksToMs(stat, ...fields) {
  return (fields.reduce((sum, field) => sum + Number(stat[field] ?? 0), 0) * 1000) / TICKS_PER_SECOND
}
