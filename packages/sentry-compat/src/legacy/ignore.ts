import { readFile } from 'node:fs/promises'
import type { IncludeEntry } from '../options.ts'

/** Whether a path below the scanned folder is left out. */
export type IsIgnored = (path: string) => boolean

interface Rule {
  matches(path: string): boolean
  /** Whether it takes back what an earlier rule left out. */
  isNegated: boolean
}

/** Lines in the syntax of `.gitignore`; those of `ignore` go over those of the file. */
export async function readIgnored({ ignore, ignoreFile }: IncludeEntry): Promise<IsIgnored> {
  const fileLines = ignoreFile ? (await readFile(ignoreFile, 'utf8')).split(/\r?\n/) : []
  const lines = [...fileLines, ...(ignore === undefined ? (ignoreFile ? [] : ['node_modules']) : [ignore].flat())]
  const { createMatcher } = await import('@mapseal/core/globs')
  const rules = lines.flatMap(line => ruleOf(line, createMatcher))
  // The last line that matches decides.
  rules.reverse()
  return path => rules.find(rule => rule.matches(path))?.isNegated === false
}

function ruleOf(line: string, createMatcher: (patterns: string[]) => (path: string) => boolean): Rule[] {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return []
  const isNegated = text.startsWith('!')
  const pattern = text.slice(isNegated ? 1 : 0).replace(/^\.\//, '/')
  const path = pattern.replace(/^\/|\/$/g, '')
  // A slash that is not at the end ties a pattern to the folder.
  const isTied = pattern.slice(0, -1).includes('/')
  const whole = isTied ? path : `**/${path}`
  return [{ matches: createMatcher(pattern.endsWith('/') ? [`${whole}/**`] : [whole, `${whole}/**`]), isNegated }]
}
