/** Lines of context around a change. */
const context = 2

/** A change of a text as `-` and `+` lines, with what is around it; empty if there is none. */
export function diffLines(before: string, after: string): string[] {
  const [old, current] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < old.length && start < current.length && old[start] === current[start]) start += 1
  let end = 0
  const most = Math.min(old.length, current.length) - start
  while (end < most && old.at(-1 - end) === current.at(-1 - end)) end += 1
  const middle = lineChanges(old.slice(start, old.length - end), current.slice(start, current.length - end))
  const around = [...old.slice(0, start).map(keep), ...middle, ...old.slice(old.length - end).map(keep)]
  return around.filter((_, index) => around.slice(Math.max(0, index - context), index + context + 1).some(isChange))
}

const keep = (line: string) => `  ${line}`
const isChange = (line: string) => /^[-+] /.test(line)

/** By the longest common subsequence of the lines. */
function lineChanges(old: string[], current: string[]): string[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(current.length + 1).fill(0))
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = current.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as number[]
      row[j] = old[i] === current[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: string[] = []
  for (let i = 0, j = 0; i < old.length || j < current.length; ) {
    if (i < old.length && j < current.length && old[i] === current[j]) {
      lines.push(keep(old[i] as string))
      i += 1
      j += 1
    } else if (j >= current.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`- ${old[i++]}`)
    else lines.push(`+ ${current[j++]}`)
  }
  return lines
}
